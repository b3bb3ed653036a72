// The runs of retention that went before, newest first.
import {html, useState} from '../vendor/preact.js';
import {api, count, duration, useLoad} from '../lib/core.js';
import {Button, Bytes, Failure, Loaded, Time} from '../lib/ui.js';
import {State} from './parts.js';
import {RUN_STATES} from './words.js';

const PAGE = 20;
const CAUSES = {schedule: 'by schedule', request: 'on request'};

export function Runs({newest}) {
  const [limit, setLimit] = useState(PAGE);
  const loaded = useLoad(`runs ${limit} ${newest}`, signal => api('system/retention/runs', {signal, params: {limit}}));
  const [kept, keep] = useState(null);
  if (loaded.data && loaded.data !== kept) keep(loaded.data);
  const runs = (loaded.data ?? kept)?.runs;
  return html`<section class="card" aria-labelledby="runs"><h2 id="runs">Runs</h2>
    ${!runs ? html`<${Loaded} of=${loaded}>${() => null}</${Loaded}>` : runs.length === 0 ? html`<p
      class="quiet">There was no run yet.</p>` : html`
    <div class="scroll-x" role="region" tabindex="0" aria-label="Runs of retention"><table>
      <thead><tr><th scope="col">Began</th><th scope="col">Outcome</th><th scope="col">Cause</th>
        <th scope="col">Server</th><th scope="col" class="number">Took</th>
        <th scope="col" class="number">Sessions</th><th scope="col" class="number">Rows</th>
        <th scope="col" class="number">Bodies</th><th scope="col">Archive, or what went wrong</th></tr></thead>
      <tbody>${runs.map(run => {
        const [icon, words, kind] = RUN_STATES[run.state] ?? ['help', run.state, 'pending'];
        return html`<tr key=${run.run_id}><th scope="row" title=${run.run_id}><${Time} us=${run.started_at_us} /></th>
          <td><${State} icon=${icon} kind=${kind}>${words}</${State}></td>
          <td class="nowrap">${CAUSES[run.cause] ?? run.cause}</td><td class="nowrap">${run.server}</td>
            <td class="number">${run.finished_at_us === null ? '–' : duration((run.finished_at_us - run.started_at_us) / 1_000)}</td>
          <td class="number">${count(run.sessions_deleted)}</td><td class="number">${count(run.rows_deleted)}</td>
            <td class="number"><${Bytes} value=${run.bytes_deleted} /></td>
          <td class="wide">${run.error ?? (run.archive ? html`<code>${run.archive}</code>` : '–')}</td></tr>`;
      })}</tbody></table></div>`}
    ${loaded.error && html`<${Failure} error=${loaded.error} retry=${loaded.reload} />`}
    ${runs?.length === limit && limit < 200 && html`<p>
      <${Button} kind="quiet" icon="down" onClick=${() => setLimit(Math.min(200, limit * 3))}>Show older runs</${Button}></p>`}
  </section>`;
}

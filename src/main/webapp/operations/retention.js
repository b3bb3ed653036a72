// Retention: what may be kept, what a run would delete, a run as it goes, and those that went before.
import {html, useEffect, useState} from '../vendor/preact.js';
import {api, bytes, count, href, plural, useLoad} from '../lib/core.js';
import {Age, Button, Bytes, Icon, Loaded, Loading, Time, say} from '../lib/ui.js';
import {Ask, Fact, State, Wrong, usePolled} from './parts.js';
import {Runs} from './runs.js';
import {RUN_STATES, policyWords, reasonWords, runPart} from './words.js';

const EVERY_MS = 15_000;
const OFTEN_MS = 1_000;
const TYPES_SHOWN = 8;

export function Retention() {
  const overview = usePolled('retention', signal => api('system/retention', {signal}), EVERY_MS);
  const [asks, setAsks] = useState(false);
  const [expected, setExpected] = useState(null);
  const [begun, setBegun] = useState(null);
  const last = overview.data?.last_run;
  const followed = begun ?? (last?.state === 'running' ? last.run_id : null);
  return html`<div class="stack"><${Loaded} of=${overview}>${data => html`
    <${Policy} data=${data} />
    <section class="card" aria-labelledby="now"><div class="spread"><h2 id="now">What a run would delete now</h2>
      <${Button} icon="search" onClick=${() => setAsks(true)}>Preview a run</${Button}></div>
      <${Numbers} preview=${data.preview} />
      <${Due} at=${data.next_due_at_us} /></section>
    ${followed && html`<${Running} key=${followed} id=${followed}
      expected=${expected ?? (last?.run_id === followed ? last.sessions_deleted + data.preview.sessions : null)} onEnd=${overview.reload} />`}
    <${Runs} newest=${last ? `${last.run_id} ${last.state}` : ''} />
    ${asks && html`<${Preview} onClose=${() => setAsks(false)} onBegun=${(run, preview) => {
      setAsks(false);
      setExpected(preview.sessions);
      setBegun(run.run_id);
      overview.reload();
    }} archive=${data.policy.HISTORY_RETENTION_ARCHIVE_DIRECTORY.value} />`}`}</${Loaded}></div>`;
}

const Policy = ({data}) => html`<section class="card" aria-labelledby="policy"><h2 id="policy">What is kept</h2>
  ${policyWords(data.policy).map(sentence => html`<p key=${sentence}>${sentence}</p>`)}
  <p class="quiet"><a href=${href(['configuration'], {find: 'retention'})}>Settings of retention</a>,
    ${' '}<a href=${href(['configuration'], {key: 'ORPHANED_SESSION_TIMEOUT_MINUTES'})}>of silent agents</a>,
    ${' '}<a href="docs/retention.md">how retention works</a>.
    ${data.lease_holder && ` Retention runs on ${data.lease_holder}.`}</p></section>`;

const Due = ({at}) => at === null ? html`<p class="quiet">No run is due, since nothing is ever deleted.</p>`
  : html`<p class="quiet">The next run is due <${Age} us=${at} />, at <${Time} us=${at} />.</p>`;

/** What would go, in numbers. */
function Numbers({preview}) {
  if (preview.sessions === 0) return html`<p>Nothing: no session is old enough, and nothing is over a limit.</p>`;
  const about = preview.is_estimate ? 'at least ' : '';
  return html`<dl class="facts">
    <${Fact} name="Sessions"><strong>${about}${count(preview.sessions)}</strong></${Fact}>
    <${Fact} name="Rows">${about}${count(preview.rows)}</${Fact}>
    <${Fact} name="Bodies">${about}<${Bytes} value=${preview.bytes} /></${Fact}>
    <${Fact} name="Oldest ended"><${Time} us=${preview.oldest_completed_at_us} /></${Fact}>
    <${Fact} name="Newest ended"><${Time} us=${preview.newest_completed_at_us} /></${Fact}>
    <${Fact} name="Why">${reasonWords(preview.reasons).join(', ')}</${Fact}></dl>`;
}

/** Looks before anything is deleted, names the numbers and asks. */
function Preview({onClose, onBegun, archive}) {
  const loaded = useLoad('dry run', signal =>
    api('system/retention/runs', {method: 'POST', params: {dry_run: true}, signal}));
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState(null);
  const preview = loaded.data;
  const begin = async () => {
    setBusy(true);
    try {
      onBegun(await api('system/retention/runs', {method: 'POST'}), preview);
    } catch (refused) {
      setError(refused);
      setBusy(false);
    }
  };
  const about = preview?.is_estimate ? 'at least ' : '';
  return html`<${Ask} title="A run of retention" danger busy=${busy} onNo=${onClose} onYes=${begin}
    yes=${preview?.sessions > 0 && `Delete ${about}${plural(preview.sessions, 'session')}`}>
    <${Loaded} of=${loaded} what="Looking at what would go">${() => html`
      ${preview.sessions > 0 && html`<p>
        <strong>A run would now delete ${about}${plural(preview.sessions, 'session')}:
        ${` ${about}${plural(preview.rows, 'row')}, ${bytes(preview.bytes)} of bodies.`}</strong>
        ${archive ? html` They are written to <code>${archive}</code> before.` : ' They are not archived and cannot be brought back.'}
        ${' '}Sessions that run or are held stay.</p>`}
      <${Numbers} preview=${preview} />
      ${preview.is_estimate && html`<p class="quiet">Counting was stopped at ${plural(preview.sessions, 'session')}; a run goes on behind them.</p>`}
      ${preview.sessions > 0 && html`<h3>By alert type</h3><ul class="types">
        ${preview.by_alert_type.slice(0, TYPES_SHOWN).map(type => html`<li
          key=${type.alert_type}>${type.alert_type ?? 'no alert type'}: ${count(type.sessions)}</li>`)}</ul>
        ${preview.by_alert_type.length > TYPES_SHOWN && html`<p class="quiet">and others</p>`}`}`}</${Loaded}>
    <${Wrong} error=${error} /></${Ask}>`;
}

/** A run as it goes, and how it ended. */
function Running({id, expected, onEnd}) {
  const [ended, setEnded] = useState(false);
  const path = `system/retention/runs/${encodeURIComponent(id)}`;
  const loaded = usePolled(path, signal => api(path, {signal}), ended ? null : OFTEN_MS);
  const [asked, setAsked] = useState(false);
  const [error, setError] = useState(null);
  const run = loaded.data;
  useEffect(() => {
    if (run && run.state !== 'running') {
      setEnded(true);
      onEnd();
    }
  }, [run?.state]);
  const stop = async () => {
    setAsked(true);
    try {
      await api(path, {method: 'DELETE'});
      say('The run pauses once the session at hand is gone.');
    } catch (refused) {
      setError(refused);
      setAsked(false);
    }
  };
  if (!run) return html`<${Loading} what="Looking at the run" />`;
  const [icon, words, kind] = RUN_STATES[run.state] ?? ['help', run.state, 'pending'];
  const part = runPart(run, expected);
  return html`<section class="card" aria-labelledby="run"><div class="spread"><h2 id="run">This run</h2>
    <${State} icon=${icon} kind=${kind}>${words}</${State}></div>
    ${run.state === 'running' && html`<p><progress max="1" value=${part} aria-label="Sessions deleted by this run">
      </progress></p>`}
    <p role="status">${plural(run.sessions_deleted, 'session')}${expected ? ` of ${count(expected)}` : ''},
      ${` ${plural(run.rows_deleted, 'row')} and ${bytes(run.bytes_deleted)} of bodies are deleted.`}
      ${run.state === 'paused' && ' It was paused; the next run goes on.'}</p>
    ${run.error && html`<p class="outcome bad"><${Icon} name="alert" /> <span>${run.error}</span></p>`}
    ${run.archive && html`<p class="quiet">Archive: <code>${run.archive}</code></p>`}
    ${run.state === 'running' && html`<${Button} icon="pause" disabled=${asked}
      onClick=${stop}>${asked ? 'It pauses…' : 'Pause this run'}</${Button}>`}
    <${Wrong} error=${error} /></section>`;
}

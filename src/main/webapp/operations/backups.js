// Backups of the SQLite file: those that are there, and one more.
import {html, useEffect, useState} from '../vendor/preact.js';
import {api, bytes, count, duration, href, plural, useLoad} from '../lib/core.js';
import {Age, Button, Bytes, Copy, Failure, Loading, Time} from '../lib/ui.js';
import {Outcome, Wrong, useAct} from './parts.js';

export function Backups() {
  const loaded = useLoad('backups', signal => api('system/backups', {signal}));
  const {data, error} = loaded;
  if (error?.status === 409) return html`<${Elsewhere} error=${error} />`;
  if (!data) return error ? html`<${Failure} error=${error} retry=${loaded.reload} />` : html`<${Loading} />`;
  return html`<${Here} data=${data} reload=${loaded.reload} />`;
}

const DUMP = 'pg_dump --format=custom --file=history.dump "$HISTORY_DATABASE_URL"';

/** This program makes none: what to do in its place. */
const Elsewhere = ({error}) => html`<section class="card" aria-labelledby="elsewhere"><h2 id="elsewhere">Backups are not made here</h2>
  <p>${error.message}</p>
  ${error.message.includes('PostgreSQL') && html`<p>Use PostgreSQL’s own tools, while the server runs:</p>
    <div class="row"><pre class="code grow">${DUMP}</pre><${Copy} text=${DUMP} label="Copy the command" /></div>
    <p>For a point in time, archive its log (<code>archive_mode</code>, <code>pg_basebackup</code>). Try a restore before you need one.</p>`}
  <p><a href="docs/databases.md">How each database is backed up and restored</a></p></section>`;

function Here({data, reload}) {
  const config = useLoad('backup settings', signal => api('system/config', {signal}));
  const made = useAct(async signal => {
    const backup = await api('system/backups', {method: 'POST', signal});
    reload();
    return backup;
  });
  const valueOf = key => config.data?.settings.find(setting => setting.key === key)?.value;
  const hours = Number(valueOf('HISTORY_BACKUP_INTERVAL_HOURS') ?? 0);
  return html`<div class="stack"><section class="card" aria-labelledby="make"><div class="spread"><h2 id="make">Make a backup</h2>
      <${Button} kind="primary" icon="download" disabled=${made.busy} onClick=${made.act}>${made.busy ? 'Making a backup…' : 'Make a backup'}</${Button}></div>
    <p>A backup is the whole database as of one moment, in one file that is checked for damage. Agents write meanwhile.</p>
    <div aria-live="polite">${made.busy && html`<${Making} />`}
      ${made.done && html`<${Outcome}>Made: <code>${made.done.name}</code>, ${bytes(made.done.bytes)}.</${Outcome}>`}<${Wrong} error=${made.error} /></div>
    ${config.data && html`<p class="quiet">${hours > 0 ? `The server makes one every ${plural(hours, 'hour')} by itself.` : 'The server makes none by itself.'}
      ${' '}The newest ${valueOf('HISTORY_BACKUP_KEEP')} are kept. <a href=${href(['configuration'], {find: 'BACKUP'})}>Settings of backups</a></p>`}</section>
    <section class="card" aria-labelledby="there"><h2 id="there">Backups that are there <span class="pill">${count(data.backups.length)}</span></h2>
      <p class="quiet">In <code>${data.directory}</code>. Copy them to another disk. <a href="docs/databases.md">How one is restored</a></p>
      ${data.backups.length === 0 ? html`<p>There is none.</p>` : html`<div class="scroll-x" role="region" tabindex="0" aria-label="Backups"><table>
        <thead><tr><th scope="col">File</th><th scope="col" class="number">Size</th><th scope="col">Made</th><th scope="col">Age</th></tr></thead>
        <tbody>${data.backups.map(backup => html`<tr key=${backup.name}><th scope="row"><code>${backup.name}</code></th><td class="number"><${Bytes} value=${backup.bytes} /></td>
          <td><${Time} us=${backup.created_at_us} /></td><td><${Age} us=${backup.created_at_us} /></td></tr>`)}</tbody></table></div>`}</section></div>`;
}

/** How long it has been going on; the server says nothing before it is done. */
function Making() {
  const [begun] = useState(Date.now());
  const [, tick] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => tick(n => n + 1), 1_000);
    return () => clearInterval(timer);
  }, []);
  return html`<p><progress aria-label="Making a backup"></progress> <span class="quiet" aria-hidden="true">${duration(Date.now() - begun)}</span></p>`;
}

// Backups of the SQLite file: those that are there, and one more.
import {html, useEffect, useState} from '../vendor/preact.js';
import {api, bytes, count, duration, href, plural, useLoad} from '../lib/core.js';
import {Age, Button, Bytes, Copy, Loaded, Time} from '../lib/ui.js';
import {Outcome, Wrong, useAct} from './parts.js';
import {noBackups} from './words.js';

export function Backups() {
  // what cannot be is not asked for, since a refusal would stand in the browser's log
  const known = useLoad('backup settings', async signal => {
    const [info, config] = await Promise.all([api('system/info', {signal}), api('system/config', {signal})]);
    const valueOf = key => config.settings.find(setting => setting.key === key)?.value ?? null;
    return {
      elsewhere: noBackups(info.database, valueOf('HISTORY_BACKUP_DIRECTORY')),
      place: info.database?.location ?? '',
      hours: Number(valueOf('HISTORY_BACKUP_INTERVAL_HOURS') ?? 0),
      keep: valueOf('HISTORY_BACKUP_KEEP'),
    };
  });
  return html`<${Loaded} of=${known}>${settings => settings.elsewhere ? html`<${Elsewhere}
    reason=${settings.elsewhere} place=${settings.place} />` : html`<${Here} settings=${settings} />`}</${Loaded}>`;
}

const dumpOf = place => {
  const [, host = 'localhost', port = '5432', name = 'tarsy'] = /^(.*):(\d+)\/(.*)$/.exec(place) ?? [];
  return `pg_dump --format=custom --file=history.dump --host=${host} --port=${port} --dbname=${name}`;
};

/** This program makes none: what to do in its place. */
const Elsewhere = ({reason, place}) => html`<section class="card" aria-labelledby="elsewhere">
  <h2 id="elsewhere">No backups are made here</h2>
  <p>${reason.words}</p>
  ${reason.type === 'postgresql' && html`<p>Use PostgreSQL’s own tools, while the server runs:</p>
    <div class="row"><pre class="code grow">${dumpOf(place)}</pre>
      <${Copy} text=${dumpOf(place)} label="Copy the command" /></div>
    <p>To go back to any moment, archive its log (<code>archive_mode</code>, <code>pg_basebackup</code>). Try a restore before you need one.</p>`}
  <p><a href="docs/databases.md">How each database is backed up and restored</a></p></section>`;

function Here({settings}) {
  const loaded = useLoad('backups', signal => api('system/backups', {signal}));
  const made = useAct(async signal => {
    const backup = await api('system/backups', {method: 'POST', signal});
    loaded.reload();
    return backup;
  });
  return html`<div class="stack"><section class="card" aria-labelledby="make"><div class="spread">
    <h2 id="make">One more</h2>
      <${Button} kind="primary" icon="download" disabled=${made.busy}
        onClick=${made.act}>${made.busy ? 'Making a backup…' : 'Make a backup'}</${Button}></div>
    <p>A backup is the whole database as of one moment, in one file that is checked for damage. Agents write meanwhile.</p>
    <div aria-live="polite">${made.busy && html`<${Making} />`}
      ${made.done && html`<${Outcome}>Made: <code>
        ${made.done.name}</code>, ${bytes(made.done.bytes)}.</${Outcome}>`}<${Wrong} error=${made.error} /></div>
    <p class="quiet">${settings.hours > 0 ? `The server makes one every ${plural(settings.hours, 'hour')} by itself.` : 'The server makes none by itself.'}
      ${' '}The newest ${settings.keep} are kept. <a
        href=${href(['configuration'], {find: 'BACKUP'})}>Settings of backups</a></p></section>
    <${Loaded} of=${loaded}>${data => html`<section class="card" aria-labelledby="there">
      <h2 id="there">Backups <span class="pill">${count(data.backups.length)}</span></h2>
      <p class="quiet">In <code>${data.directory}</code>. Copy them to another disk. <a
        href="docs/databases.md">How one is restored</a></p>
      ${data.backups.length === 0 ? html`<p>There is none.</p>` : html`<div class="scroll-x" role="region"
        tabindex="0" aria-label="Backups: table"><table>
        <thead><tr><th scope="col">File</th><th scope="col" class="number">Size</th><th scope="col">Made</th>
          <th scope="col">Age</th></tr></thead>
        <tbody>${data.backups.map(backup => html`<tr key=${backup.name}><th scope="row"><code>${backup.name}</code>
          </th><td class="number"><${Bytes} value=${backup.bytes} /></td>
          <td><${Time} us=${backup.created_at_us} /></td><td><${Age} us=${backup.created_at_us} /></td>
            </tr>`)}</tbody></table></div>`}</section>`}</${Loaded}></div>`;
}

/** How long it has been going on; the server says nothing before it is done. */
function Making() {
  const [begun] = useState(Date.now());
  const [, tick] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => tick(n => n + 1), 1_000);
    return () => clearInterval(timer);
  }, []);
  return html`<p><progress aria-label="Making a backup"></progress> <span class="quiet" aria-hidden="true">
    ${duration(Date.now() - begun)}</span></p>`;
}

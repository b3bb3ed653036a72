// The database: which it is, how it is, how it is used right now, and who uses it.
import {html, useMemo} from '../vendor/preact.js';
import {api, bytes, clock, count, plural, preferences, store, useStore} from '../lib/core.js';
import {Chart} from '../lib/chart.js';
import {Bytes, Icon, Loaded} from '../lib/ui.js';
import {Fact, State, usePolled} from './parts.js';
import {Servers} from './servers.js';
import {CountsState, SearchState} from './upkeep.js';
import {KEPT_US, remember} from './words.js';

const EVERY_MS = 2_000;

/** What was seen of pool and queue in the last five minutes, kept while the page is open. */
const samples = store([]);

const STATES = {
  starting: ['pending', 'pending', 'Starting'],
  ready: ['check', 'completed', 'Ready'],
  away: ['alert', 'failed', 'Away'],
  failed: ['cross', 'failed', 'Failed'],
  disabled: ['ban', 'pending', 'Switched off'],
};

export function Database() {
  const loaded = usePolled('database', async signal => {
    const report = await api('system/database', {signal});
    samples.set(before => remember(before, {at: Date.now() * 1_000, pool: report.pool, queue: report.write_queue}));
    return report;
  }, EVERY_MS);
  return html`<${Loaded} of=${loaded}>${report => html`<${Report} report=${report} />`}</${Loaded}>`;
}

function Report({report}) {
  const {size} = report;
  return html`<div class="stack">
    ${report.problem && html`<p class="note bad" role="alert"><${Icon} name="alert" /> <span>
      ${report.problem} What only the database knows is missing below.</span></p>`}
    <${Facts} report=${report} />
    <${Use} report=${report} />
    ${size && report.state === 'ready' && html`<div class="pair tables"><${Tables} tables=${size.tables} />
      <div class="stack"><${SearchState} /><${CountsState} /></div></div>`}
    ${report.servers && html`<${Servers} servers=${report.servers} />`}
  </div>`;
}

function Facts({report}) {
  const {schema, size, connections, spool} = report;
  const [icon, kind, words] = STATES[report.state] ?? ['help', 'pending', report.state];
  return html`<section class="card" aria-labelledby="facts"><div class="spread"><h2 id="facts">
    ${report.type === 'postgresql' ? 'PostgreSQL' : report.type === 'sqlite' ? 'SQLite' : report.type}</h2>
    <${State} icon=${icon} kind=${kind}>${words}</${State}></div>
    <p class="quiet">${report.reason}</p>
    <dl class="facts">
      <${Fact} name="Place"><code>${report.location}</code></${Fact}>
      <${Fact} name="Version">${report.server_version}</${Fact}>
      <${Fact} name="Schema">${schema.version ?? '–'}${schema.pending?.length ? html`, <strong>
        ${plural(schema.pending.length, 'migration')} pending</strong>: ${schema.pending.join(', ')}` : schema.pending ? ', up to date' : ''}
        ${schema.failed?.length > 0 && html`, <strong>failed: ${schema.failed.join(', ')}</strong>`}
        ${schema.unknown?.length > 0 && html`, <strong>of a newer version: ${schema.unknown.join(', ')}</strong>`}</${Fact}>
      <${Fact} name="Migration">${schema.migration_mode}</${Fact}>
      ${size && html`<${SizeFacts} size=${size} />`}
      ${connections && html`<${Fact} name="Connections of the database">
        ${count(connections.used)} of ${count(connections.max)}, ${count(connections.reserved)} reserved</${Fact}>`}
      <${Fact} name="Spool">${spool.enabled
        ? `${plural(spool.depth, 'write')} waiting, ${bytes(spool.bytes)}; ${count(spool.rejected)} refused` : 'switched off'}</${Fact}>
    </dl></section>`;
}

const SizeFacts = ({size}) => html`<${Fact} name="Size"><${Bytes} value=${size.bytes} /></${Fact}>
  ${size.free_bytes !== null && html`<${Fact} name="Free inside the file"><${Bytes} value=${size.free_bytes} /></${Fact}>`}
  <${Fact} name="Write-ahead log">${size.wal_bytes === null ? 'not told to this user' : html`<${Bytes} value=${size.wal_bytes} />`}
    ${size.wal_limit_bytes !== null && `, cut back to ${bytes(size.wal_limit_bytes)}`}</${Fact}>
  ${size.dead_rows !== null && html`<${Fact} name="Dead rows">${count(size.dead_rows)}</${Fact}>`}`;

function Use({report}) {
  const seen = useStore(samples);
  const zone = useStore(preferences, value => value.zone);
  const {pool, write_queue: queue} = report;
  const now = seen.at(-1)?.at ?? 0;
  const points = useMemo(() => seen.map(({at}) => ({from: at, to: at})), [seen]);
  const lines = useMemo(() => {
    const values = (part, name) => seen.map(one => one[part]?.[name] ?? null);
    return {
      pool: [
        {id: 'idle', name: 'Idle', color: 'edge', mark: 'solid', values: values('pool', 'idle')},
        {id: 'waiting', name: 'Waiting for one', color: 'bad', mark: 'dashed', values: values('pool', 'waiting')},
        {id: 'in_use', name: 'In use', color: 'run', mark: 'solid', values: values('pool', 'in_use')},
      ],
      queue: [{id: 'depth', name: 'Waiting to write', color: 'run', mark: 'solid', values: values('queue', 'depth')}],
    };
  }, [seen]);
  const common = {
    points, span: {from: now - KEPT_US, to: now}, level: 2, class: 'small',
    name: point => clock(point.from, zone), nameHead: zone === 'utc' ? 'Time (UTC)' : 'Time',
    names: px => [4, 3, 2, 1].filter(minutes => px > 340 || minutes % 2 === 0)
      .map(minutes => ({at: now - minutes * 60_000_000, text: `${minutes} min ago`})),
  };
  return html`<div class="pair">
    ${pool && html`<${Chart} title="Connections of this server" series=${lines.pool}
      least=${Math.min(pool.limit, 8)} ...${common}>
      <span class="quiet">${count(pool.in_use)} of ${count(pool.limit)} in use, ${count(pool.waiting)} waiting
        ${pool.timeouts > 0 && html`, <strong>${plural(pool.timeouts, 'time-out')}</strong>`}</span></${Chart}>`}
    ${queue ? html`<${Chart} title="Queue of writes" series=${lines.queue} least=${4} ...${common}>
      <span class="quiet">${count(queue.depth)} of ${count(queue.limit)}, at most ${queue.wait_limit_ms / 1_000} s</span></${Chart}>`
      : report.type === 'postgresql' && html`<section class="card"><h2>Queue of writes</h2>
        <p class="quiet">There is none: PostgreSQL takes many writes at once.</p></section>`}
  </div>`;
}

function Tables({tables}) {
  const most = Math.max(1, ...tables.map(table => table.bytes ?? 0));
  const dead = tables.some(table => table.dead_rows !== null);
  return html`<section class="card" aria-labelledby="tables"><h2 id="tables">Tables</h2>
    <div class="scroll-x" role="region" tabindex="0" aria-label="Tables and their sizes"><table>
      <thead><tr><th scope="col">Table</th><th scope="col" class="bars"><span class="visually-hidden">Bar</span></th>
        <th scope="col" class="number">Size</th><th scope="col" class="number">Rows, about</th>
        ${dead && html`<th scope="col" class="number">Dead rows</th>`}</tr></thead>
      <tbody>${tables.map(table => html`<tr key=${table.name}><th scope="row"><code>${table.name}</code></th>
        <td class="bars"><span class="meter" aria-hidden="true">
          <span style=${{width: `${(table.bytes ?? 0) / most * 100}%`}}></span></span></td>
        <td class="number">${bytes(table.bytes)}</td><td class="number">${count(table.rows_estimate)}</td>
          ${dead && html`<td class="number">${count(table.dead_rows)}</td>`}</tr>`)}</tbody></table></div>
    ${tables.every(table => table.bytes === null) && html`<p
      class="quiet">The sizes of tables are told up to a file of 100 MiB, since finding them out reads every page.</p>`}</section>`;
}

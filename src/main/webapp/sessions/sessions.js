// The sessions: what runs now, and every session by filter and word. One file, since the first load needs all of it;
// what is needed seldom, such as dialogs and what is done to many sessions, comes from files of its own.
import {Component, html, useEffect, useLayoutEffect, useRef, useState} from '../vendor/preact.js';
import {ApiError, amend, api, apiUrl, attempt, count, href, plain, plural, prefer, preferences, store, time, useLive, useLoad,
  useStore} from '../lib/core.js';
import {Age, Button, Dialog, Duration, Failure, Icon, Loading, Menu, Snippet, Status, Title, Tokens, Windowed, isRunning,
  statusName, useKeys} from '../lib/ui.js';

// ---------------------------------------------------------------- what can be asked

const FILTERS = {status: 'Status', alert_type: 'Alert type', agent_type: 'Agent type', chain_id: 'Chain'};
const PARAMETERS = [...Object.keys(FILTERS), 'search', 'range', 'from', 'to', 'sort', 'order'];
const RANGES = {'1h': 'Last hour', '4h': 'Last 4 hours', 'today': 'Today', '7d': 'Last 7 days', '30d': 'Last 30 days'};
const HOURS = {'1h': 1, '4h': 4, '7d': 168, '30d': 720};
const SORTS = {
  started_at_us: 'Started', completed_at_us: 'Completed', duration_ms: 'Duration', session_total_tokens: 'Tokens',
  status: 'Status', alert_type: 'Alert type', agent_type: 'Agent type',
};
const NUMERIC = /_us$|_ms$|_tokens$/;
const RUNNING = ['pending', 'in_progress', 'paused', 'canceling'];
const BUILT_IN = [
  {name: 'All sessions', query: ''},
  {name: 'Running now', query: RUNNING.map(status => `status=${status}`).join('&')},
  {name: 'Failed in the last 7 days', query: 'status=failed&status=timed_out&range=7d'},
];
const NARROW = matchMedia('(max-width: 60rem)');

/** The part of the URL that says which sessions, always written the same way. */
function queryOf(params) {
  const query = new URLSearchParams();
  for (const name of PARAMETERS) for (const value of params.getAll(name)) if (value.trim()) query.append(name, value.trim());
  return query.toString();
}

const orderOf = params => {
  const sort = SORTS[params.get('sort')] ? params.get('sort') : 'started_at_us';
  const usual = NUMERIC.test(sort) ? 'desc' : 'asc';
  return {sort_by: sort, sort_order: /^(asc|desc)$/.test(params.get('order')) ? params.get('order') : usual};
};

/** A point in time of the URL: microseconds, or anything that says its zone. */
const pointOf = text => !text ? null : /^\d+$/.test(text) ? Number(text) : Date.parse(text) * 1000 || null;

/** What the API is asked for; a range that moves is counted from now. */
function filtersOf(params, zone) {
  const asked = {start_date_us: pointOf(params.get('from')), end_date_us: pointOf(params.get('to'))};
  for (const name of Object.keys(FILTERS)) asked[name] = params.getAll(name);
  const search = params.get('search')?.trim();
  asked.search = search && !refusal(search) ? search : null;
  const range = params.get('range');
  if (HOURS[range]) {
    asked.start_date_us = (Date.now() - HOURS[range] * 3_600_000) * 1000;
  } else if (range === 'today') {
    asked.start_date_us = (zone === 'utc' ? new Date().setUTCHours(0, 0, 0, 0) : new Date().setHours(0, 0, 0, 0)) * 1000;
  }
  return asked;
}

/** Why a search cannot be asked, as the API would say; null if it can. */
function refusal(text) {
  const shortest = /\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Hangul}/u.test(text) ? 2 : 3;
  const length = [...text].length;
  if (length < shortest || length > 200) return 'A search has 3 to 200 characters.';
  return /[\p{L}\p{N}]/u.test(text) ? null : 'There is no letter and no digit to look for.';
}

// ---------------------------------------------------------------- a list, as far as it was loaded

const PAGE = 100;
const RECENT = 50;
const REFRESH_MS = 1_500;
const AT_ONCE = 6;
const STALE_MS = 300_000;
const lists = new Map();

/** The list of a query; the last few are kept, so that the way back from a session finds it as it was. */
function listOf(key, ask) {
  const list = lists.get(key) ?? new List(key, ask);
  lists.delete(key);
  lists.set(key, list);
  if (lists.size > 3) lists.delete(lists.keys().next().value);
  return list;
}

const newestFirst = (one, other) => other.started_at_us - one.started_at_us || (other.session_id > one.session_id ? 1 : -1);

class List {
  constructor(key, ask) {
    Object.assign(this, {
      key, ask, asked: null, rows: [], next: null, total: null, isEstimate: false, caveats: null, error: null, busy: false,
      loadedAt: 0, refreshedAt: 0, due: 0, top: 0, heights: new Map(), picked: new Set(), anchor: null, at: null,
      created: new Set(), touched: new Set(), isStale: false, fresh: new Map(), hasGap: false, newest: null,
      isAtTop: () => false, changed: store(0),
    });
  }

  tell() {
    this.changed.set(n => n + 1);
  }

  get isNewestFirst() {
    return this.asked?.sort_by === 'started_at_us' && this.asked.sort_order === 'desc';
  }

  find(id) {
    return this.rows.findIndex(row => row.session_id === id);
  }

  begin() {
    if (!this.loadedAt || (Date.now() - this.loadedAt > STALE_MS && !history.state?.kept)) this.load();
    else this.hear([{type: 'reset'}]);
  }

  stop() {
    this.aborter?.abort();
    this.isAtTop = () => false;
    clearTimeout(this.due);
    this.due = 0;
  }

  /** Loads the first page, or the next one. */
  async load(more = false) {
    if (this.busy || (more && !this.next)) return;
    Object.assign(this, {busy: true, error: null, aborter: new AbortController(), failedMore: more});
    if (!more) this.asked = this.ask();
    this.tell();
    try {
      const page = await api('history/sessions', {
        params: {...this.asked, page_size: PAGE, cursor: more ? this.next : null}, signal: this.aborter.signal,
      });
      const known = more ? new Set(this.rows.map(row => row.session_id)) : new Set();
      const loaded = page.sessions.filter(row => !known.has(row.session_id));
      if (more) {
        this.rows.push(...loaded);
      } else {
        Object.assign(this, {rows: loaded, loadedAt: Date.now(), hasGap: false});
        for (const set of [this.fresh, this.created, this.touched]) set.clear();
        this.picked = new Set(loaded.map(row => row.session_id).filter(id => this.picked.has(id)));
      }
      this.next = page.pagination.next_cursor;
      this.count(page);
    } catch (error) {
      if (error.name !== 'AbortError') this.error = error;
    }
    this.busy = false;
    this.tell();
  }

  count({pagination, search}) {
    this.total = pagination.total_items;
    this.isEstimate = pagination.total_is_estimate === true;
    this.caveats = search ?? null;
  }

  /** What was said to have failed while the server was away is tried again. */
  retry() {
    if (this.error?.kind === 'away') this.load(this.failedMore);
  }

  /** Takes in what happened; what is not known of it is asked for once in a while. */
  hear(events) {
    for (const {type, session_id: id} of events) {
      const isKnown = type !== 'reset' && this.find(id) >= 0;
      if (type === 'session_created') this.created.add(id);
      if (/reset|created|status|deleted/.test(type)) this.isStale = true;
      if (type === 'session_deleted') this.fresh.delete(id);
      if (isKnown && type === 'session_deleted') this.patch(id, {deleted: true});
      else if (isKnown) this.touched.add(id);
      if (type === 'reset') this.rows.filter(row => isRunning(row.status)).slice(0, 50).forEach(row => this.touched.add(row.session_id));
    }
    if (this.isStale || this.touched.size) {
      this.due ||= setTimeout(() => this.refresh(), Math.max(0, this.refreshedAt + REFRESH_MS - Date.now()));
    }
    this.tell();
  }

  patch(id, change) {
    const at = this.find(id);
    if (at >= 0) this.rows[at] = {...this.rows[at], ...change};
  }

  async refresh() {
    this.due = 0;
    if (!this.loadedAt || this.busy) return;
    this.refreshedAt = Date.now();
    const touched = [...this.touched];
    const isStale = this.isStale;
    this.touched.clear();
    this.isStale = false;
    const seen = new Set();
    const look = async params => {
      const page = await api('history/sessions', {params});
      for (const row of page.sessions) {
        seen.add(row.session_id);
        this.patch(row.session_id, row);
      }
      return page;
    };
    const missing = () => touched.filter(id => !seen.has(id) && this.find(id) >= 0);
    try {
      if (isStale) {
        const page = await look({...this.asked, sort_by: 'started_at_us', sort_order: 'desc', page_size: RECENT});
        this.count(page);
        this.meet(page.sessions);
      }
      // most that change are running: all of them in one request, and those that ended one by one
      if (missing().length > 2) await look({status: RUNNING, page_size: 250});
      for (const id of missing().slice(0, AT_ONCE)) {
        const start = this.rows[this.find(id)].started_at_us;
        await look({start_date_us: start, end_date_us: start + 1, page_size: 250});
        if (!seen.has(id)) this.patch(id, {deleted: true});
      }
    } catch (error) {
      if (!(error instanceof ApiError)) console.error(error);
      this.isStale = isStale;
    }
    for (const id of missing()) if (!this.rows[this.find(id)].deleted) this.touched.add(id);
    this.tell();
    if (this.touched.size && !this.isStale) this.hear([]);
  }

  /** Tells new sessions from those that this list would come to by paging on. */
  meet(sessions) {
    const unknown = sessions.filter(row => this.find(row.session_id) < 0 && !this.fresh.has(row.session_id));
    if (this.isNewestFirst) {
      this.hasGap ||= this.rows.length > 0 && unknown.length === RECENT;
      const last = this.rows.at(-1);
      for (const row of unknown) if (!this.next || newestFirst(row, last) < 0) this.fresh.set(row.session_id, row);
    } else {
      for (const row of unknown) {
        if (this.created.has(row.session_id) || (this.newest && row.started_at_us > this.newest)) this.fresh.set(row.session_id, row);
      }
    }
    this.newest = Math.max(this.newest, sessions[0]?.started_at_us ?? 0);
    if (this.fresh.size && (this.isAtTop() || !this.rows.length)) this.absorb();
  }

  absorb() {
    if (!this.isNewestFirst || this.hasGap) return;
    this.rows = [...this.rows, ...this.fresh.values()].sort(newestFirst);
    this.fresh.clear();
  }

  /** Brings what is new into the list. */
  async showNew() {
    this.absorb();
    if (this.fresh.size || this.hasGap) await this.load();
    this.tell();
  }

  /** Selects a session or not; with `range` all from the one that was selected last. */
  pick(id, isPicked, range) {
    const [from, to] = [range && this.anchor !== null ? this.find(this.anchor) : -1, this.find(id)];
    const ids = from < 0 ? [id]
      : this.rows.slice(Math.min(from, to), Math.max(from, to) + 1).map(row => row.session_id);
    for (const one of ids) this.picked[isPicked ? 'add' : 'delete'](one);
    this.anchor = id;
    this.tell();
  }
}

// ---------------------------------------------------------------- parts of the view

/** A part whose file is loaded when it is first shown. */
function Later({load, of, ...rest}) {
  const [module, setModule] = useState(null);
  const [error, setError] = useState(null);
  useEffect(() => {
    load().then(setModule, setError);
  }, []);
  if (error) return html`<${Failure} error=${error} title="This part could not be loaded" />`;
  return module && html`<${module[of]} ...${rest} />`;
}

/** Something that is asked again when something happened, but not more often than that, and one at a time. */
function useReloading(loaded, everyMs, matters = () => true) {
  const state = useRef({due: 0, at: Date.now()}).current;
  state.loaded = loaded;
  const ask = () => {
    state.due = 0;
    state.at = Date.now();
    if (state.loaded.busy) plan();
    else state.loaded.reload();
  };
  const plan = () => {
    state.due ||= setTimeout(ask, Math.max(0, state.at + everyMs - Date.now()));
  };
  useLive(events => events.some(matters) && plan());
  useEffect(() => () => clearTimeout(state.due), []);
}

/** What a person knows a session by. */
export const nameOf = row => plain(row.alert_headline || row.alert_type || row.session_id);

function Step({session: {session_id: id, last_step: step}}) {
  if (!step) return html`<span class="quiet">no step yet</span>`;
  return html`<a class="clip" href=${href(['sessions', id], {at: step.interaction_id})} title=${step.name}>
    <${Icon} name=${step.type === 'llm' ? 'model' : 'tool'} label=${step.type === 'llm' ? 'LLM interaction' : 'MCP communication'} /> ${step.name}</a>
    ${step.success === false && html`<span class="bad"><${Icon} name="cross" /> failed</span>`}
    <span class="quiet number"><${Age} us=${step.timestamp_us} /></span>`;
}

const SHOWN_RUNNING = 12;
let running = null;

/** What runs now. */
function RunningNow() {
  const loaded = useLoad('active', signal => api('history/active-sessions', {signal}));
  useReloading(loaded, REFRESH_MS);
  running = loaded.data ?? running;
  if (!running && /^(refused|broken)$/.test(loaded.error?.kind)) return html`<p class="strip-none bad">What runs now could not be loaded: ${loaded.error.message}</p>`;
  if (!running) return !loaded.error && html`<p class="strip-none quiet">…</p>`;
  if (!running.length) return html`<p class="strip-none quiet">Nothing is running now.</p>`;
  return html`<section class="strip" aria-label="Running now"><div class="spread"><h2>Running now <span class="pill">${count(running.length)}</span></h2>
      ${running.length > SHOWN_RUNNING && html`<a href=${href(['sessions'], {status: RUNNING})}>All ${count(running.length)} running</a>`}</div>
    <ul>${running.slice(0, SHOWN_RUNNING).map(session => html`<li key=${session.session_id} class="card">
      <div class="meta"><${Status} value=${session.status} /><span class="clip grow quiet">${session.alert_type ?? session.agent_type}</span><${Duration} since=${session.started_at_us} /></div>
      <a class="name" href=${href(['sessions', session.session_id])} title=${nameOf(session)} dir="auto">${nameOf(session)}</a>
      <div class="meta">${session.total_stages > 0
        ? html`<span class="clip">Stage <span class="number">${(session.current_stage_index ?? 0) + 1}/${session.total_stages}</span> ${session.current_stage_name}</span>`
        : html`<span class="quiet">no stage yet</span>`}
        ${session.session_total_tokens > 0 && html`<span class="quiet"><${Tokens} value=${session.session_total_tokens} /> tokens</span>`}</div>
      <div class="meta"><${Step} session=${session} /></div>
    </li>`)}</ul></section>`;
}

/** Words to look for; asked with Enter, or after a pause of typing. */
function SearchBox({value, problem}) {
  const [text, setText] = useState(value);
  const [refused, setRefused] = useState(null);
  const field = useRef(null);
  const pause = useRef(0);
  useEffect(() => {
    if (value !== text.trim()) setText(value);
  }, [value]);
  useEffect(() => () => clearTimeout(pause.current), []);
  useKeys({'/': () => field.current.focus()});
  const ask = (words, isTyping) => {
    clearTimeout(pause.current);
    const asked = words.trim();
    const why = asked && refusal(asked);
    if (why) {
      if (!isTyping) setRefused(why);
    } else if (asked !== value) {
      amend({search: asked}, {replace: isTyping && value !== ''});
    }
  };
  const wrong = refused ?? problem ?? (value && refusal(value));
  return html`<form role="search" class="search" onSubmit=${event => {
    event.preventDefault();
    ask(text, false);
  }}><div class="field"><${Icon} name="search" /><input ref=${field} type="search" value=${text} placeholder="Search alerts, conversations, tool results, analyses" aria-label="Search sessions" maxlength="400"
      aria-invalid=${wrong ? 'true' : null} aria-describedby=${wrong ? 'search-problem' : null} onInput=${event => {
        const words = event.target.value;
        setText(words);
        setRefused(null);
        clearTimeout(pause.current);
        pause.current = setTimeout(ask, 500, words, true);
      }} /><kbd aria-hidden="true">/</kbd></div>
    <${Menu} icon="help" kind="quiet" title="How to search" align="end"><dl class="syntax">
      <dt><code>oom pod</code></dt><dd>both words stand in the session, wherever</dd>
      <dt><code>"out of memory"</code></dt><dd>this phrase stands in one text</dd>
      <dt><code>cart-7f*</code></dt><dd>a word that begins so</dd>
      <dt><code>-timeout</code></dt><dd>this word stands nowhere in it</dd></dl>
      <p class="quiet">Case and accents do not count. 3 to 200 characters.</p></${Menu}>
    ${wrong && html`<p class="bad" id="search-problem" role="alert"><${Icon} name="alert" /> ${wrong}</p>`}</form>`;
}

const SHOWN_VALUES = 8;

function Facet({name, values, picked}) {
  const [isWhole, setWhole] = useState(false);
  const known = new Set(values.map(({value}) => value));
  const listed = [...picked.filter(value => !known.has(value)).map(value => ({value, count: null})), ...values]
    .filter(({value}, at) => isWhole || at < SHOWN_VALUES || picked.includes(value));
  if (!listed.length) return null;
  return html`<fieldset><legend>${FILTERS[name]}</legend>${listed.map(({value, count: sessions}) => html`<label key=${value}>
      <input type="checkbox" checked=${picked.includes(value)} onChange=${event => amend({
        [name]: event.target.checked ? [...picked, value] : picked.filter(one => one !== value),
      })} /><span class="grow" title=${value}>${name === 'status' ? html`<${Status} value=${value} />` : value}</span><span class="quiet number">${sessions === null ? '' : count(sessions)}</span></label>`)}
    ${values.length > SHOWN_VALUES && html`<${Button} kind="quiet" onClick=${() => setWhole(!isWhole)}>${isWhole ? 'Show fewer' : `Show all ${count(values.length)}`}</${Button}>`}</fieldset>`;
}

const Facets = ({facets, params}) => html`${Object.keys(FILTERS).map(name => html`<${Facet} key=${name} name=${name} values=${facets?.facets?.[name] ?? []} picked=${params.getAll(name)} />`)}
  ${Object.keys(FILTERS).some(name => facets?.facets?.[`${name}_has_more`]) && html`<p class="quiet">Only the values of most sessions are listed.</p>`}
  ${facets?.is_estimate && html`<p class="quiet">Counts are of the newest ${plural(facets.sessions_looked_at, 'session')} only.</p>`}`;

/** What narrows the list, each removable. */
function Chips({params, zone}) {
  const chips = Object.keys(FILTERS).flatMap(name => params.getAll(name).map(value => [
    `${FILTERS[name]}: ${name === 'status' ? statusName(value) : value}`, {[name]: params.getAll(name).filter(one => one !== value)},
  ]));
  const search = params.get('search')?.trim();
  if (search && !refusal(search)) chips.push([`Search: ${search}`, {search: null}]);
  if (RANGES[params.get('range')]) chips.push([`Started: ${RANGES[params.get('range')].toLowerCase()}`, {range: null}]);
  for (const [name, word] of [['from', 'Started from'], ['to', 'Started until']]) {
    const point = pointOf(params.get(name));
    if (point !== null) chips.push([`${word} ${time(point, zone)}`, {[name]: null}]);
  }
  if (!chips.length) return null;
  return html`<ul class="chips" aria-label="Active filters">${chips.map(([words, change]) => html`<li key=${words}>
      <button type="button" class="chip" aria-label=${`Remove ${words}`} title="Remove" onClick=${() => amend(change)}><span class="clip">${words}</span><${Icon} name="close" /></button></li>`)}
    <li><${Button} kind="quiet" onClick=${clearFilters}>Clear all</${Button}></li></ul>`;
}

function clearFilters() {
  amend(Object.fromEntries([...Object.keys(FILTERS), 'search', 'range', 'from', 'to'].map(name => [name, null])));
}

const WHERE = {
  alert_type: 'alert type', agent_type: 'agent type', chain_id: 'chain', error_message: 'error', final_analysis: 'final analysis',
  alert_data: 'alert', session_metadata: 'metadata', stage_name: 'stage name', conversation: 'conversation', tool_name: 'tool name',
  tool_arguments: 'tool arguments', tool_result: 'tool result',
};

/** Where a match stands: in the alert, a stage, an interaction, or else at the top of the session. */
function placeOf({where, field}, id, find) {
  if (where === 'alert_data') return href(['sessions', id, 'alert'], {find});
  if (WHERE[where]) return href(['sessions', id]);
  return href(['sessions', id], /^(stage_name|error_message)$/.test(field) ? {stage: where} : {at: where, find});
}

/** Stages done of all, as a bar and in numbers. */
function Progress({row: {total_stages: all, completed_stages: done, failed_stages: failed}}) {
  if (!all) return html`<span class="quiet">no stages</span>`;
  const part = (kind, number) => number > 0 && html`<span class=${`bar-${kind}`} style=${{flexGrow: number}}></span>`;
  return html`<span class="progress" aria-hidden="true">${part('done', done)}${part('failed', failed)}${part('left', all - done - failed)}</span>
    <span class="number"><span class="visually-hidden">stages </span>${done}/${all}</span>${failed > 0 && html`<span class="bad number"><${Icon} name="cross" /> ${failed} failed</span>`}`;
}

/** A session of the list; drawn again only when something of it changed. */
class Row extends Component {
  shouldComponentUpdate(next) {
    return next.row !== this.props.row || next.index !== this.props.index || next.isPicked !== this.props.isPicked || next.isAt !== this.props.isAt;
  }

  render({row, index, isPicked, isAt, list}) {
    const id = row.session_id;
    return html`<div role="row" aria-rowindex=${index + 2} aria-current=${isAt ? 'true' : null} data-session=${id}
      class=${`entry${isPicked ? ' picked' : ''}${isAt ? ' at' : ''}${row.deleted ? ' deleted' : ''}`}>
      <span role="cell" class="pick"><input type="checkbox" checked=${isPicked} aria-label=${`Select ${nameOf(row)}`} onClick=${event => list.pick(id, event.target.checked, event.shiftKey)} /></span>
      <span role="cell" class="how">${row.deleted ? html`<span class="status"><${Icon} name="close" />Deleted</span>` : html`<${Status} value=${row.status} />`}
        ${row.retention_hold && html`<span class="hold quiet" title="On hold: not deleted by retention"><${Icon} name="lock" /> On hold</span>`}</span>
      <span role="cell" class="what"><a class="name" href=${row.deleted ? null : href(['sessions', id])} title=${nameOf(row)} dir="auto">${nameOf(row)}</a>
        <span class="meta quiet"><span class="clip">${[row.alert_headline ? row.alert_type : null, row.agent_type].filter(Boolean).join(' · ')}</span>
          ${row.error_message && html`<span class="clip bad" title=${plain(row.error_message.slice(0, 2_000))}>${plain(row.error_message.slice(0, 300))}</span>`}</span></span>
      <span role="cell" class="stages"><span class="clip quiet" title=${row.chain_id}>${row.chain_id}</span><span class="meta"><${Progress} row=${row} /></span></span>
      <span role="cell" class="number tokens" data-label="tokens"><${Tokens} value=${row.session_total_tokens} /></span>
      <span role="cell" class="number" data-label="duration"><${Duration} ms=${row.duration_ms} since=${isRunning(row.status) && !row.deleted ? row.started_at_us : null} /></span>
      <span role="cell" class="number"><${Age} us=${row.started_at_us} /></span>
      ${row.matches && html`<span role="cell" class="found">${row.matches.map(match => html`<a class="match" href=${placeOf(match, id, list.asked.search)}>
        <b>${WHERE[match.field] ?? match.field}</b> <${Snippet} text=${match.snippet} /></a>`)}</span>`}
    </div>`;
  }
}

function Column({name, title, order, number}) {
  const isSorted = order.sort_by === name;
  return html`<span role="columnheader" class=${number ? 'number' : ''} aria-sort=${isSorted ? `${order.sort_order}ending` : 'none'}>
    <button type="button" onClick=${() => sortBy(name, isSorted && order.sort_order === (NUMERIC.test(name) ? 'desc' : 'asc'))}>${title}${isSorted && html` <${Icon} name=${order.sort_order === 'desc' ? 'down' : 'up'} />`}</button></span>`;
}

/** Sorts by a column: numbers with the greatest first, words from A; `turned` the other way round. */
function sortBy(name, turned) {
  const isUsual = name === 'started_at_us' && !turned;
  amend({sort: isUsual ? null : name, order: turned ? (NUMERIC.test(name) ? 'asc' : 'desc') : null});
}

/** What most rows are high, as the style sheet says. */
const rowHeight = () => (NARROW.matches ? 8.4 : 3.6) * parseFloat(getComputedStyle(document.documentElement).fontSize);

/** The rows, with the keys that move in them. */
function Table({list, order}) {
  const table = useRef(null);
  const control = useRef(null);
  useLayoutEffect(() => {
    if (history.state?.kept) scrollTo({top: list.top, behavior: 'instant'});
    else if (table.current.getBoundingClientRect().top < 0) table.current.closest('.list').scrollIntoView({behavior: 'instant'});
    list.isAtTop = () => table.current !== null && table.current.getBoundingClientRect().top > 0;
  }, []);
  useEffect(() => {
    const hash = location.hash;
    const keep = () => {
      if (location.hash !== hash) return;
      list.top = scrollY;
      // coming back to here, this view finds the place again by itself
      if (!history.state?.kept) history.replaceState({kept: true}, '');
    };
    addEventListener('scroll', keep, {passive: true});
    return () => removeEventListener('scroll', keep);
  }, []);
  const move = by => () => {
    if (!list.rows.length) return;
    const before = list.at === null ? -1 : list.find(list.at);
    const index = Math.max(0, Math.min(list.rows.length - 1, before < 0 ? 0 : before + by));
    list.at = list.rows[index].session_id;
    list.tell();
    control.current.reveal(index);
    // the row may have to be drawn first
    setTimeout(() => {
      const link = table.current?.querySelector('.entry.at .name');
      link?.focus({preventScroll: true});
      link?.closest('.entry').scrollIntoView({block: 'nearest', behavior: 'instant'});
    }, 50);
  };
  useKeys({
    j: move(1),
    k: move(-1),
    x: () => list.at !== null && list.pick(list.at, !list.picked.has(list.at)),
    Enter: () => {
      if (list.at !== null) location.hash = href(['sessions', list.at]);
    },
  });
  const whole = list.rows.length > 0 && list.picked.size >= list.rows.length;
  return html`<div ref=${table} role="table" class="table" aria-label="Sessions" aria-rowcount=${list.isEstimate ? -1 : list.total + 1}>
    <div role="rowgroup" class="head"><div role="row" class="entry" aria-rowindex="1">
      <span role="columnheader" class="pick"><input type="checkbox" aria-label="Select all loaded sessions" checked=${whole} indeterminate=${!whole && list.picked.size > 0} onClick=${() => {
        list.picked = new Set(whole ? [] : list.rows.map(row => row.session_id));
        list.tell();
      }} /></span>
      <${Column} name="status" title="Status" order=${order} /><${Column} name="alert_type" title="Alert" order=${order} />
      <span role="columnheader">Chain and stages</span>
      <${Column} name="session_total_tokens" title="Tokens" order=${order} number /><${Column} name="duration_ms" title="Duration" order=${order} number />
      <${Column} name="started_at_us" title="Started" order=${order} number />
      ${list.asked.search && html`<span role="columnheader" class="visually-hidden">Found in</span>`}</div></div>
    <${Windowed} role="rowgroup" items=${list.rows} keyOf=${row => row.session_id} estimate=${rowHeight()} heights=${list.heights} control=${control}
      onEnd=${() => !list.error && list.load(true)} row=${(row, index) => html`<${Row} row=${row} index=${index} isPicked=${list.picked.has(row.session_id)} isAt=${list.at === row.session_id} list=${list} />`} />
  </div>`;
}

function SavedViews({query, open}) {
  const {views} = useStore(preferences);
  const link = (view, close) => html`<li key=${view.name}><a class="button quiet" href=${`#/sessions${view.query && `?${view.query}`}`} aria-current=${view.query === query ? 'true' : null} onClick=${close}>${view.name}</a></li>`;
  return html`<${Menu} icon="list" label="Saved views" align="end">${close => html`<ul class="views">${BUILT_IN.map(view => link(view, close))}</ul>
    ${views.length > 0 && html`<hr /><ul class="views">${views.map(view => link(view, close))}</ul>`}<hr />
    <${Button} kind="quiet" icon="plus" onClick=${() => {
      close();
      open('views');
    }}>Save or change views…</${Button}>`}</${Menu}>`;
}

const words = ({total, isEstimate}) => isEstimate ? `more than ${count(total)} sessions` : plural(total, 'session');

let facetsBefore = null;

export function View({route: {params}}) {
  const {zone, panel} = useStore(preferences);
  const [dialog, setDialog] = useState(null);
  const query = queryOf(params);
  const order = orderOf(params);
  const list = listOf(`${query} ${params.get('range') === 'today' ? zone : ''}`, () => ({...filtersOf(params, zone), ...order}));
  const before = useRef(list);
  useStore(list.changed);
  // what was on the screen stays until there is something else to show
  if (list.loadedAt) before.current = list;
  const shown = before.current;
  useStore(shown.changed);
  useEffect(() => {
    list.begin();
    return () => list.stop();
  }, [list]);
  const tried = useStore(attempt);
  useEffect(() => list.retry(), [tried]);
  useLive(events => list.hear(events));

  const narrowed = new URLSearchParams(query);
  for (const name of ['sort', 'order']) narrowed.delete(name);
  const loadedFacets = useLoad(`facets ${narrowed} ${zone}`, signal => api('history/facets', {params: filtersOf(params, zone), signal}));
  useReloading(loadedFacets, 10_000, ({type}) => /reset|created|status|deleted/.test(type));
  facetsBefore = loadedFacets.data ?? facetsBefore;
  const facets = html`<${Facets} facets=${facetsBefore} params=${params} />`;

  const active = Object.keys(FILTERS).reduce((sum, name) => sum + params.getAll(name).length, 0);
  const isNarrowed = narrowed.size > 0;
  const searchProblem = list.error?.problem?.errors?.find(({field}) => field === 'search')?.message;
  const hasPanel = panel !== false;
  // an outage is said by the banner as long as there is something to see
  const failure = list.error && !searchProblem && !(list.error.kind === 'away' && shown.loadedAt)
    && html`<${Failure} error=${list.error} retry=${() => list.load(list.failedMore)} />`;
  const isEmpty = list.total === 0 && !isNarrowed;
  const range = RANGES[params.get('range')] ? params.get('range') : params.has('from') || params.has('to') ? 'own' : '';
  const close = () => setDialog(null);
  const caveats = [
    shown.caveats?.sessions_with_cut_bodies > 0 && `${plural(shown.caveats.sessions_with_cut_bodies, 'session has a text', 'sessions have texts')} too long to be searched to the end.`,
    shown.caveats?.sessions_not_indexed_yet > 0 && `${plural(shown.caveats.sessions_not_indexed_yet, 'session is', 'sessions are')} not searchable yet, after an upgrade.`,
  ].filter(Boolean);
  return html`<div class="sessions">
    <div class="spread"><${Title}>Sessions</${Title}><${SavedViews} query=${query} open=${setDialog} /></div>
    <${RunningNow} />
    <div class="tools">
      <${SearchBox} value=${params.get('search')?.trim() ?? ''} problem=${searchProblem && `The search ${searchProblem}.`} />
      <label class="since"><span class="visually-hidden">Started</span><select aria-label="Started" value=${range} onChange=${event => {
        const value = event.target.value;
        event.target.value = range;
        if (value === 'own') setDialog('dates');
        else amend({range: value, from: null, to: null});
      }}><option value="">Any time</option>${Object.entries(RANGES).map(([value, text]) => html`<option value=${value}>${text}</option>`)}<option value="own">${range === 'own' ? 'From, to' : 'From, to…'}</option></select></label>
      ${range === 'own' && html`<${Button} icon="clock" label="Change from and to" onClick=${() => setDialog('dates')} />`}
      <${Button} icon="filter" aria-expanded=${String(NARROW.matches ? dialog === 'filters' : hasPanel)} onClick=${() => NARROW.matches ? setDialog('filters') : prefer({panel: !hasPanel})}>Filters${active > 0 && html` <span class="pill">${active}</span>`}</${Button}>
    </div>
    <${Chips} params=${params} zone=${zone} />
    <div class=${`split ${hasPanel && !isEmpty ? '' : 'whole'}`}>
      <aside class="facets" aria-label="Filters">${facets}</aside>
      <section class="list" aria-label="List of sessions" aria-busy=${list.busy ? 'true' : null}>
        ${!list.failedMore && failure}
        ${!shown.loadedAt ? !list.error && html`<${Loading} what="Loading sessions" />` : html`
          <div class="spread over"><p role="status" class="total">${words(shown)}${shown !== list && html` <span class="quiet">· ${list.error ? 'as it was before' : 'loading…'}</span>`}</p>
            ${shown.rows.length > 0 && html`<div class="row"><label class="quiet">Sorted by <select value=${order.sort_by} onChange=${event => sortBy(event.target.value, false)}>${Object.entries(SORTS).map(([name, title]) => html`<option value=${name}>${title}</option>`)}</select></label>
              <${Button} icon=${order.sort_order === 'desc' ? 'down' : 'up'} kind="quiet" label=${`Turn the order (now ${order.sort_order === 'desc' ? 'descending' : 'ascending'})`} onClick=${() => sortBy(order.sort_by, order.sort_order === (NUMERIC.test(order.sort_by) ? 'desc' : 'asc'))} />
              <a class="button quiet" href=${apiUrl('history/export', {...shown.asked, sort_by: null, sort_order: null})} download><${Icon} name="download" />Export all</a></div>`}</div>
          ${caveats.map(text => html`<p class="quiet"><${Icon} name="alert" /> ${text}</p>`)}
          ${(list.fresh.size > 0 || list.hasGap) && html`<div class="newer" role="status"><${Button} kind="primary" icon="up" onClick=${async () => {
            await list.showNew();
            document.querySelector('.list')?.scrollIntoView({behavior: 'instant'});
          }}>${list.hasGap ? 'Many new sessions' : plural(list.fresh.size, 'new session')}</${Button}></div>`}
          ${shown.rows.length > 0 ? html`<${Table} key=${shown.key} list=${shown} order=${order} />`
            : isNarrowed ? html`<div class="empty"><h2>No session matches</h2><p>Nothing recorded fits these filters.</p><${Button} onClick=${clearFilters}>Clear filters</${Button}></div>`
              : html`<${Later} load=${() => import('./empty.js')} of="Start" />`}
          ${list.failedMore && failure}
          ${list.rows.length > 0 && (list.busy && list.failedMore ? html`<${Loading} what="Loading more" />` : !list.next && html`<p class="quiet end">These are all.</p>`)}
          ${shown.picked.size > 0 && html`<${Later} load=${() => import('./bulk.js')} of="Bulk" list=${shown} />`}`}
      </section>
    </div>
    ${dialog === 'filters' && html`<${Dialog} title="Filters" onClose=${close}><div class="facets in-dialog">${facets}</div><div class="row close-by"><${Button} kind="primary" onClick=${close}>Show ${words(shown)}</${Button}><${Button} kind="quiet" onClick=${clearFilters}>Clear all</${Button}></div></${Dialog}>`}
    ${dialog === 'dates' && html`<${Later} load=${() => import('./dates.js')} of="Dates" from=${pointOf(params.get('from'))} to=${pointOf(params.get('to'))} onClose=${close} />`}
    ${dialog === 'views' && html`<${Later} load=${() => import('./views.js')} of="Views" query=${query} onClose=${close} />`}
  </div>`;
}

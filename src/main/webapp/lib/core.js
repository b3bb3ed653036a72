// What every view stands on: values that many components watch, the route in the URL, the API, live events, and how
// times, durations, sizes and texts are written. One file, since every first load needs all of it.
import {useEffect, useLayoutEffect, useRef, useState} from '../vendor/preact.js';

const root = new URL('../', import.meta.url);

// ---------------------------------------------------------------- values that many watch

/** A value that components watch. */
export function store(initial) {
  let value = initial;
  const watchers = new Set();
  return {
    get: () => value,
    set(next) {
      const made = typeof next === 'function' ? next(value) : next;
      if (made !== value) {
        value = made;
        for (const watcher of [...watchers]) watcher(value);
      }
    },
    watch(watcher) {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
  };
}

/** The value of a store, or a part of it, kept up to date. */
export function useStore(from, part = value => value) {
  const [, redraw] = useState(0);
  const shown = part(from.get());
  const last = useRef(shown);
  last.current = shown;
  useEffect(() => {
    const look = value => part(value) !== last.current && redraw(n => n + 1);
    look(from.get());
    return from.watch(look);
  }, [from]);
  return shown;
}

// ---------------------------------------------------------------- what this browser prefers

const PREFERENCES = 'tarsy-history';

function remembered() {
  try {
    return JSON.parse(localStorage.getItem(PREFERENCES)) ?? {};
  } catch {
    return {}; // no storage here, or somebody else's value: begin anew
  }
}

/** `theme` system, light or dark; `zone` local or utc; `views` saved lists. Kept in this browser. */
export const preferences = store({theme: 'system', zone: 'local', views: [], ...remembered()});
preferences.watch(value => {
  try {
    localStorage.setItem(PREFERENCES, JSON.stringify(value));
  } catch {
    // it holds for as long as this page is open
  }
});
export const prefer = change => preferences.set(value => ({...value, ...change}));

// ---------------------------------------------------------------- the route: all of a view's state is in the URL

function readRoute() {
  const [path, query = ''] = location.hash.replace(/^#\/?/, '').split('?');
  return {
    // an address without a path is that of the first view
    path: (path || 'sessions').split('/').filter(Boolean).map(part => {
      try {
        return decodeURIComponent(part);
      } catch {
        return part;
      }
    }),
    params: new URLSearchParams(query),
  };
}

export const route = store(readRoute());
addEventListener('hashchange', () => route.set(readRoute()));
export const useRoute = () => useStore(route);

/** The address of a view: `href(['sessions', id], {at: 'x'})`. Values may be arrays; null and '' are left out. */
export function href(path, params = {}) {
  const query = new URLSearchParams();
  const pairs = params instanceof URLSearchParams ? [...params] : Object.entries(params);
  for (const [name, value] of pairs) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== null && one !== undefined && one !== '') query.append(name, one);
    }
  }
  const text = query.toString();
  return `#/${path.map(encodeURIComponent).join('/')}${text && `?${text}`}`;
}

/** Goes to a view; with `replace` the back button does not come back here. */
export function go(path, params = {}, {replace = false} = {}) {
  const target = href(path, params);
  if (target === location.hash) return;
  history[replace ? 'replaceState' : 'pushState'](null, '', target);
  route.set(readRoute());
}

/** Changes some parameters of the view that is shown. */
export function amend(change, options) {
  const {path, params} = route.get();
  const next = {};
  for (const name of new Set(params.keys())) next[name] = params.getAll(name);
  go(path, {...next, ...change}, options);
}

// ---------------------------------------------------------------- the API

/** A request that failed: `kind` is away, disabled, missing, forbidden, refused or broken. */
export class ApiError extends Error {
  constructor(status, problem, retryAfter) {
    super(problem?.detail || problem?.title || (status ? `The server answered ${status}.` : 'The server does not answer.'));
    this.status = status;
    this.problem = problem ?? {};
    this.retryAfter = retryAfter;
    this.correlationId = problem?.correlation_id;
    this.kind = kindOf(status, problem);
  }
}

function kindOf(status, problem) {
  if (problem?.type?.endsWith(':history-disabled')) return 'disabled';
  if (status === 0 || status === 429 || status === 502 || status === 503 || status === 504) return 'away';
  if (status === 404) return 'missing';
  if (status === 401 || status === 403) return 'forbidden';
  return status < 500 ? 'refused' : 'broken';
}

/** The address of a call of the API, below the context path. */
export function apiUrl(path, params) {
  const url = new URL(`api/v1/${path}`, root);
  url.search = params ? href([], params).slice(3) : '';
  return url.href;
}

const EARLY_MS = 10_000;
const early = new Map();

/** Asks for something before those are there who will show it: the first call of the same address gets this answer. */
export function askEarly(path, params) {
  const address = apiUrl(path, params);
  const answer = fetch(address);
  answer.catch(() => {}); // whoever calls hears of it
  early.set(address, answer);
  setTimeout(() => early.delete(address), EARLY_MS);
}

function takeEarly(address) {
  const answer = early.get(address);
  early.delete(address);
  return answer;
}

/** Calls the API and gives the raw answer. Throws an {@link ApiError}. */
export async function call(path, {params, method = 'GET', body, signal} = {}) {
  const address = apiUrl(path, params);
  let answer;
  try {
    answer = await (method === 'GET' && takeEarly(address) || fetch(address, {
      method,
      signal,
      headers: body === undefined ? {} : {'Content-Type': 'application/json'},
      body: body === undefined ? undefined : JSON.stringify(body),
    }));
    signal?.throwIfAborted();
  } catch (failure) {
    if (failure.name === 'AbortError') throw failure;
    throw lost(new ApiError(0));
  }
  if (!answer.ok) {
    const problem = await answer.json().catch(() => null);
    throw lost(new ApiError(answer.status, problem, Number(answer.headers.get('Retry-After')) || undefined));
  }
  found();
  return answer;
}

/** Calls the API and gives the JSON of its answer, or null if it has none. */
export async function api(path, options) {
  const text = await (await call(path, options)).text();
  return text ? JSON.parse(text) : null;
}

// ---------------------------------------------------------------- the server may be away

/** Null, or since when and why the server is away, and when it is asked again. */
export const away = store(null);
/** Grows each time everything that failed is to be asked again. */
export const attempt = store(0);
let retryTimer;

function lost(error) {
  if (error.kind !== 'away' || error.status === 429) return error;
  const before = away.get();
  const tries = before ? before.tries + (Date.now() >= before.retryAt ? 1 : 0) : 0;
  if (!before || Date.now() >= before.retryAt) {
    const wait = Math.min(30, error.retryAfter ?? Math.min(30, 2 ** (tries + 1)));
    away.set({since: before?.since ?? Date.now(), retryAt: Date.now() + wait * 1000, tries, reason: error});
    clearTimeout(retryTimer);
    retryTimer = setTimeout(retryNow, wait * 1000);
  }
  return error;
}

function found() {
  if (away.get()) {
    clearTimeout(retryTimer);
    away.set(null);
    attempt.set(n => n + 1);
  }
}

/** Asks everything that failed again. */
export function retryNow() {
  clearTimeout(retryTimer);
  away.set(value => value && {...value, retryAt: Date.now()});
  attempt.set(n => n + 1);
  api('history/health').then(health => {
    if (health && away.get()) retryTimer = setTimeout(retryNow, 2000);
  }, () => {});
}

/**
 * Loads something and keeps it: `{data, error, busy, reload}`. What was loaded stays while it is loaded again or fails;
 * another `key` begins anew. After an outage it is asked again by itself.
 *
 * @param key what is loaded; null loads nothing
 * @param load gets an AbortSignal
 */
export function useLoad(key, load) {
  const [state, setState] = useState({key, data: undefined, error: null, busy: key !== null});
  const tried = useStore(attempt);
  const [asked, setAsked] = useState(0);
  const failed = useRef(false);
  const seen = useRef({key: undefined, asked: 0});
  // before the page is painted, which takes its time while much is drawn
  useLayoutEffect(() => {
    const again = seen.current.key === key && seen.current.asked === asked;
    if (key === null || (again && !failed.current)) return undefined;
    seen.current = {key, asked};
    const aborter = new AbortController();
    setState(before => ({
      key, data: before.key === key ? before.data : undefined, error: before.key === key ? before.error : null, busy: true,
    }));
    load(aborter.signal).then(
      data => {
        failed.current = false;
        if (!aborter.signal.aborted) setState({key, data, error: null, busy: false});
      },
      error => {
        if (aborter.signal.aborted) return;
        failed.current = error.kind === 'away';
        setState(before => ({...before, key, error, busy: false}));
        if (!(error instanceof ApiError)) console.error(error);
      });
    return () => {
      aborter.abort();
      failed.current = true; // what was given up must be asked again
    };
  }, [key, asked, tried]);
  const current = state.key === key ? state : {data: undefined, error: null, busy: key !== null};
  return {...current, reload: () => setAsked(n => n + 1)};
}

// ---------------------------------------------------------------- live events

const EVENTS = ['session_created', 'session_status_change', 'stage_progress', 'llm_interaction', 'mcp_interaction',
  'mcp_tool_list', 'session_deleted', 'reset'];
const POLL_MS = 15_000;
const PATIENCE_MS = 10_000;
const BUNDLE_MS = 400;
const HIDDEN_MS = 60_000;

/** connecting, live, or blocked: then listeners are told to load anew every 15 seconds. */
export const liveState = store('connecting');
const listeners = new Set();
let source = null;
let newest = null;
let bundle = [];
let pollTimer;
let patience;

function deliver(event) {
  if (!bundle.length) {
    setTimeout(() => {
      const events = bundle;
      bundle = [];
      for (const listener of [...listeners]) listener(events);
    }, BUNDLE_MS);
  }
  bundle.push(event);
}

function blocked() {
  liveState.set('blocked');
  clearInterval(pollTimer);
  pollTimer = setInterval(() => deliver({type: 'reset'}), POLL_MS);
}

function connect() {
  clearTimeout(patience);
  source?.close();
  source = new EventSource(apiUrl('history/events', {last_event_id: newest}));
  patience = setTimeout(() => liveState.get() !== 'live' && blocked(), PATIENCE_MS);
  source.onopen = () => {
    clearInterval(pollTimer);
    // what happened while nobody listened is not told again by a new connection
    if (liveState.get() === 'blocked' && newest === null) deliver({type: 'reset'});
    liveState.set('live');
  };
  source.onerror = () => {
    const wasLive = liveState.get() === 'live';
    if (wasLive) liveState.set('connecting');
    if (source.readyState === EventSource.CLOSED) {
      clearTimeout(patience);
      blocked();
      patience = setTimeout(connect, POLL_MS);
    } else if (wasLive) {
      // the browser connects again and again by itself, but not for ever does anybody wait
      clearTimeout(patience);
      patience = setTimeout(() => liveState.get() !== 'live' && blocked(), PATIENCE_MS);
    }
    // whether the server is away is found out at once, also where nobody presses anything
    if (wasLive) api('history/health').catch(() => {});
  };
  for (const type of EVENTS) {
    source.addEventListener(type, message => {
      newest = message.lastEventId || newest;
      deliver({...JSON.parse(message.data || '{}'), type});
    });
  }
}

/** Begins to listen; a page that is hidden for long lets go of its connection and catches up when it is shown. */
export function listen() {
  let hidden;
  connect();
  document.addEventListener('visibilitychange', () => {
    clearTimeout(hidden);
    if (document.hidden) {
      hidden = setTimeout(() => {
        source?.close();
        source = null;
        clearTimeout(patience);
        clearInterval(pollTimer);
      }, HIDDEN_MS);
    } else if (source === null) {
      liveState.set('connecting');
      connect();
      deliver({type: 'reset'});
    }
  });
}

/** Tells of events, a bundle at a time: `[{type, session_id, ...}]`; `reset` means that anything may have changed. */
export function useLive(listener) {
  const current = useRef(listener);
  current.current = listener;
  useEffect(() => {
    const hear = events => current.current(events);
    listeners.add(hear);
    return () => listeners.delete(hear);
  }, []);
}

/** Microseconds since the epoch, told again every so often while something is shown that ticks; null stands still. */
export function useNow(everyMs) {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    if (everyMs === null) return undefined;
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now * 1000;
}

// ---------------------------------------------------------------- how things are written: pure functions

const pad = (number, digits = 2) => String(number).padStart(digits, '0');

function parts(us, zone) {
  const date = new Date(us / 1000);
  const of = name => zone === 'utc' ? date[`getUTC${name}`]() : date[`get${name}`]();
  return {
    day: `${of('FullYear')}-${pad(of('Month') + 1)}-${pad(of('Date'))}`,
    minute: `${pad(of('Hours'))}:${pad(of('Minutes'))}`,
    second: pad(of('Seconds')),
    micros: pad(((us % 1_000_000) + 1_000_000) % 1_000_000, 6),
    date,
  };
}

/** `2026-11-24 09:26:13` */
export function time(us, zone = 'utc') {
  if (us === null || us === undefined) return '–';
  const {day, minute, second} = parts(us, zone);
  return `${day} ${minute}:${second}`;
}

/** `09:26:13.123` */
export function clock(us, zone = 'utc') {
  const {minute, second, micros} = parts(us, zone);
  return `${minute}:${second}.${micros.slice(0, 3)}`;
}

/** `2026-11-24 09:26:13.123456 UTC`, to the microsecond and with its zone */
export function exactTime(us, zone = 'utc') {
  if (us === null || us === undefined) return 'unknown';
  const {day, minute, second, micros, date} = parts(us, zone);
  const ahead = -date.getTimezoneOffset();
  const name = zone === 'utc' ? 'UTC'
    : `UTC${ahead < 0 ? '-' : '+'}${pad(Math.floor(Math.abs(ahead) / 60))}:${pad(Math.abs(ahead) % 60)}`;
  return `${day} ${minute}:${second}.${micros} ${name}`;
}

/** `850 ms`, `12.4 s`, `3 m 05 s`, `2 h 04 m`, `3 d 04 h` */
export function duration(ms) {
  if (ms === null || ms === undefined) return '–';
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(Math.floor(ms / 100) / 10).toFixed(1)} s`;
  const seconds = Math.floor(ms / 1000);
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} m ${pad(seconds % 60)} s`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3_600)} h ${pad(Math.floor(seconds / 60) % 60)} m`;
  return `${Math.floor(seconds / 86_400)} d ${pad(Math.floor(seconds / 3_600) % 24)} h`;
}

/** `now`, `12 s ago`, `5 min ago`, `3 h ago`, `2 d ago`, `in 4 min` */
export function age(us, nowUs) {
  const seconds = Math.round((nowUs - us) / 1_000_000);
  const far = Math.abs(seconds);
  if (far < 3) return 'now';
  const words = far < 60 ? `${far} s` : far < 3_600 ? `${Math.floor(far / 60)} min`
    : far < 86_400 ? `${Math.floor(far / 3_600)} h` : `${Math.floor(far / 86_400)} d`;
  return seconds < 0 ? `in ${words}` : `${words} ago`;
}

/** `12,345`; – where nothing is known */
export function count(number) {
  if (number === null || number === undefined) return '–';
  // the first use of what browsers have for this takes them 20 ms
  const [whole, rest] = String(Number.isInteger(number) ? number : Math.round(number * 1_000) / 1_000).split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return rest ? `${grouped}.${rest}` : grouped;
}

/** `950`, `6.7k`, `1.2M` */
export function short(number) {
  if (number === null || number === undefined) return '–';
  if (number < 1_000) return String(number);
  if (number < 999_500) return `${(number / 1_000).toFixed(number < 9_950 ? 1 : 0)}k`;
  return `${(number / 1_000_000).toFixed(1)}M`;
}

/** `512 B`, `6.6 KB`, `1.2 MB`, by 1024 */
export function bytes(number) {
  if (number === null || number === undefined) return '–';
  if (number < 1_024) return `${number} B`;
  const units = ['KB', 'MB', 'GB', 'TB'];
  let value = number / 1_024;
  let at = 0;
  while (value >= 1_023.95 && at < units.length - 1) {
    value /= 1_024;
    at++;
  }
  return `${value.toFixed(value < 9.95 ? 1 : 0)} ${units[at]}`;
}

/** `1 session`, `3 sessions` */
export const plural = (number, one, many = `${one}s`) => `${count(number)} ${number === 1 ? one : many}`;

/** A snippet of search as `[{text, hit}]`: what was found stands between U+E000 and U+E001. */
export function marked(snippet) {
  const pieces = [];
  for (const piece of snippet.split('\uE000')) {
    const [hit, rest] = piece.includes('\uE001') ? piece.split('\uE001') : [null, piece];
    if (hit) pieces.push({text: hit, hit: true});
    if (rest) pieces.push({text: rest, hit: false});
  }
  return pieces;
}

const ANSI = /\u001B(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001B]*(?:\u0007|\u001B\\)?|[@-Z\\-_])/g;

/** A text of a terminal without its colours and cursor movements. */
export const plain = text => text.includes('\u001B') ? text.replace(ANSI, '') : text;

/** A name that any file system takes. */
export const fileName = text => text.replace(/[^A-Za-z0-9._-]+/g, '_').slice(0, 100) || 'session';

// A session as the views of it share it: its head, its stages and all its timeline entries, loaded page by page and kept
// up to date while it runs. Bodies are not here; whoever shows one loads it.
import {useEffect, useLayoutEffect, useMemo, useState} from '../vendor/preact.js';
import {api, attempt, store, useLive, useStore} from '../lib/core.js';

const PAGE = 500;
const PAGES_AT_ONCE = 3;
const HEAD_EVERY_MS = 1_000;

const before = (one, other) => one.timestamp_us - other.timestamp_us
  || (one.type === other.type ? 0 : one.type < other.type ? -1 : 1) || (one.id < other.id ? -1 : one.id > other.id ? 1 : 0);

/** What names an entry in `after`, as the server's own `next_after` does. */
const nameOf = entry => `${entry.type}:${entry.id}`;

/** Whether an interaction went wrong. */
export const hasFailed = entry => entry.details.success === false || Boolean(entry.details.error_message);

/**
 * The entries with which the pages of a timeline end, but for the last page. A skeleton tells where every entry is, so
 * that pages can be asked for side by side.
 */
export function pageEnds({stages, session_level_interactions: outside}, size = PAGE) {
  const all = [...outside];
  for (const {llm_interactions: turns, mcp_communications: calls} of stages) {
    for (const turn of turns) all.push({...turn, type: 'llm'});
    for (const call of calls) all.push({...call, type: 'mcp'});
  }
  return all.sort(before).filter((entry, at) => (at + 1) % size === 0 && at + 1 < all.length);
}

/** The whole of a session but for its bodies, and how it is kept. One for each session that is shown. */
export class Session {
  constructor(id) {
    this.id = id;
    this.path = `history/sessions/${encodeURIComponent(id)}`;
    this.state = store({head: null, stages: [], entries: [], complete: false, error: null, deleted: false});
    this.known = new Map();
    this.aborter = new AbortController();
    this.working = null;
    this.again = false;
    this.headDue = true;
    this.headAt = 0;
    this.headTook = 0;
    this.failed = false;
    this.entriesDue = null; // the earliest time of what is to be loaded
  }

  close() {
    this.aborter.abort();
    clearTimeout(this.timer);
  }

  change(part) {
    if (!this.aborter.signal.aborted) this.state.set(value => ({...value, ...part}));
  }

  /** Brings everything up to date; asked for meanwhile, once more afterwards. */
  refresh() {
    if (this.aborter.signal.aborted || this.state.get().deleted) return;
    if (this.working) {
      this.again = true;
      return;
    }
    this.again = false;
    this.working = this.work().catch(error => {
      if (error.name === 'AbortError') return;
      this.failed = error.kind === 'away';
      if (error.kind === undefined) console.error(error);
      if (error.kind === 'missing' && this.state.get().head) this.change({deleted: true, error: null});
      else this.change({error});
    }).then(() => {
      this.working = null;
      if (this.again) this.refresh();
    });
  }

  async work() {
    if (this.state.get().head === null) {
      await this.begin();
    } else {
      // the head first: it may then count fewer than are loaded, but never more
      const isFresh = await this.headInTurn();
      if (this.entriesDue !== null) {
        const due = this.entriesDue;
        this.entriesDue = null;
        const last = this.state.get().entries.findLast(entry => entry.timestamp_us < due);
        await this.loadEntries(last ? nameOf(last) : null);
      }
      const {head, entries} = this.state.get();
      if (isFresh && entries.length < head.total_interactions) await this.loadEntries(null);
    }
    this.failed = false;
    if (this.state.get().error) this.change({error: null});
  }

  /** Loads the head and the first page at once, and what else there is as soon as the head has told of it. */
  async begin() {
    const [next, ends] = await Promise.all([
      this.loadPage(null).then(after => {
        this.publish(!after);
        return after;
      }),
      this.readHead().then(async skeleton => {
        const rest = pageEnds(skeleton);
        const loaded = this.loadParts(rest); // asked for before anything is drawn
        this.showHead(skeleton);
        await loaded;
        return rest;
      }),
    ]);
    if (!next) return;
    // what was written meanwhile may have moved the end of the first page
    if (!this.known.has(ends[0]?.id)) await this.loadPages(next, ends[0]);
    this.publish(true);
  }

  /** Loads the head if its turn has come: that of a large session is not loaded with every event. */
  async headInTurn() {
    if (!this.headDue) return false;
    const wait = this.headAt + Math.max(HEAD_EVERY_MS, this.headTook * 10) - Date.now();
    if (wait > 0) {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.refresh(), wait);
      return false;
    }
    await this.loadHead();
    return true;
  }

  async loadHead() {
    this.showHead(await this.readHead());
  }

  async readHead() {
    this.headDue = false;
    const begun = Date.now();
    try {
      const skeleton = await api(this.path, {params: {include: 'skeleton'}, signal: this.aborter.signal});
      this.headAt = Date.now();
      this.headTook = this.headAt - begun;
      return skeleton;
    } catch (error) {
      this.headDue = true;
      throw error;
    }
  }

  showHead({stages, session_level_interactions: ignored, ...head}) {
    this.change({
      head,
      stages: stages.map(
        ({llm_interactions: llm, mcp_communications: mcp, chronological_interactions: all, ...stage}) => stage),
    });
  }

  /** Loads every page after an entry, or all. */
  async loadEntries(after) {
    await this.loadPages(after);
    this.publish(true);
  }

  /** Loads the pages after an entry, to the end or until another one has come. */
  async loadPages(after, last) {
    let next = after;
    do {
      next = await this.loadPage(next);
    } while (next && !this.known.has(last?.id));
  }

  /** Loads the pages that follow some entries, side by side. */
  async loadParts(ends) {
    const left = ends.map((end, at) => [nameOf(end), ends[at + 1]]);
    const work = async () => {
      for (let part = left.shift(); part; part = left.shift()) await this.loadPages(...part);
    };
    await Promise.all(Array.from({length: PAGES_AT_ONCE}, work));
  }

  /** Loads a page, and gives what to ask for the next one. */
  async loadPage(after) {
    try {
      const page = await api(`${this.path}/interactions`, {params: {limit: PAGE, after}, signal: this.aborter.signal});
      for (const entry of page.interactions) this.known.set(entry.id, this.known.get(entry.id) ?? entry);
      return page.pagination.next_after;
    } catch (error) {
      this.entriesDue = 0; // all of it once more
      throw error;
    }
  }

  publish(isWhole) {
    const {entries, complete} = this.state.get();
    if (this.known.size === entries.length && (complete || !isWhole)) return;
    this.change({entries: [...this.known.values()].sort(before), complete: complete || isWhole});
  }

  /** Takes note of what has happened. */
  hear(events) {
    const ours = events.filter(event => event.type === 'reset' || event.session_id === this.id);
    if (!ours.length) return;
    if (ours.some(event => event.type === 'session_deleted')) {
      this.change({deleted: true, error: null});
      return;
    }
    this.headDue = true;
    for (const event of ours) {
      const id = event.interaction_id ?? event.communication_id;
      if (event.type !== 'reset' && (id === undefined || this.known.has(id))) continue;
      // agents that work side by side do not write in the order of their times
      this.entriesDue = Math.min(this.entriesDue ?? Infinity, event.type === 'reset' ? Infinity : event.timestamp_us);
    }
    this.refresh();
  }

  reload() {
    this.headDue = true;
    this.headAt = 0;
    this.entriesDue = 0;
    this.change({error: null});
    this.refresh();
  }
}

/**
 * A session, kept up to date: `head` and `stages` of its skeleton, all its timeline `entries` in the order of time
 * (`complete` once every page is there), the `error` that stands in the way, and whether it was `deleted` meanwhile:
 * then what was loaded stays.
 */
export function useSession(id) {
  const session = useMemo(() => new Session(id), [id]);
  const [, redraw] = useState(0);
  const tried = useStore(attempt);
  useLayoutEffect(() => {
    session.refresh();
    const stop = session.state.watch(() => redraw(n => n + 1));
    return () => {
      stop();
      session.close();
    };
  }, [session]);
  useEffect(() => {
    if (session.failed) session.reload();
  }, [tried]);
  useLive(events => session.hear(events));
  const state = session.state.get();
  return useMemo(() => ({...state, reload: () => session.reload()}), [state]);
}

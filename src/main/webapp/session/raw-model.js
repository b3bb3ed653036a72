// The JSON texts of a session: loaded when they are opened, taken apart by a worker, and what is open, selected and found.
import {call} from '../lib/core.js';
import {keysAround, namesOf, outline, valueKey} from './raw-tree.js';

export const MOST_HITS = 5_000;

const INTERACTION = 'i:';
const KINDS = {llm: 'LLM interaction', mcp: 'MCP communication'};

export class RawModel {
  constructor(sessionId, changed) {
    this.path = `history/sessions/${encodeURIComponent(sessionId)}`;
    this.changed = changed;
    this.docs = new Map();
    this.items = new Map();
    this.interactions = null;
    this.texts = new Map(); // how far long texts are open
    this.open = new Set(['session']);
    this.cursor = null;
    this.moves = 0;
    this.find = {wanted: '', hits: [], at: -1};
    this.inFlight = new Map();
    this.questions = new Map();
    this.aborter = new AbortController();
    this.worker = new Worker(new URL('./json-worker.js', import.meta.url), {type: 'module'});
    this.worker.addEventListener('message', ({data: {id, answer, failure}}) => {
      const {resolve, reject} = this.questions.get(id);
      this.questions.delete(id);
      if (failure === undefined) resolve(answer);
      else reject(new Error(failure));
    });
  }

  close() {
    this.aborter.abort();
    this.worker.terminate();
  }

  ask(question, details, transfer = []) {
    const id = this.asked = (this.asked ?? 0) + 1;
    return new Promise((resolve, reject) => {
      this.questions.set(id, {resolve, reject});
      this.worker.postMessage({id, question, details}, transfer);
    });
  }

  /** Does something once, however often it is wanted meanwhile. */
  once(key, work) {
    if (!this.inFlight.has(key)) {
      this.inFlight.set(key, work().finally(() => this.inFlight.delete(key)));
    }
    return this.inFlight.get(key);
  }

  /** Loads a document: `session` without bodies, `whole` with them, or an interaction. */
  load(doc) {
    return this.once(doc, async () => {
      try {
        const isInteraction = doc.startsWith(INTERACTION);
        const answer = await call(isInteraction ? `${this.path}/interactions/${encodeURIComponent(doc.slice(INTERACTION.length))}` : this.path, {
          params: doc === 'session' ? {include: 'skeleton'} : {}, signal: this.aborter.signal,
        });
        const bytes = await answer.arrayBuffer();
        const {root, characters} = await this.ask('load', {doc, bytes}, [bytes]);
        for (const key of this.items.keys()) if (key.startsWith(`${doc}@`)) this.items.delete(key);
        this.docs.set(doc, {root, characters});
        if (doc === 'session') this.interactions = await this.ask('interactions', {doc});
        if (this.find.wanted) await this.search(this.find.wanted);
      } catch (error) {
        if (error.name === 'AbortError') return;
        this.docs.set(doc, {error});
      }
      this.changed();
    });
  }

  /** What has failed is asked again. */
  retry() {
    for (const [doc, {error}] of this.docs) if (error) this.docs.delete(doc);
    this.changed();
  }

  /** Begins anew, with what is open staying open. */
  async reload() {
    const loaded = [...this.docs.keys()];
    await Promise.all(loaded.map(doc => this.load(doc)));
  }

  outline() {
    const known = ({doc, ...more}) => ({doc, ...more, ...this.docs.get(doc)});
    const roots = [known({doc: 'session', name: 'session', label: 'Session without bodies'})];
    if (this.interactions) {
      roots.push({
        key: 'interactions', name: 'interactions', label: 'Interactions, each whole',
        list: this.interactions.map(({id, type, size_bytes}) =>
          known({doc: INTERACTION + id, name: id, label: KINDS[type] ?? 'Interaction', bytes: size_bytes})),
      });
      roots.push(known({doc: 'whole', name: 'whole', label: 'Session with all bodies'}));
    }
    return outline({roots, open: this.open, childOf: (doc, begin, index) => this.items.get(valueKey(doc, begin))?.get(index)});
  }

  /** Loads what is open but not there. */
  want({docs, parts}) {
    for (const doc of docs) if (!this.docs.has(doc)) this.load(doc);
    for (const part of parts) {
      this.once(`${valueKey(part.doc, part.begin)}:${part.from}`, async () => {
        const found = await this.ask('children', part);
        const key = valueKey(part.doc, part.begin);
        if (!this.items.has(key)) this.items.set(key, new Map());
        for (const item of found) this.items.get(key).set(item.index, item);
        this.changed();
      });
    }
  }

  toggle(key, isOpen = !this.open.has(key)) {
    if (isOpen) this.open.add(key);
    else this.open.delete(key);
    this.changed();
  }

  select(key) {
    this.moves++;
    this.cursor = key;
    this.changed();
  }

  /** Opens what a value stands in and selects it, unless something else was selected meanwhile. */
  async show(doc, way, moves = this.moves) {
    const totals = way.length > 1 ? await this.ask('totals', {doc, begins: way.slice(0, -1).map(step => step.begin)}) : [];
    if (doc.startsWith(INTERACTION)) this.showInteraction(doc);
    if (way.length > 1) for (const key of keysAround(doc, way, totals)) this.open.add(key);
    if (moves === this.moves) this.cursor = way.length > 1 ? valueKey(doc, way.at(-1).begin) : doc;
    this.changed();
  }

  showInteraction(doc) {
    const index = this.interactions.findIndex(({id}) => INTERACTION + id === doc);
    const total = this.interactions.length;
    // a list of documents is one step deep
    for (const key of keysAround('interactions', [{begin: 0}, {index}], [total])) this.open.add(key);
  }

  /** Goes to a path of the URL, as far as there is such a thing. */
  async follow(path) {
    const moves = ++this.moves;
    const [first, ...names] = namesOf(path);
    if (!this.docs.has('session')) await this.load('session');
    if (!this.interactions) return;
    const doc = first === 'interactions' ? INTERACTION + names.shift() : first;
    const isKnown = doc === 'session' || doc === 'whole' || this.interactions.some(({id}) => INTERACTION + id === doc);
    if (!isKnown) return;
    if (!this.docs.has(doc)) await this.load(doc);
    if (!this.docs.get(doc).root) return;
    this.open.add(doc);
    await this.show(doc, await this.ask('follow', {doc, names}), moves);
  }

  // ---------------------------------------------------------------- search in what is loaded

  async search(wanted) {
    const docs = this.outline().rows.length ? ['session', ...(this.interactions ?? []).map(({id}) => INTERACTION + id), 'whole']
      .filter(doc => this.docs.get(doc)?.root) : [];
    const hits = wanted ? await this.ask('search', {wanted, docs, most: MOST_HITS}) : [];
    const at = wanted === this.find.wanted ? Math.min(this.find.at, hits.length - 1) : -1;
    this.find = {wanted, hits, at};
    this.changed();
  }

  /** Goes to the next place where it stands, or the one before. */
  async go(by) {
    const {hits, at} = this.find;
    if (!hits.length) return;
    this.find.at = at < 0 && by < 0 ? hits.length - 1 : (at + by + hits.length) % hits.length;
    const {doc, way} = hits[this.find.at];
    await this.show(doc, way, ++this.moves);
  }

  // ---------------------------------------------------------------- what is copied

  /** A value as it was sent; of a string what it says. */
  valueOf(row) {
    return this.ask('source', {doc: row.doc, begin: row.begin, decoded: row.kind === 'string'});
  }

  documentOf(row) {
    return this.ask('whole', {doc: row.doc});
  }
}

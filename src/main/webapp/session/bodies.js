// Bodies of interactions, loaded when they come near the screen. Those seen last are kept, up to a size.
import {useLayoutEffect, useState} from '../vendor/preact.js';
import {attempt, call, useStore} from '../lib/core.js';

const MOST_BYTES = 24_000_000;
const AT_ONCE = 4;
const PATIENCE_MS = 60;

let scrolledAt = 0;
addEventListener('scroll', () => {
  scrolledAt = performance.now();
}, {passive: true});

let newOnly = true; // until a server does not know how to leave out what was said before

const isSame = (one, other) => one === other || JSON.stringify(one) === JSON.stringify(other);

/** How many messages at the beginning of one conversation stand at the beginning of another. */
function shared(messages, earlier) {
  let same = 0;
  while (same < messages.length && same < earlier.length && messages[same].role === earlier[same].role
    && isSame(messages[same].content, earlier[same].content) && isSame(messages[same], earlier[same])) same++;
  return same;
}

const messagesOf = body => body.details.conversation?.messages ?? [];

/** The bodies of one session. A body is named by its interaction and whether it is `whole` or only what is `new` in it. */
export class Bodies {
  constructor(sessionId) {
    this.path = `history/sessions/${encodeURIComponent(sessionId)}/interactions`;
    this.slots = new Map();
    this.waiting = [];
    this.running = 0;
    this.bytes = 0;
  }

  /** What is there of a body: `{body, error}`. */
  peek(name) {
    return this.slots.get(name) ?? {};
  }

  /** Wants a body and is told when it comes; gives a function that lets go of it. */
  want(name, entry, previous, told) {
    let slot = this.slots.get(name);
    if (!slot || slot.error) {
      slot = {name, entry, previous, watchers: slot?.watchers ?? new Set()};
      this.slots.set(name, slot);
      // what only flies past is not loaded
      setTimeout(() => {
        if (!slot.watchers.size) return;
        this.waiting.push(slot);
        this.next();
      }, performance.now() - scrolledAt < 2 * PATIENCE_MS ? PATIENCE_MS : 0);
    } else { // the one used last is at the end
      this.slots.delete(name);
      this.slots.set(name, slot);
    }
    slot.watchers.add(told);
    return () => {
      slot.watchers.delete(told);
      if (slot.watchers.size) return;
      if (slot.body) this.trim();
      else if (this.slots.get(name) === slot) {
        slot.aborter?.abort();
        this.slots.delete(name);
      }
    };
  }

  /** Loads what was asked for last, since that is where somebody looks. */
  next() {
    while (this.running < AT_ONCE && this.waiting.length) {
      const slot = this.waiting.pop();
      if (!slot.watchers.size || slot.body || slot.aborter) continue;
      this.running++;
      slot.aborter = new AbortController();
      this.load(slot, slot.aborter.signal).then(({body, bytes}) => {
        Object.assign(slot, {body, bytes});
        this.bytes += bytes;
        this.trim();
      }, error => {
        slot.error = error;
        if (error.kind === undefined && error.name !== 'AbortError') console.error(error);
      }).then(() => {
        this.running--;
        for (const told of [...slot.watchers]) told();
        this.next();
      });
    }
  }

  trim() {
    for (const [name, slot] of this.slots) {
      if (this.bytes <= MOST_BYTES) return;
      if (!slot.body || slot.watchers.size) continue;
      this.slots.delete(name);
      this.bytes -= slot.bytes;
    }
  }

  async load({name, entry, previous}, signal) {
    if (!name.endsWith('|new')) return this.whole(entry.id, signal);
    if (newOnly) {
      try {
        return await this.read(entry.id, signal, {messages: 'new'});
      } catch (error) {
        if (error.status !== 422) throw error;
        newOnly = false;
      }
    }
    const [{body, bytes}, earlier] =
      await Promise.all([this.whole(entry.id, signal), previous ? this.whole(previous.id, signal) : null]);
    const before = earlier ? shared(messagesOf(body), messagesOf(earlier.body)) : 0;
    const conversation = {...body.details.conversation, messages: messagesOf(body).slice(before)};
    return {
      bytes,
      body: {
        ...body,
        details: {...body.details, conversation, messages_before: before, previous_interaction_id: previous?.id ?? null},
      },
    };
  }

  /** A whole body, from those that are there if it is one of them. */
  async whole(id, signal) {
    const {body, bytes} = this.peek(`${id}|whole`);
    return body ? {body, bytes} : this.read(id, signal);
  }

  async read(id, signal, params) {
    const text = await (await call(`${this.path}/${encodeURIComponent(id)}`, {params, signal})).text();
    return {body: JSON.parse(text), bytes: text.length};
  }
}

/**
 * The body of an interaction, loaded while it is shown: `{body, error, retry}`.
 *
 * @param isWhole whether a conversation is wanted from its beginning on, and not only what is new in this turn
 */
export function useBody(bodies, entry, previous, isWhole) {
  const name = `${entry.id}|${entry.type === 'llm' && !isWhole ? 'new' : 'whole'}`;
  const [asked, ask] = useState(0);
  const [, redraw] = useState(0);
  const tried = useStore(attempt);
  useLayoutEffect(() => bodies.want(name, entry, previous, () => redraw(n => n + 1)), [bodies, name, asked, tried]);
  const {body, error} = bodies.peek(name);
  return {body, error: error?.name === 'AbortError' ? undefined : error, retry: () => ask(n => n + 1)};
}

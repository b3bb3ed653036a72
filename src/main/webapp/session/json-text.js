// JSON as the text it was sent as. A value is known by the place where it begins, and is taken apart only when it is
// looked at: megabytes are not made into objects, every digit of a number stays, names keep their order and may repeat.

const QUOTE = 34;
const BACKSLASH = 92;
const COMMA = 44;
const PREVIEW = 240;

const isSpace = code => code === 32 || code === 10 || code === 13 || code === 9;
const isOpen = code => code === 123 || code === 91;
const isClose = code => code === 125 || code === 93;

function skipSpace(text, at) {
  let here = at;
  while (isSpace(text.charCodeAt(here))) here++;
  return here;
}

/** Where a string that begins at `at` has ended. */
function skipString(text, at) {
  let here = at;
  for (;;) {
    here = text.indexOf('"', here + 1);
    if (here < 0) throw new SyntaxError('The JSON ends within a string.');
    let slashes = 0;
    while (text.charCodeAt(here - 1 - slashes) === BACKSLASH) slashes++;
    if (slashes % 2 === 0) return here + 1;
  }
}

function skipPlain(text, at) {
  let here = at;
  while (here < text.length) {
    const code = text.charCodeAt(here);
    if (code === COMMA || isClose(code) || isSpace(code)) break;
    here++;
  }
  if (here === at) throw new SyntaxError(`No JSON value at ${at}.`);
  return here;
}

/** Where a value ends, and how many values an object or an array has: `{end, total}`. */
export function measure(text, at) {
  const first = text.charCodeAt(at);
  if (first === QUOTE) return {end: skipString(text, at), total: 0};
  if (!isOpen(first)) return {end: skipPlain(text, at), total: 0};
  let depth = 0;
  let total = 0;
  let here = at;
  while (here < text.length) {
    const code = text.charCodeAt(here);
    if (code === QUOTE) {
      here = skipString(text, here);
      continue;
    }
    here++;
    if (isOpen(code)) depth++;
    else if (isClose(code) && --depth === 0) {
      const isEmpty = isClose(text.charCodeAt(skipSpace(text, at + 1)));
      return {end: here, total: isEmpty ? 0 : total + 1};
    } else if (code === COMMA && depth === 1) {
      total++;
    }
  }
  throw new SyntaxError('The JSON ends within a value.');
}

const KINDS = {'{': 'object', '[': 'array', '"': 'string', t: 'boolean', f: 'boolean', n: 'null'};

/** What a value is: `{kind, begin, end, total, preview}`, the preview being the begin of its text. */
export function describe(text, begin) {
  const {end, total} = measure(text, begin);
  const kind = KINDS[text[begin]] ?? 'number';
  // a number is never cut
  const cut = kind === 'number' ? end : Math.min(end, begin + PREVIEW);
  return {kind, begin, end, total, preview: text.slice(begin, cut), isLong: kind === 'string' && isLong(text, begin, end)};
}

// what has lines or does not fit is read better as text
const isLong = (text, begin, end) => end - begin > PREVIEW || text.slice(begin, end).includes('\\n');

/** The text that a JSON string stands for. */
export const decode = source => source.includes('\\') ? JSON.parse(source) : source.slice(1, -1);

export const root = text => describe(text, skipSpace(text, 0));

/** Where the values of an object or array are: `[{name, begin}]`, the name being where it begins or -1. */
export function places(text, begin) {
  const named = text[begin] === '{';
  const found = [];
  let at = skipSpace(text, begin + 1);
  while (!isClose(text.charCodeAt(at))) {
    if (at >= text.length) throw new SyntaxError('The JSON ends within a value.');
    const name = named ? at : -1;
    if (named) at = skipSpace(text, skipSpace(text, skipString(text, at)) + 1);
    found.push({name, begin: at});
    at = skipSpace(text, measure(text, at).end);
    if (text.charCodeAt(at) === COMMA) at = skipSpace(text, at + 1);
  }
  return found;
}

/** One of the values of an object or array, described and with its `name` or index. */
export function child(text, {name, begin}, index) {
  return {...describe(text, begin), index, name: name < 0 ? index : decode(text.slice(name, skipString(text, name)))};
}

/** The way to a value by names and indexes: `[{begin, index}]` of what it stands in and then itself, as far as it goes. */
export function follow(text, names, placesOf = places) {
  const way = [{begin: skipSpace(text, 0), index: 0}];
  for (const name of names) {
    const {begin} = way.at(-1);
    if (!isOpen(text.charCodeAt(begin))) break;
    const all = placesOf(text, begin);
    const isNamed = text[begin] === '{';
    const index = isNamed ? all.findIndex((place, at) => child(text, place, at).name === name) : Number(name);
    if (!all[index]) break;
    way.push({begin: all[index].begin, index});
  }
  return way;
}

/**
 * Every name and value in which something stands, however it is written; case does not count.
 *
 * @returns `[{way, isName}]`, the way as `follow` gives it, at most `most` of them
 */
export function search(text, wanted, most) {
  const want = wanted.toLowerCase();
  const hits = [];
  const way = [];
  let index = 0;
  let at = skipSpace(text, 0);
  const hit = (begin, isName) => hits.push({way: [...way.map(step => ({begin: step.begin, index: step.index})), {begin, index}], isName});
  while (at < text.length && hits.length < most) {
    const code = text.charCodeAt(at);
    if (isSpace(code)) {
      at++;
    } else if (code === COMMA) {
      index++;
      at++;
    } else if (isOpen(code)) {
      way.push({begin: at, index});
      index = 0;
      at++;
    } else if (isClose(code)) {
      index = way.pop().index;
      at++;
    } else if (code === QUOTE) {
      const end = skipString(text, at);
      const next = skipSpace(text, end);
      const isName = text[next] === ':';
      const begin = isName ? skipSpace(text, next + 1) : at;
      if (decode(text.slice(at, end)).toLowerCase().includes(want)) {
        if (!isName && hits.at(-1)?.isName && hits.at(-1).way.at(-1).begin === begin) hits.at(-1).isName = false;
        else hit(begin, isName);
      }
      at = isName ? begin : end;
    } else {
      const end = skipPlain(text, at);
      if (text.slice(at, end).toLowerCase().includes(want) && hits.at(-1)?.way.at(-1).begin !== at) hit(at, false);
      at = end;
    }
  }
  return hits;
}

/** The interactions of a session in the order of time, from its JSON: `[{id, type, timestamp_us, size_bytes}]`. */
export function interactionsOf(text) {
  const session = JSON.parse(text);
  const found = new Map();
  const add = (list, type) => {
    for (const one of list ?? []) {
      found.set(one.id, {id: one.id, type: one.type ?? type, timestamp_us: one.timestamp_us, size_bytes: one.size_bytes ?? null});
    }
  };
  for (const stage of session.stages ?? []) {
    add(stage.llm_interactions, 'llm');
    add(stage.mcp_communications, 'mcp');
  }
  add(session.session_level_interactions, '');
  return [...found.values()].sort((one, other) => one.timestamp_us - other.timestamp_us);
}

// The rows of a tree of JSON, without the page: what is open is taken apart, long lists in pieces, and what is not there
// yet is asked for.

export const PIECE = 100;

/** The pieces in which so many values are shown: `[[from, to]]`, or null if all are few enough to be shown at once. */
export function pieces(from, to) {
  if (to - from <= PIECE) return null;
  let size = PIECE;
  while ((to - from) / size > PIECE) size *= PIECE;
  const made = [];
  for (let at = from; at < to; at += size) made.push([at, Math.min(to, at + size)]);
  return made;
}

const pieceKey = (key, from, to) => `${key}#${from}-${to}`;

/** The keys of the pieces in which one of so many values stands, from the outside in. */
export function piecesAround(key, total, index) {
  const keys = [];
  let range = [0, total];
  for (let all = pieces(...range); all; all = pieces(...range)) {
    range = all.find(([from, to]) => index >= from && index < to) ?? all[0];
    keys.push(pieceKey(key, ...range));
  }
  return keys;
}

export const valueKey = (doc, begin) => `${doc}@${begin}`;

/** The keys that must be open for a value to be seen: of what it stands in, and of the pieces in between. */
export function keysAround(doc, way, totals) {
  const keys = [doc];
  way.slice(0, -1).forEach(({begin}, depth) => {
    const key = depth === 0 ? doc : valueKey(doc, begin);
    keys.push(key, ...piecesAround(key, totals[depth], way[depth + 1].index));
  });
  return keys;
}

const escaped = name => String(name).replace(/~/g, '~0').replace(/\//g, '~1');
/** A path as the URL has it (RFC 6901) and the names in it. */
export const pathOf = names => names.map(name => `/${escaped(name)}`).join('');
export const namesOf = path => path.split('/').slice(1).map(name => name.replace(/~1/g, '/').replace(/~0/g, '~'));

/** A path as jq takes it: `.stages[0]["stage name"]`. */
export function jqPath(names) {
  const text = names.map(name => typeof name === 'number' ? `[${name}]`
    : /^[A-Za-z_]\w*$/.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`).join('');
  return text.startsWith('.') ? text : `.${text}`;
}

/**
 * The rows that are seen.
 *
 * @param roots `[{doc, name, label, root, error}]`, or `{key, name, label, list}` with a list of the like; `root` is what is known of
 *   the value of a document, undefined before it is there
 * @param open the keys of what is open
 * @param childOf one of the values of an object or array, undefined before it is there: `(doc, begin, index)`
 * @returns `{rows, wanted: {docs, parts}}`: what must be loaded for what is open to be seen
 */
export function outline({roots, open, childOf}) {
  const rows = [];
  const wanted = {docs: [], parts: []};
  addAll(roots.length, index => addRoot(roots[index], null, index, roots.length), null);
  return {rows, wanted};

  function put(row) {
    row.level = row.parent ? row.parent.level + 1 : 1;
    row.isOpen = row.canOpen && open.has(row.key);
    rows.push(row);
    return row;
  }

  // what is behind a piece that is closed is not even looked at
  function addAll(total, add, parent, from = 0, to = total) {
    const inPieces = pieces(from, to);
    if (!inPieces) {
      for (let index = from; index < to; index++) add(index, parent);
      return;
    }
    inPieces.forEach(([begin, end], at) => {
      const row = put({
        key: pieceKey(parent.whole ?? parent.key, begin, end), whole: parent.whole ?? parent.key, kind: 'piece', parent, doc: parent.doc,
        name: `${begin} … ${end - 1}`, canOpen: true, position: at + 1, size: inPieces.length, path: null, names: parent.names,
        stem: parent.path ?? parent.stem,
      });
      if (row.isOpen) addAll(total, add, row, begin, end);
    });
  }

  function addRoot(one, parent, index, size) {
    const stem = parent?.path ?? parent?.stem ?? '';
    const row = put({
      key: one.key ?? one.doc, kind: one.list ? 'list' : one.root?.kind ?? 'waiting', parent, doc: one.doc ?? null, names: [],
      begin: one.root?.begin, preview: one.root?.preview ?? '', total: one.list?.length ?? one.root?.total ?? null,
      name: one.name, label: one.label, path: `${stem}${pathOf([one.name])}`, canOpen: true, position: index + 1, size,
    });
    if (!row.isOpen) return;
    if (one.list) addAll(one.list.length, (at, above) => addRoot(one.list[at], above, at, one.list.length), row);
    else if (one.error) put({...standIn(row, '!'), kind: 'error', error: one.error});
    else if (!one.root) waiting(row, () => wanted.docs.push(one.doc));
    else addValues(row, one.root);
  }

  function addValues(row, {begin, total}) {
    const missing = {from: Infinity, to: -1};
    addAll(total, (index, parent) => {
      const item = childOf(row.doc, begin, index);
      if (item) {
        addValue(item, parent, total);
      } else {
        missing.from = Math.min(missing.from, index);
        missing.to = Math.max(missing.to, index + 1);
        // one row stands for all that is missing of a piece
        if (index === total - 1 || index % PIECE === PIECE - 1) {
          const {from, to} = missing;
          waiting(parent, () => wanted.parts.push({doc: row.doc, begin, from, to}));
          missing.from = Infinity;
          missing.to = -1;
        }
      }
    }, row);
  }

  function addValue(item, parent, size) {
    const names = [...parent.names, item.name];
    const row = put({
      ...item, key: valueKey(parent.doc, item.begin), doc: parent.doc, parent, names, size, position: item.index + 1,
      path: `${parent.path ?? parent.stem}${pathOf([item.name])}`, canOpen: item.total > 0 || item.isLong,
    });
    if (row.isOpen && !item.isLong) addValues(row, item);
  }

  function waiting(parent, want) {
    want();
    put({...standIn(parent, '?'), kind: 'waiting'});
  }
}

const standIn = (parent, sign) => ({
  key: parent.key + sign, parent, doc: parent.doc, name: '', canOpen: false, position: 1, size: 1, path: null, names: [],
});

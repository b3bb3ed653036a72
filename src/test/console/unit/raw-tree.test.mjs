import assert from 'node:assert/strict';
import {test} from 'node:test';
import {child, follow, describe, places, root} from '../../../main/webapp/session/json-text.js';
import {jqPath, keysAround, namesOf, outline, pathOf, pieces, piecesAround, valueKey} from '../../../main/webapp/session/raw-tree.js';

const seen = (text, open, more = {}) => outline({
  roots: [{doc: 'd', name: 'session', label: 'Session', root: root(text)}],
  open: new Set(['d', ...open]),
  childOf: (doc, begin, index) => child(text, places(text, begin)[index], index),
  ...more,
});

test('what is closed is not shown, what is open is', () => {
  const text = '{"a":{"b":[1,2]},"c":null}';
  assert.deepEqual(seen(text, []).rows.map(row => row.name), ['session', 'a', 'c']);
  const {rows} = seen(text, [valueKey('d', 5), valueKey('d', 10)]);
  assert.deepEqual(rows.map(row => [row.level, row.name, row.path]), [
    [1, 'session', '/session'], [2, 'a', '/session/a'], [3, 'b', '/session/a/b'], [4, 0, '/session/a/b/0'], [4, 1, '/session/a/b/1'],
    [2, 'c', '/session/c'],
  ]);
  assert.deepEqual(rows.at(-2).names, ['a', 'b', 1]);
});

test('long lists are shown in pieces of pieces', () => {
  assert.equal(pieces(0, 100), null);
  assert.deepEqual(pieces(0, 250), [[0, 100], [100, 200], [200, 250]]);
  assert.deepEqual(pieces(0, 20_000), [[0, 10_000], [10_000, 20_000]]);
  assert.deepEqual(piecesAround('k', 20_000, 12_345), ['k#10000-20000', 'k#12300-12400']);
  assert.deepEqual(piecesAround('k', 7, 3), []);
  const text = JSON.stringify(Array.from({length: 250}, (_, i) => i));
  assert.deepEqual(seen(text, []).rows.map(row => row.name), ['session', '0 … 99', '100 … 199', '200 … 249']);
  const {rows} = seen(text, ['d#200-250']);
  assert.equal(rows.length, 54);
  assert.equal(rows.at(-1).path, '/session/249');
  assert.equal(rows.at(-1).level, 3);
});

test('what is opened around a found value shows it', () => {
  const text = JSON.stringify({list: Array.from({length: 12_000}, (_, i) => ({n: i}))});
  const way = follow(text, ['list', '11987', 'n']);
  const totals = way.map(step => describe(text, step.begin).total);
  const all = new Map();
  const {rows} = seen(text, keysAround('d', way, totals), {
    childOf: (doc, begin, index) => {
      if (!all.has(begin)) all.set(begin, places(text, begin));
      return child(text, all.get(begin)[index], index);
    },
  });
  const row = rows.find(one => one.path === '/session/list/11987/n');
  assert.equal(row.preview, '11987');
  assert.equal(row.key, valueKey('d', way.at(-1).begin));
});

test('what is not there yet is wanted once for each piece', () => {
  const text = JSON.stringify(Array.from({length: 150}, (_, i) => i));
  const {rows, wanted} = seen(text, ['d#0-100', 'd#100-150'], {childOf: () => undefined});
  assert.deepEqual(wanted.parts, [{doc: 'd', begin: 0, from: 0, to: 100}, {doc: 'd', begin: 0, from: 100, to: 150}]);
  assert.equal(rows.filter(row => row.kind === 'waiting').length, 2);
});

test('documents are wanted when they are opened', () => {
  const roots = [{key: 'all', name: 'interactions', label: 'Interactions', list: Array.from({length: 130}, (_, i) => ({doc: `i:${i}`, name: `${i}`, label: `${i}`}))}];
  const closed = outline({roots, open: new Set(['all', 'all#0-100']), childOf: () => undefined});
  assert.deepEqual(closed.wanted.docs, []);
  assert.equal(closed.rows.length, 1 + 2 + 100);
  const {rows, wanted} = outline({roots, open: new Set(['all', 'all#0-100', 'i:7']), childOf: () => undefined});
  assert.deepEqual(wanted.docs, ['i:7']);
  assert.equal(rows.find(row => row.doc === 'i:7').path, '/interactions/7');
});

test('paths come back from the URL as they went in', () => {
  for (const names of [['a', 'b/c', '~x~1', '', '0'], ['session'], ['<b>', 'ü 😀']]) assert.deepEqual(namesOf(pathOf(names)), names);
});

test('paths are written for jq', () => {
  assert.equal(jqPath(['stages', 0, 'stage name', 'x']), '.stages[0]["stage name"].x');
  assert.equal(jqPath([]), '.');
  assert.equal(jqPath([3, 'a"b']), '.[3]["a\\"b"]');
});

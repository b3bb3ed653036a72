import assert from 'node:assert/strict';
import {test} from 'node:test';
import {child, decode, describe, follow, interactionsOf, measure, places, root, search} from '../../../main/webapp/session/json-text.js';

const children = (text, begin = 0) => places(text, begin).map((place, at) => child(text, place, at));
const value = (text, way) => text.slice(way.at(-1).begin, describe(text, way.at(-1).begin).end);

test('numbers stay as they were sent', () => {
  const numbers = ['9007199254740993', '12345678901234567890123456789', '1.0', '1.10', '-0', '0.1000000000000000055511151231257827', '1E400', '1e-7',
    '3.141592653589793238462643383279502884197'];
  const text = `{"list": [${numbers.join(' , ')}], "alone": 10000000000000000000.000}`;
  const [list, alone] = children(text);
  assert.deepEqual(children(text, list.begin).map(one => one.preview), numbers);
  assert.equal(alone.preview, '10000000000000000000.000');
  assert.equal(alone.kind, 'number');
  assert.notDeepEqual(numbers.map(one => JSON.stringify(JSON.parse(one))), numbers); // which JSON.parse alone would lose
  const digits = '7'.repeat(1_000);
  assert.equal(root(digits).preview, digits);
});

test('names keep their order, may repeat and may be anything', () => {
  const text = '{"10":1,"2":2,"2":3,"":4,"a\\u0062\\"\\\\":5,"__proto__":6}';
  assert.deepEqual(children(text).map(one => [one.name, one.preview]),
    [['10', '1'], ['2', '2'], ['2', '3'], ['', '4'], ['ab"\\', '5'], ['__proto__', '6']]);
});

test('kinds and sizes are known without what is inside', () => {
  const text = ' { "o" : { } , "a" : [ ] , "n" : [[1,2],[3],"],[",{"x":[]}] , "s":"}" , "t":true , "f" : false , "z":null } ';
  const all = children(text, 1);
  assert.deepEqual(all.map(one => [one.name, one.kind, one.total]),
    [['o', 'object', 0], ['a', 'array', 0], ['n', 'array', 4], ['s', 'string', 0], ['t', 'boolean', 0], ['f', 'boolean', 0], ['z', 'null', 0]]);
  assert.equal(root(text).total, 7);
});

test('strings end where they end', () => {
  for (const string of ['', '\\', '"', '\\"', 'a\\\\', '\u0000', '\u{1F600}', '\n'.repeat(3), '{"a":[']) {
    const source = JSON.stringify(string);
    assert.equal(measure(`[${source},1]`, 1).end, source.length + 1);
    assert.equal(decode(source), string);
  }
});

test('what has lines or is long is told to be a text', () => {
  assert.equal(root('"one line"').isLong, false);
  assert.equal(root(JSON.stringify('two\nlines')).isLong, true);
  assert.equal(root(JSON.stringify('x'.repeat(500))).isLong, true);
  assert.ok(root(JSON.stringify('x'.repeat(1_000_000))).preview.length < 500);
});

test('a way is followed by names and indexes as far as it goes', () => {
  const text = '{"a":[{"b":1},{"b":{"c d":"here"}}]}';
  assert.equal(value(text, follow(text, ['a', '1', 'b', 'c d'])), '"here"');
  assert.equal(value(text, follow(text, ['a', '7', 'b'])), '[{"b":1},{"b":{"c d":"here"}}]');
  assert.equal(follow(text, []).length, 1);
  assert.deepEqual(follow(text, ['a', '1', 'b']).map(step => step.index), [0, 0, 1, 0]);
});

test('search finds names and values with the way to them', () => {
  const text = '{"Pod":{"name":"cart-7","tags":["x","a CART\\nb"],"cart":{"n":7}},"count":77,"ok":true,"\\u0063art":1}';
  const hits = search(text, 'cart', 100);
  assert.deepEqual(hits.map(hit => [value(text, hit.way), hit.isName]),
    [['"cart-7"', false], ['"a CART\\nb"', false], ['{"n":7}', true], ['1', true]]);
  for (const hit of hits) {
    const names = hit.way.slice(1).map(({begin, index}, at) => children(text, hit.way[at].begin)[index].name);
    assert.deepEqual(follow(text, names.map(String)).map(step => step.begin), hit.way.map(step => step.begin));
  }
  assert.deepEqual(search(text, '77', 100).map(hit => value(text, hit.way)), ['77']);
  assert.deepEqual(search(text, 'true', 100).map(hit => value(text, hit.way)), ['true']);
  assert.equal(search(text, 'a', 2).length, 2);
  assert.deepEqual(search('"cart"', 'art', 9).map(hit => hit.way), [[{begin: 0, index: 0}]]);
});

test('a name and its value that both have it are one hit', () => {
  assert.equal(search('{"cart":"cart"}', 'cart', 9).length, 1);
  assert.equal(search('{"7":7}', '7', 9).length, 1);
});

test('five megabytes are taken apart and searched quickly', () => {
  const text = JSON.stringify({items: Array.from({length: 40_000}, (_, i) => ({id: i, text: `pod ${i} was "OOMKilled"\n${'x'.repeat(80)}`}))});
  assert.ok(text.length > 4_900_000);
  const started = performance.now();
  const [items] = children(text);
  assert.equal(items.total, 40_000);
  const all = places(text, items.begin);
  assert.equal(child(text, all[39_999], 39_999).total, 2);
  assert.equal(search(text, 'oomkilled', 5_000).length, 5_000);
  assert.ok(performance.now() - started < 2_000);
});

test('what is cut off is a mistake and no endless loop', () => {
  for (const text of ['{"a":', '[1,', '"abc', '{"a":[1,2', '']) assert.throws(() => root(text), SyntaxError, text);
});

test('the interactions of a session are in the order of time, once each', () => {
  const text = JSON.stringify({
    stages: [{llm_interactions: [{id: 'b', timestamp_us: 2, size_bytes: 5}], mcp_communications: [{id: 'c', timestamp_us: 3}]}],
    session_level_interactions: [{id: 'a', timestamp_us: 1, type: 'llm'}],
  });
  assert.deepEqual(interactionsOf(text).map(one => `${one.type} ${one.id}`), ['llm a', 'llm b', 'mcp c']);
});

import assert from 'node:assert/strict';
import {test} from 'node:test';
import {change, differences, leaves, memberOf, pairModels, pairStages, pairTools} from '../../../main/webapp/compare/comparison.js';
import {counts, diffRows, folds, unified} from '../../../main/webapp/compare/text-diff.js';
import diff from '../../../main/webapp/vendor/diff.js';

const stage = (name, index, parallel = null) => ({stage_name: name, stage_index: index, parallel_index: parallel});
const names = pairs => pairs.map(({left, right}) => `${left?.stage_name ?? '–'} ${right?.stage_name ?? '–'}`);
const call = (server, tool, ms, success = true) =>
  ({type: 'mcp', duration_ms: ms, details: {server_name: server, tool_name: tool, communication_type: 'tool_call', success}});
const ask = (model, input, output) =>
  ({type: 'llm', duration_ms: 5, details: {model_name: model, input_tokens: input, output_tokens: output, total_tokens: input === null ? null : input + output}});

test('a change is told by how much and in percent where there is something to compare with', () => {
  assert.deepEqual(change(200, 250), {by: 50, percent: 25});
  assert.deepEqual(change(0, 5), {by: 5, percent: null});
  assert.deepEqual(change(5, 5), {by: 0, percent: null});
  assert.equal(change(null, 5), null);
  assert.equal(change(5, undefined), null);
});

test('stages of the same name belong together, others at the same index', () => {
  assert.deepEqual(names(pairStages([stage('a', 0), stage('b', 1), stage('d', 2)], [stage('a', 0), stage('c', 1), stage('d', 2)])), ['a a', 'b c', 'd d']);
  assert.deepEqual(names(pairStages([stage('a', 0), stage('d', 1)], [stage('a', 0), stage('b', 1), stage('d', 2)])), ['a a', '– b', 'd d']);
  assert.deepEqual(names(pairStages([], [stage('x', 0)])), ['– x']);
  assert.deepEqual(names(pairStages([stage('x', 0)], [])), ['x –']);
  assert.deepEqual(names(pairStages([stage('p', 0, 1), stage('p', 0, 2)], [stage('p', 0, 2)])), ['p –', 'p p']);
});

test('tools are counted by server and name, lists of tools are not calls', () => {
  const list = {type: 'mcp', duration_ms: 9, details: {server_name: 'k', communication_type: 'tool_list', tool_name: ''}};
  const pairs = pairTools([list, call('k', 'get', 10), call('k', 'get', 20, false), call('p', 'query', null)], [call('k', 'get', 5), call('l', 'logs', 7), ask('m', 1, 1)]);
  assert.deepEqual(pairs.map(({left, right}) => [left?.tool ?? null, right?.tool ?? null]), [['get', 'get'], ['query', null], [null, 'logs']]);
  assert.deepEqual(pairs[0].left, {server: 'k', tool: 'get', calls: 2, errors: 1, durationMs: 30});
});

test('tokens of models add up, and unknown ones stay unknown', () => {
  const [both, left] = pairModels([ask('m', 10, 2), ask('m', 5, 1), ask('n', null, null)], [ask('m', 1, 1)]);
  assert.deepEqual([both.left.calls, both.left.input, both.left.output, both.left.total], [2, 15, 3, 18]);
  assert.equal(left.left.total, null);
  assert.equal(left.right, null);
});

test('alerts are compared value by value, to the last digit', () => {
  const {differing, same} = differences(
    '{"pod":"a","n":{"x":1,"id":9007199254740993},"list":[1,2],"gone":true,"e":{}}',
    '{"pod":"b","n":{"x":1,"id":9007199254740992},"list":[1],"new key":null,"e":{}}');
  assert.deepEqual(differing, [
    {path: '.pod', left: '"a"', right: '"b"'}, {path: '.n.id', left: '9007199254740993', right: '9007199254740992'},
    {path: '.list[1]', left: '2', right: undefined}, {path: '.gone', left: 'true', right: undefined},
    {path: '.["new key"]', left: undefined, right: 'null'},
  ]);
  assert.equal(same, 3);
  assert.deepEqual([...leaves('{}')], [['.', '{}']]);
});

test('lines are put side by side with the words that differ', () => {
  const rows = diffRows(diff, 'one\nthe quick fox\ngone\nlast', 'one\nthe slow fox\nlast\nmore');
  assert.deepEqual(rows.map(row => [row.kind, row.left?.number ?? null, row.right?.number ?? null]),
    [['same', 1, 1], ['changed', 2, 2], ['removed', 3, null], ['same', 4, 3], ['added', null, 4]].map(row => row));
  assert.deepEqual(rows[1].left.pieces.filter(piece => piece.differs).map(piece => piece.text), ['quick']);
  assert.deepEqual(rows[1].right.pieces.map(piece => piece.text).join(''), 'the slow fox');
  assert.deepEqual(counts(rows), {added: 2, removed: 2});
});

test('equal texts have only equal lines', () => {
  assert.ok(diffRows(diff, 'a\nb\n', 'a\nb\n').every(row => row.kind === 'same'));
  assert.deepEqual(diffRows(diff, '', ''), []);
});

test('long runs of equal lines are folded', () => {
  const left = Array.from({length: 40}, (_, i) => `line ${i}`);
  const right = left.map(line => line === 'line 20' ? 'other' : line);
  const groups = folds(diffRows(diff, left.join('\n'), right.join('\n')));
  assert.deepEqual(groups.map(group => [group.isFolded, group.rows.length]), [[true, 17], [false, 7], [true, 16]]);
});

test('in one column what was stands before what is', () => {
  const lines = unified(diffRows(diff, 'a\nb one\nc one\nd', 'a\nb two\nc two\nd\ne'));
  assert.deepEqual(lines.map(line => `${line.kind[0]}${line.number}`), ['s1', 'r2', 'r3', 'a2', 'a3', 's4', 'a5']);
});

test('texts that have nothing in common do not take forever', () => {
  const text = seed => Array.from({length: 8_000}, (_, i) => `${seed} ${(i * 7919 * seed) % 10_007}`).join('\n');
  const started = performance.now();
  const rows = diffRows(diff, text(3), text(5));
  assert.ok(rows.length >= 8_000);
  assert.ok(performance.now() - started < 5_000, `${performance.now() - started}`);
});

test('one member of an object is found without what surrounds it', () => {
  assert.equal(memberOf('{"a": {"b": 1}, "b": [1.0, "}"]}', 'b'), '[1.0, "}"]');
  assert.equal(memberOf('{"a":1}', 'b'), null);
  assert.equal(memberOf('{}', 'b'), null);
});

// In which order the console reads a conversation.
import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {order, tree} from '../../../main/webapp/session/order.js';

const stage = (id, parent = null, started = 10) => ({execution_id: id, parent_stage_execution_id: parent, started_at_us: started});
const entry = (id, type, stageId, at) => ({id, type, stage_execution_id: stageId, timestamp_us: at, details: {}});
const keys = items => items.map(item => item.key);

describe('stages', () => {
  test('stand after their parents', () => {
    const listed = tree([stage('a'), stage('b'), stage('a1', 'a'), stage('a2', 'a')]);
    assert.deepEqual(listed.map(({stage: {execution_id: id}, depth}) => `${id}${depth}`), ['a0', 'a11', 'a21', 'b0']);
  });
  test('whose parent is unknown, or themselves, or in a ring, are all listed once', () => {
    const listed = tree([stage('a', 'gone'), stage('b', 'b'), stage('c', 'd'), stage('d', 'c')]);
    assert.deepEqual(listed.map(({stage: {execution_id: id}}) => id).sort(), ['a', 'b', 'c', 'd']);
  });
});

describe('steps', () => {
  test('stand by stage, and by time within it', () => {
    const {items, places} = order([stage('a'), stage('b')],
      [entry('1', 'llm', 'a', 11), entry('2', 'llm', 'b', 12), entry('3', 'mcp', 'a', 13)]);
    assert.deepEqual(keys(items), ['stage:a', '1', '3', 'stage:b', '2']);
    assert.equal(places.get('2'), 4);
    assert.deepEqual(items.filter(item => item.entry).map(item => item.number), [1, 3, 2]);
  });
  test('know the turn before them in their own stage', () => {
    const {items} = order([stage('a'), stage('b')],
      [entry('1', 'llm', 'a', 11), entry('2', 'llm', 'b', 12), entry('3', 'mcp', 'a', 13), entry('4', 'llm', 'a', 14)]);
    const before = Object.fromEntries(items.filter(item => item.entry).map(item => [item.key, item.previous?.id ?? null]));
    assert.deepEqual(before, {1: null, 2: null, 3: '1', 4: '1'});
  });
  test('of no stage, or of one that is not known yet, come first or last', () => {
    const {items} = order([stage('a')], [entry('1', 'llm', null, 5), entry('2', 'mcp', 'a', 11), entry('3', 'llm', 'new', 12)]);
    assert.deepEqual(keys(items), ['stage:before', '1', 'stage:a', '2', 'stage:after', '3']);
  });
  test('of a session without stages are listed all the same', () => {
    assert.deepEqual(keys(order([], [entry('1', 'llm', null, 5)]).items), ['stage:before', '1']);
    assert.deepEqual(order([], []).items, []);
  });
});

import assert from 'node:assert/strict';
import {test} from 'node:test';
import {account, findNode, layout, overview, percents, rowsOf, rowsWithin, stepName} from '../../../main/webapp/session/waterfall.js';

const SECOND = 1_000_000;
const T = 1_700_000_000 * SECOND;
const at = seconds => T + seconds * SECOND;

const session = (status, from, to = null) => ({
  status, started_at_us: at(from), completed_at_us: to === null ? null : at(to),
});
const stage = (id, from, to, more = {}) => ({
  execution_id: id, stage_id: id, stage_name: id, stage_index: 0, status: to === null ? 'active' : 'completed',
  started_at_us: from === null ? null : at(from), completed_at_us: to === null ? null : at(to),
  parent_stage_execution_id: null, ...more,
});
const step = (id, stageId, endSeconds, durationMs, type = 'llm', details = {}) => ({
  id, type, stage_execution_id: stageId, timestamp_us: at(endSeconds), duration_ms: durationMs,
  details: {success: true, error_message: null, model_name: 'm', server_name: 's', tool_name: 't', ...details},
});
const keys = rows => rows.map(row => row.key);
const offsets = node => [(node.beginUs - T) / SECOND, (node.endUs - T) / SECOND];

test('a step ends when it was recorded and began by its duration earlier', () => {
  const plan = layout({session: session('completed', 0, 10), stages: [stage('a', 0, 10)], entries: [step('x', 'a', 10, 4_000)], nowUs: 0});
  assert.deepEqual(offsets(findNode(plan.root, 'i:x')), [6, 10]);
});

test('a step without a duration is an instant', () => {
  const plan = layout({session: session('completed', 0, 10), stages: [stage('a', 0, 10)], entries: [step('x', 'a', 5, null)], nowUs: 0});
  const node = findNode(plan.root, 'i:x');
  assert.equal(node.instant, true);
  assert.deepEqual(offsets(node), [5, 5]);
});

test('child stages stand in their parent, and all is in the order of time', () => {
  const stages = [
    stage('parent', 0, 10),
    stage('two', 3, 9, {parent_stage_execution_id: 'parent', parallel_index: 2}),
    stage('one', 1, 10, {parent_stage_execution_id: 'parent', parallel_index: 1}),
  ];
  const entries = [step('a', 'one', 10, 9_000), step('b', 'two', 9, 6_000), step('alone', null, 12, 2_000)];
  const plan = layout({session: session('completed', 0, 12), stages, entries, nowUs: 0});
  const rows = rowsOf(plan.root, new Set());
  assert.deepEqual(keys(rows).filter(key => !key.startsWith('g:')), ['s:parent', 's:one', 'i:a', 's:two', 'i:b', 'i:alone']);
  assert.deepEqual(rows.map(row => row.depth), rows.map(row => row.key === 's:parent' || row.key === 'i:alone' ? 0
    : row.key.startsWith('s:') || row.kind === 'gap' && row.parent.key === 's:parent' ? 1 : 2));
  assert.deepEqual(keys(rowsOf(plan.root, new Set(['s:parent']))), ['s:parent', 'i:alone']);
});

test('stages that are each other’s parents are shown all the same', () => {
  const stages = [stage('a', 0, 1, {parent_stage_execution_id: 'b'}), stage('b', 0, 1, {parent_stage_execution_id: 'a'}),
    stage('c', 0, 1, {parent_stage_execution_id: 'c'}), stage('d', 0, 1, {parent_stage_execution_id: 'gone'})];
  const plan = layout({session: session('completed', 0, 1), stages, entries: [], nowUs: 0});
  assert.deepEqual(keys(rowsOf(plan.root, new Set())).sort(), ['s:a', 's:b', 's:c', 's:d']);
});

test('what runs goes on until now, what has not started has no bar', () => {
  const plan = layout({
    session: session('in_progress', 0), stages: [stage('a', 0, null), stage('later', null, null, {status: 'pending', stage_index: 1})],
    entries: [step('x', 'a', 2, 2_000)], nowUs: at(8),
  });
  const running = findNode(plan.root, 's:a');
  assert.equal(running.running, true);
  assert.deepEqual(offsets(running), [0, 8]);
  assert.equal(findNode(plan.root, 's:later').beginUs, null);
  assert.equal(rowsOf(plan.root, new Set()).at(-1).key, 's:later');
  assert.equal(plan.gaps.length, 1);
  assert.equal(plan.gaps[0].running, true);
});

test('a session that fell silent days ago is not squeezed into a pixel', () => {
  const plan = layout({session: session('in_progress', 0), stages: [stage('a', 0, null)], entries: [step('x', 'a', 60, 60_000)], nowUs: at(400_000)});
  assert.equal((plan.endUs - T) / SECOND, 90);
  assert.deepEqual(offsets(findNode(plan.root, 's:a')), [0, 400_000]);
  const {totalUs, llmUs, waitingUs} = account(plan);
  assert.deepEqual([totalUs, llmUs, waitingUs], [60 * SECOND, 60 * SECOND, 0]);
});

test('a stage of a session that is over ends with its last step even if nobody said so', () => {
  const plan = layout({session: session('failed', 0, 30), stages: [stage('a', 0, null)], entries: [step('x', 'a', 5, 1_000)], nowUs: at(900)});
  assert.deepEqual(offsets(findNode(plan.root, 's:a')), [0, 5]);
  assert.equal(findNode(plan.root, 's:a').running, false);
});

test('a step outside of the times of its stage makes the stage longer', () => {
  const plan = layout({session: session('completed', 0, 10), stages: [stage('a', 3, 6)], entries: [step('x', 'a', 8, 7_000)], nowUs: 0});
  assert.deepEqual(offsets(findNode(plan.root, 's:a')), [1, 8]);
});

test('the slowest path follows what was waited for and leaves no hole', () => {
  const stages = [stage('all', 0, 20), stage('fast', 0, 6, {parent_stage_execution_id: 'all'}), stage('slow', 0, 18, {parent_stage_execution_id: 'all'})];
  const entries = [
    step('f', 'fast', 6, 6_000), step('s1', 'slow', 8, 8_000), step('s2', 'slow', 18, 7_000, 'mcp'),
  ];
  const plan = layout({session: session('completed', 0, 20), stages, entries, nowUs: 0});
  let until = plan.beginUs;
  for (const segment of plan.path) {
    assert.equal(segment.beginUs, until);
    until = segment.endUs;
  }
  assert.equal(until, plan.root.endUs);
  assert.equal(findNode(plan.root, 'i:f').pathUs, 0);
  assert.equal(findNode(plan.root, 'i:s1').pathUs, 8 * SECOND);
  const told = account(plan);
  assert.deepEqual([told.totalUs, told.llmUs, told.mcpUs, told.waitingUs].map(us => us / SECOND), [20, 8, 7, 5]);
  assert.deepEqual(told.slowest.map(node => node.key), ['i:s1', 'i:s2']);
});

test('of steps that overlap each time counts once', () => {
  const entries = [step('long', 'a', 10, 10_000, 'mcp'), step('short', 'a', 7, 4_000), step('late', 'a', 12, 4_000)];
  const plan = layout({session: session('completed', 0, 12), stages: [stage('a', 0, 12)], entries, nowUs: 0});
  const {totalUs, llmUs, mcpUs, waitingUs} = account(plan);
  assert.equal(totalUs, 12 * SECOND);
  assert.equal(llmUs + mcpUs, 12 * SECOND);
  assert.equal(waitingUs, 0);
});

test('the longest times without a record are named where they are, and only those', () => {
  const entries = [step('a1', 'a', 1, 1_000), step('a2', 'a', 45, 2_000), step('a3', 'a', 46.2, 1_000), step('a4', 'a', 50, 3_800)];
  const plan = layout({session: session('completed', 0, 50), stages: [stage('a', 0, 50)], entries, nowUs: 0});
  const rows = rowsOf(plan.root, new Set());
  assert.deepEqual(rows.map(row => row.kind), ['stage', 'llm', 'gap', 'llm', 'llm', 'llm']);
  assert.deepEqual(offsets(rows[2]), [1, 43]);
});

test('errors are known by success and by message', () => {
  const entries = [step('a', null, 1, 1, 'mcp', {success: false}), step('b', null, 2, 1, 'mcp', {error_message: 'no'}), step('c', null, 3, 1)];
  const plan = layout({session: session('completed', 0, 3), stages: [], entries, nowUs: 0});
  assert.deepEqual(['a', 'b', 'c'].map(id => findNode(plan.root, `i:${id}`).failed), [true, true, false]);
});

test('steps are called by model, or by server and tool', () => {
  assert.equal(stepName({type: 'llm', details: {model_name: 'gpt-4o'}}), 'gpt-4o');
  assert.equal(stepName({type: 'mcp', details: {server_name: 'k', tool_name: 'pods_log', communication_type: 'tool_call'}}), 'k › pods_log');
  assert.equal(stepName({type: 'mcp', details: {server_name: 'k', tool_name: '', communication_type: 'tool_list'}}), 'k › list of tools');
  assert.equal(stepName({type: 'llm'}), 'unknown model');
  assert.ok(stepName({type: 'llm', details: {model_name: 'x'.repeat(1_000_000)}}).length < 1_000);
});

test('percents make 100 together', () => {
  assert.deepEqual(percents([1, 1, 1]).reduce((sum, one) => sum + one), 100);
  assert.deepEqual(percents([61, 30, 9]), [61, 30, 9]);
  assert.deepEqual(percents([0, 0, 0]), [0, 0, 0]);
});

test('the overview has few spans however many steps there are', () => {
  const entries = [];
  for (let i = 0; i < 20_000; i++) entries.push(step(`x${i}`, 'a', i + 1, i % 2 ? 900 : 100, i % 2 ? 'llm' : 'mcp'));
  const started = performance.now();
  const plan = layout({session: session('completed', 0, 20_000), stages: [stage('a', 0, 20_000)], entries, nowUs: 0});
  const lanes = overview(plan.root, plan.beginUs, plan.endUs, 300);
  assert.ok(lanes.llm.length <= 300 && lanes.mcp.length <= 300);
  assert.ok(performance.now() - started < 2_000);
});

test('nothing at all is no mistake', () => {
  const plan = layout({session: {status: 'pending', started_at_us: at(0)}, stages: [], entries: [], nowUs: at(0)});
  assert.deepEqual(rowsOf(plan.root, new Set()), []);
  assert.equal(account(plan).totalUs, 0);
});

test('a range leaves only the rows that have a part in it, what is selected and what they stand in', () => {
  const entries = [step('early', 'a', 2, 1_000), step('late', 'a', 40, 1_000), step('other', 'b', 90, 1_000)];
  const plan = layout({session: session('completed', 0, 100), stages: [stage('a', 0, 50), stage('b', 60, 100)], entries, nowUs: 0});
  const rows = rowsOf(plan.root, new Set()).filter(row => row.kind !== 'gap');
  assert.deepEqual(keys(rowsWithin(rows, at(38), at(45), null)), ['s:a', 'i:late']);
  assert.deepEqual(keys(rowsWithin(rows, at(38), at(45), 'i:other')), ['s:a', 'i:late', 's:b', 'i:other']);
});

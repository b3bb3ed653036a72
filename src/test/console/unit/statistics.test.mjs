import assert from 'node:assert/strict';
import {test} from 'node:test';
import {DAY, HOUR, asked, bucketName, bucketOf, bucketShort, byEnd, change, dayBegins, dayOf, orderedTools, phrase, share, withoutHoles}
  from '../../../main/webapp/statistics/numbers.js';

const NOON = Date.parse('2026-11-27T12:30:00Z') * 1_000;
const of = query => asked(new URLSearchParams(query), NOON);

test('without a choice it is seven whole days, today included, by day', () => {
  const {range, bucket, from, to, before, problem} = of('');
  assert.deepEqual([range, bucket, problem], ['7d', 'day', null]);
  assert.equal(dayOf(from), '2026-11-21');
  assert.equal(from % DAY, 0);
  assert.equal(to, NOON);
  assert.equal(before.to, from);
  assert.equal(before.to - before.from, to - from);
});

test('what the address says wrongly is as if it were not said', () => {
  assert.equal(of('range=1y&bucket=minute').range, '7d');
  assert.equal(of('range=1y&bucket=minute').bucket, 'day');
  assert.equal(of('range=custom&from=abc&to=-4').problem, null);
  assert.equal(of('range=constructor&bucket=constructor').range, '7d');
});

test('a chosen span is taken to the microsecond, and refused if it ends before it begins', () => {
  const {from, to, open} = of('range=custom&from=1000&to=2000');
  assert.deepEqual([from, to, open], [1000, 2000, false]);
  assert.match(of('range=custom&from=2000&to=1000').problem, /first day/);
  assert.match(of('range=custom&from=0&to=1795780000000000').problem, /twenty years/);
});

test('buckets that are too small for the span are replaced by the next larger ones', () => {
  assert.deepEqual([of('range=7d&bucket=hour').bucket, of('range=7d&bucket=hour').coarser], ['hour', null]);
  assert.deepEqual([of('range=90d&bucket=hour').bucket, of('range=90d&bucket=hour').coarser], ['day', 'hour']);
  assert.equal(of('range=custom&from=1500000000000000&to=1795780000000000').bucket, 'week');
});

test('buckets begin as those of the server do', () => {
  assert.equal(dayOf(bucketOf(NOON, 'week')), '2026-11-23'); // a Monday
  assert.equal(bucketOf(NOON, 'hour'), NOON - HOUR / 2);
  assert.equal(dayOf(bucketOf(0, 'week')), '1969-12-29');
});

test('days in which nothing was done are shown too', () => {
  const first = bucketOf(NOON, 'day');
  const known = {start_us: first, end_us: first + DAY, by_status: {failed: 2}};
  const all = withoutHoles([known], first - 2 * DAY, NOON, 'day');
  assert.equal(all.length, 3);
  assert.equal(all[2], known);
  assert.deepEqual(byEnd(all).map(end => [end.id, end.values]), [['failed', [0, 0, 2]]]);
});

test('statuses that have not ended are one', () => {
  const [running] = byEnd([{by_status: {pending: 1, in_progress: 2, paused: 3, canceling: 4}}]);
  assert.deepEqual([running.id, running.values], ['running', [10]]);
});

test('a change is told against what was before', () => {
  assert.equal(change(0, 0), null);
  assert.equal(change(5, null), null);
  assert.equal(change(5, 0).words, 'none before');
  assert.equal(change(150, 100).words, '50 % more than before');
  assert.equal(change(95, 100).text, '↓ 5.0 %');
  assert.equal(change(100, 100).words, 'as before');
  assert.equal(change(1_200, 100).words, '12 times as much as before');
  assert.equal(change(0, 4).words, '100 % less than before');
});

test('a share is written with one digit while it is small', () => {
  assert.equal(share(1, 200), '0.5 %');
  assert.equal(share(50, 100), '50 %');
  assert.equal(share(0, 100), '0 %');
  assert.equal(share(3, 0), '–');
});

test('tools are ordered by any column, and ties stay', () => {
  const tools = [{server_name: 'b', tool_name: 'x', calls: 10, errors: 1}, {server_name: 'a', tool_name: 'y', calls: 4, errors: 2},
    {server_name: 'c', tool_name: 'z', calls: 4, errors: 0}];
  assert.deepEqual(orderedTools(tools, 'rate', 'desc').map(tool => tool.tool_name), ['y', 'x', 'z']);
  assert.deepEqual(orderedTools(tools, 'server', 'asc').map(tool => tool.server_name), ['a', 'b', 'c']);
  assert.deepEqual(orderedTools(tools, 'calls', 'desc').map(tool => tool.tool_name), ['x', 'y', 'z']);
});

test('a name becomes a phrase that can be searched, or none', () => {
  assert.equal(phrase('kubectl_logs'), '"kubectl_logs"');
  assert.equal(phrase('a "b"\n c'), '"a b c"');
  assert.equal(phrase('ls'), null);
  assert.ok(phrase('x'.repeat(5_000)).length <= 200);
});

test('buckets have names', () => {
  const us = Date.parse('2026-11-24T13:00:00Z') * 1_000;
  assert.equal(bucketName(us, 'hour'), '2026-11-24 13:00');
  assert.equal(bucketName(us, 'day'), 'Tue 2026-11-24');
  assert.equal(bucketShort(us, 'hour'), '13:00');
  assert.equal(bucketShort(us, 'day'), 'Nov 24');
  assert.equal(dayBegins('2026-11-24'), us - 13 * HOUR);
  assert.equal(dayBegins('yesterday'), null);
});

import assert from 'node:assert/strict';
import {test} from 'node:test';
import {bytesMark, countMark, magnitude, magnitudesOf, marksOf, namedPoints, nearestPoint, stacked, timeMark, totalAt}
  from '../../../main/webapp/lib/scale.js';

const HOUR = 3_600_000_000;

test('an axis of counts begins at 0, ends at or above the largest value and bears whole numbers', () => {
  for (const max of [0, 1, 2, 3, 4, 5, 7, 99, 1_234, 5_000_001]) {
    const {low, high, marks} = marksOf(max, 'count');
    assert.equal(low, 0);
    assert.ok(high >= max && high > 0, `${max}`);
    assert.ok(marks.length >= 2 && marks.length <= 6, `${max}: ${marks.length}`);
    assert.ok(marks.every(mark => Number.isInteger(mark.at)));
    assert.equal(new Set(marks.map(mark => mark.text)).size, marks.length);
  }
});

test('durations stand at round times, sizes at powers of two', () => {
  assert.deepEqual(marksOf(100_000, 'ms').marks.map(mark => mark.text), ['0', '30 s', '1 min', '1.5 min', '2 min']);
  assert.deepEqual(marksOf(3 * 1_048_576, 'bytes').marks.map(mark => mark.text), ['0', '1 MB', '2 MB', '3 MB']);
  assert.ok(marksOf(9e15, 'ms').high >= 9e15);
});

test('marks are written short', () => {
  assert.equal(timeMark(1_500), '1.5 s');
  assert.equal(timeMark(90_000), '1.5 min');
  assert.equal(timeMark(172_800_000), '2 d');
  assert.equal(countMark(1_500), '1.5k');
  assert.equal(countMark(2_000_000), '2M');
  assert.equal(bytesMark(1_536), '1.5 KB');
});

test('magnitudes take in the smallest and the largest value', () => {
  const axis = magnitudesOf(4_304, 480_256);
  assert.ok(axis.low <= magnitude(4_304) && axis.high >= magnitude(480_256));
  assert.deepEqual(axis.marks.map(mark => mark.text), ['1 s', '10 s', '1 min', '10 min']);
  assert.equal(magnitudesOf(0, 1_000).low, 0);
  assert.equal(magnitude(null), null);
  assert.ok(magnitudesOf(1, 1e18).high > 0);
});

test('values lie on top of one another', () => {
  const series = [{values: [1, 0, null]}, {values: [2, 3, 0]}];
  assert.deepEqual(stacked(series), [[1, 0, 0], [3, 3, 0]]);
  assert.equal(totalAt(series, 0), 3);
  assert.equal(totalAt(series, 2), 0);
});

test('names of hours fall on whole parts of the day, and no more are given than there is room for', () => {
  const hours = Array.from({length: 168}, (_, at) => ({from: at * HOUR}));
  const named = namedPoints(hours, 'hour', 10);
  assert.ok(named.length <= 10 && named.length >= 5);
  assert.ok(named.every(at => at % 24 === 0));
  const days = Array.from({length: 90}, (_, at) => ({from: at * 24 * HOUR}));
  assert.deepEqual(namedPoints(days, 'day', 7), [0, 14, 28, 42, 56, 70, 84]);
  assert.deepEqual(namedPoints(days.slice(0, 7), 'day', 7), [0, 1, 2, 3, 4, 5, 6]);
});

test('the nearest point is found by its middle', () => {
  const points = [{from: 0, to: 10}, {from: 10, to: 20}, {from: 20, to: 30}];
  const span = {from: 0, to: 30};
  assert.equal(nearestPoint(points, span, 0), 0);
  assert.equal(nearestPoint(points, span, 0.5), 1);
  assert.equal(nearestPoint(points, span, 1), 2);
  assert.equal(nearestPoint([], span, 1), -1);
});

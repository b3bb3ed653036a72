import assert from 'node:assert/strict';
import {test} from 'node:test';
import {fit, place, readRange, shift, tickName, ticks, zoom} from '../../../main/webapp/session/timeline-range.js';

test('a range stays within the whole', () => {
  assert.deepEqual(fit({from: -5, to: 5}, 100), {from: 0, to: 10});
  assert.deepEqual(fit({from: 95, to: 115}, 100), {from: 80, to: 100});
  assert.deepEqual(fit({from: -50, to: 500}, 100), {from: 0, to: 100});
  assert.deepEqual(fit({from: 4, to: 4}, 100), {from: 4, to: 5});
  assert.deepEqual(fit({from: 0, to: 0}, 0), {from: 0, to: 1});
});

test('zooming keeps the point under the pointer', () => {
  assert.deepEqual(zoom({from: 0, to: 100}, 0.5, 0.5, 100), {from: 25, to: 75});
  const near = zoom({from: 20, to: 60}, 0.5, 0.25, 100);
  assert.equal(near.from + (near.to - near.from) * 0.25, 30);
  assert.deepEqual(zoom({from: 40, to: 60}, 100, 0.5, 100), {from: 0, to: 100});
});

test('moving stops at the ends', () => {
  assert.deepEqual(shift({from: 10, to: 20}, 0.5, 100), {from: 15, to: 25});
  assert.deepEqual(shift({from: 90, to: 100}, 0.5, 100), {from: 90, to: 100});
});

test('a range in the URL is taken only if it makes sense', () => {
  assert.deepEqual(readRange(new URLSearchParams('from=10&to=20'), 100), {from: 10, to: 20});
  assert.deepEqual(readRange(new URLSearchParams('from=10&to=900'), 100), {from: 0, to: 100});
  for (const text of ['', 'from=1', 'from=x&to=y', 'from=9&to=3', 'from=NaN&to=Infinity']) {
    assert.equal(readRange(new URLSearchParams(text), 100), null, text);
  }
});

test('a bar lies where its times are, cut at the edges', () => {
  const range = {from: 1_000, to: 3_000};
  assert.deepEqual(place({beginUs: 1_500_000, endUs: 2_000_000}, 0, range), {left: 0.25, width: 0.25, before: false, after: false});
  assert.deepEqual(place({beginUs: 0, endUs: 2_000_000}, 0, range), {left: 0, width: 0.5, before: true, after: false});
  assert.equal(place({beginUs: 0, endUs: 500_000}, 0, range).width, null);
  assert.equal(place({beginUs: 4_000_000, endUs: 5_000_000}, 0, range).after, true);
});

test('ticks are round and about as many as wanted', () => {
  assert.deepEqual(ticks({from: 0, to: 60_000}, 6), {step: 10_000, at: [0, 10_000, 20_000, 30_000, 40_000, 50_000, 60_000]});
  assert.deepEqual(ticks({from: 1_234, to: 1_250}, 8), {step: 2, at: [1234, 1236, 1238, 1240, 1242, 1244, 1246, 1248, 1250]});
  for (const to of [3, 700, 90_000, 5e6, 9e8, 4e11]) assert.ok(ticks({from: 0, to}, 8).at.length <= 10, String(to));
});

test('ticks are named as exactly as they need', () => {
  assert.equal(tickName(0, 10), '0');
  assert.equal(tickName(250, 50), '250 ms');
  assert.equal(tickName(1_250, 50), '1.25 s');
  assert.equal(tickName(45_000, 5_000), '45 s');
  assert.equal(tickName(90_000, 30_000), '1:30');
  assert.equal(tickName(90_500, 500), '1:30.5');
  assert.equal(tickName(7_500_000, 60_000), '2:05:00');
  assert.equal(tickName(3 * 86_400_000 + 7_200_000, 3_600_000), '3 d 02:00');
});

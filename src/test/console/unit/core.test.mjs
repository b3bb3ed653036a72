// How things are written, and how addresses are made and read: the functions of lib/core.js, without a browser.
import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {core, visits} from './page.mjs';

const {age, amend, api, ApiError, apiUrl, askEarly, bytes, clock, count, duration, exactTime, fileName, go, href,
  marked, plain, plural, route, short, store, time} = core;

const AT = Date.UTC(2026, 10, 24, 9, 26, 13) * 1000 + 123_456;

describe('times', () => {
  test('are written in UTC, to the second, the millisecond, the microsecond', () => {
    assert.equal(time(AT), '2026-11-24 09:26:13');
    assert.equal(clock(AT), '09:26:13.123');
    assert.equal(exactTime(AT), '2026-11-24 09:26:13.123456 UTC');
  });
  test('are written in the zone of the browser, with its distance from UTC', () => {
    assert.equal(time(AT, 'local'), '2026-11-24 14:56:13');
    assert.equal(exactTime(AT, 'local'), '2026-11-24 14:56:13.123456 UTC+05:30');
  });
  test('may be unknown', () => {
    assert.equal(time(null), '–');
    assert.equal(exactTime(undefined), 'unknown');
  });
});

test('durations have two units at most', () => {
  const said = [0, 999.4, 1_000, 12_499, 59_999, 60_000, 185_000, 3_600_000, 7_499_000, 86_400_000, 273_600_000].map(duration);
  assert.deepEqual(said, ['0 ms', '999 ms', '1.0 s', '12.4 s', '59.9 s', '1 m 00 s', '3 m 05 s', '1 h 00 m', '2 h 04 m', '1 d 00 h',
    '3 d 04 h']);
  assert.equal(duration(null), '–');
});

test('ages are rough, and may lie ahead', () => {
  const of = seconds => age(AT - seconds * 1_000_000, AT);
  assert.deepEqual([0, 2, 3, 59, 60, 3_599, 3_600, 86_399, 86_400, -240].map(of),
    ['now', 'now', '3 s ago', '59 s ago', '1 min ago', '59 min ago', '1 h ago', '23 h ago', '1 d ago', 'in 4 min']);
});

test('numbers are short or whole', () => {
  assert.deepEqual([0, 999, 1_000, 6_660, 9_949, 9_950, 99_499, 999_499, 999_500, 1_234_567].map(short),
    ['0', '999', '1.0k', '6.7k', '9.9k', '10k', '99k', '999k', '1.0M', '1.2M']);
  assert.equal(count(1_234_567), '1,234,567');
  assert.deepEqual([short(null), count(undefined), bytes(null)], ['–', '–', '–']);
});

test('whole numbers are grouped as browsers do it', () => {
  const numbers = [0, -1, 12, 999, 1_000, -1_000, 12_345, 999_999, 1_000_000, -12_345_678, Number.MAX_SAFE_INTEGER, 0.5,
    1_234.5678, NaN];
  for (const number of numbers) {
    assert.equal(count(number), number.toLocaleString('en-US'));
  }
});

test('sizes go by 1024', () => {
  assert.deepEqual([0, 1_023, 1_024, 6_800, 1_048_576, 1.5 * 1024 ** 3, 3 * 1024 ** 4].map(bytes),
    ['0 B', '1023 B', '1.0 KB', '6.6 KB', '1.0 MB', '1.5 GB', '3.0 TB']);
});

test('words follow their number', () => {
  assert.deepEqual([plural(0, 'session'), plural(1, 'session'), plural(2_000, 'session'), plural(2, 'entry', 'entries')],
    ['0 sessions', '1 session', '2,000 sessions', '2 entries']);
});

test('snippets are taken apart at their marks, whatever else they hold', () => {
  assert.deepEqual(marked('<b>\uE000OOM\uE001</b> and \uE000more\uE001'), [
    {text: '<b>', hit: false}, {text: 'OOM', hit: true}, {text: '</b> and ', hit: false}, {text: 'more', hit: true}]);
  assert.deepEqual(marked('cut \uE000of'), [{text: 'cut ', hit: false}, {text: 'of', hit: false}]);
  assert.deepEqual(marked(''), []);
});

test('texts of terminals lose their colours, links and titles only', () => {
  assert.equal(plain('\u001B[31mred\u001B[0m \u001B]8;;https://a.example\u0007link\u001B]8;;\u0007'), 'red link');
  assert.equal(plain('[31m stays'), '[31m stays');
});

test('names of files have no path, no dot first and an end', () => {
  assert.equal(fileName('../../etc/passwd <script>'), '.._.._etc_passwd_script_');
  assert.equal(fileName('a'.repeat(300)).length, 100);
  assert.equal(fileName('"\'\r\n'), '_');
  assert.equal(fileName(''), 'session');
});

describe('addresses', () => {
  test('take any text, leave out what is empty, and repeat lists', () => {
    assert.equal(href(['sessions']), '#/sessions');
    assert.equal(href(['sessions', 'a/b?c#d']), '#/sessions/a%2Fb%3Fc%23d');
    assert.equal(href(['sessions'], {status: ['failed', 'timed_out'], q: '', at: null, x: undefined, n: 0}),
      '#/sessions?status=failed&status=timed_out&n=0');
    assert.equal(href(['s'], new URLSearchParams('a=1&a=2')), '#/s?a=1&a=2');
  });
  test('come back as they were given', () => {
    go(['sessions', 'a/b?c#d %'], {search: '"out of" & <b>=+ü'});
    assert.deepEqual(route.get().path, ['sessions', 'a/b?c#d %']);
    assert.equal(route.get().params.get('search'), '"out of" & <b>=+ü');
  });
  test('change in part, and only if something changes', () => {
    go(['sessions'], {status: ['a', 'b'], q: 'x'});
    const before = visits.length;
    amend({q: 'y', page: 2}, {replace: true});
    assert.equal(location.hash, '#/sessions?status=a&status=b&q=y&page=2');
    assert.equal(visits.at(-1), 'replace');
    amend({q: 'y'});
    assert.equal(visits.length, before + 1);
    amend({status: null, q: null, page: null});
    assert.equal(location.hash, '#/sessions');
  });
  test('that somebody typed wrongly are taken as they are', () => {
    location.hash = '#/sessions/%E0%A4%A/%20';
    assert.deepEqual(route.get().path, ['sessions', '%E0%A4%A', ' ']);
  });
  test('of calls stay below the folder of the console', () => {
    assert.match(apiUrl('history/sessions', {status: ['a', 'b'], q: null}), /webapp\/api\/v1\/history\/sessions\?status=a&status=b$/);
    assert.match(apiUrl('system/info'), /webapp\/api\/v1\/system\/info$/);
  });
});

test('failures have a kind that says what to do', () => {
  const kind = (status, type) => new ApiError(status, type && {type: `urn:tarsy:problem:${type}`}).kind;
  assert.deepEqual([kind(0), kind(503), kind(503, 'history-disabled'), kind(429), kind(404), kind(403), kind(401), kind(422), kind(500)],
    ['away', 'away', 'disabled', 'away', 'missing', 'forbidden', 'forbidden', 'refused', 'broken']);
  assert.equal(new ApiError(422, {detail: 'status is unknown.'}).message, 'status is unknown.');
});

test('what was asked for early is given to the first who calls for it', async () => {
  const {fetch, setTimeout} = globalThis;
  const later = [];
  globalThis.setTimeout = action => later.push(action);
  const asked = [];
  globalThis.fetch = async address => {
    asked.push(new URL(address).search);
    if (address.includes('lost')) throw new TypeError('no network');
    return Response.json({number: asked.length});
  };
  try {
    askEarly('history/x', {limit: 5});
    assert.deepEqual(await api('history/x', {params: {limit: 6}}), {number: 2});
    assert.deepEqual(await api('history/x', {params: {limit: 5, after: null}}), {number: 1});
    assert.deepEqual(await api('history/x', {params: {limit: 5}}), {number: 3});
    assert.deepEqual(asked, ['?limit=5', '?limit=6', '?limit=5']);
    askEarly('history/x');
    later.forEach(action => action());
    assert.deepEqual(await api('history/x'), {number: 5}, 'an old answer is not taken');
    askEarly('history/x');
    await assert.rejects(api('history/x', {signal: AbortSignal.abort()}), {name: 'AbortError'});
    askEarly('history/lost');
    await assert.rejects(api('history/lost'), {kind: 'away'});
  } finally {
    Object.assign(globalThis, {fetch, setTimeout});
  }
});

test('a value tells its watchers of changes only', () => {
  const value = store(1);
  const seen = [];
  const stop = value.watch(next => seen.push(next));
  value.set(1);
  value.set(2);
  value.set(before => before + 1);
  stop();
  value.set(4);
  assert.deepEqual(seen, [2, 3]);
  assert.equal(value.get(), 4);
});

import assert from 'node:assert/strict';
import {test} from 'node:test';
import {checksText, eventWords, groupedChecks, noBackups, policyWords, prepended, reasonWords, remember, runPart}
  from '../../../main/webapp/operations/words.js';

const check = (name, status) => ({name, status, title: `title of ${name}`, detail: 'found', meaning: 'means', action: 'do'});
const checks = [check('disk', 'ok'), check('clock', 'fail'), check('spool', 'skipped'), check('role', 'warn'), check('file', 'ok')];

test('the worst checks come first, and empty groups are left out', () => {
  assert.deepEqual(groupedChecks(checks, '').map(group => [group.status, group.checks.length]),
    [['fail', 1], ['warn', 1], ['ok', 2], ['skipped', 1]]);
  assert.deepEqual(groupedChecks(checks, ' CLOCK ').map(group => group.status), ['fail']);
  assert.deepEqual(groupedChecks(checks, 'nothing like it'), []);
});

test('the text of checks says what to do only where something is to be done', () => {
  const text = checksText({status: 'fail', checks}, '2026-11-27');
  assert.match(text, /^TARSy History: fail, 2026-11-27\n/);
  assert.ok(text.indexOf('clock') < text.indexOf('role') && text.indexOf('role') < text.indexOf('disk'));
  assert.equal(text.match(/ do: /g).length, 2);
});

const policy = change => Object.fromEntries(Object.entries({
  HISTORY_RETENTION_DAYS: '90', HISTORY_RETENTION_MAX_SESSIONS: '0', HISTORY_RETENTION_MAX_MEGABYTES: '0',
  HISTORY_RETENTION_INTERVAL_HOURS: '12', HISTORY_RETENTION_CHUNK_ROWS: '200', HISTORY_RETENTION_PAUSE_MS: '50',
  HISTORY_RETENTION_BUDGET_SECONDS: '1800', HISTORY_RETENTION_ARCHIVE_DIRECTORY: null, ORPHANED_SESSION_TIMEOUT_MINUTES: '30', ...change,
}).map(([key, value]) => [key, {value, source: 'default'}]));

test('a policy is told in sentences', () => {
  const [goes, never, run, archive, silent] = policyWords(policy());
  assert.equal(goes, 'A finished session goes once it ended more than 90 days ago; those that ended first go first.');
  assert.match(never, /held are never deleted/);
  assert.match(run, /every 12 hours, deletes at most 200 rows at a time, rests 50 ms in between, and pauses after 1,800 seconds/);
  assert.match(archive, /not archived/);
  assert.match(silent, /30 minutes becomes timed out/);
});

test('every limit that holds is told, and that there is none', () => {
  const words = policyWords(policy({HISTORY_RETENTION_MAX_SESSIONS: '1000000', HISTORY_RETENTION_MAX_MEGABYTES: '50000',
    HISTORY_RETENTION_ARCHIVE_DIRECTORY: '/archive'}));
  assert.match(words[0], /90 days ago, or while there are more than 1,000,000 sessions, or while the bodies .* 50,000 MiB/);
  assert.ok(words.some(sentence => sentence.includes('/archive')));
  const none = policyWords(policy({HISTORY_RETENTION_DAYS: '0', ORPHANED_SESSION_TIMEOUT_MINUTES: '0'}));
  assert.deepEqual(none.length, 2);
  assert.match(none[0], /Nothing is ever deleted/);
  assert.match(none[1], /for ever/);
});

test('reasons are told where there are any', () => {
  assert.deepEqual(reasonWords({age: 40, max_sessions: 0, max_megabytes: 2}), ['40 because of their age', '2 because bodies are too large']);
});

test('how far a run has come is known only against what was expected', () => {
  assert.equal(runPart({sessions_deleted: 10}, 40), 0.25);
  assert.equal(runPart({sessions_deleted: 50}, 40), 1);
  assert.equal(runPart({sessions_deleted: 50}, null), null);
});

test('samples of five minutes are kept, and a clock that was set back loses none twice', () => {
  let samples = [];
  for (let second = 0; second <= 600; second += 2) samples = remember(samples, {at: second * 1_000_000});
  assert.equal(samples[0].at, 302_000_000);
  assert.equal(samples.at(-1).at, 600_000_000);
  assert.deepEqual(remember(samples, {at: 400_000_000}).map(one => one.at).filter(at => at > 400_000_000), []);
});

test('events are told in a line, whatever is missing', () => {
  assert.equal(eventWords({type: 'session_status_change', status: 'completed', previous_status: 'in_progress'}), 'in_progress → completed');
  assert.equal(eventWords({type: 'mcp_interaction', server_name: 'k8s', tool_name: 'logs', success: false, error_message: 'timeout'}), 'k8s · logs, timeout');
  assert.equal(eventWords({type: 'llm_interaction', model_name: 'gpt', success: false}), 'gpt, failed');
  assert.equal(eventWords({type: 'session_created', alert_type: null, chain_id: 'c'}), 'no alert type, chain c');
  assert.equal(eventWords({type: 'something_new'}), '');
});

test('the newest events stand first, and old ones are let go', () => {
  assert.deepEqual(prepended([2, 1], [3, 4], 3), [4, 3, 2]);
});

test('where no backups are made, it is said why', () => {
  assert.equal(noBackups({type: 'postgresql', location: 'db:5432/t'}, null).type, 'postgresql');
  assert.equal(noBackups({type: 'sqlite', location: 'sqlite::memory:'}, null).type, 'memory');
  assert.equal(noBackups({type: 'sqlite', location: 'sqlite::memory:'}, '/backups'), null);
  assert.equal(noBackups({type: 'sqlite', location: '/data/history.db'}, null), null);
  assert.equal(noBackups(null, null), null);
});

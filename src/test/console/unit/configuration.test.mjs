import assert from 'node:assert/strict';
import {test} from 'node:test';
import {described, groupName, groupedSettings, otherWarnings, settingsText} from '../../../main/webapp/configuration/settings.js';

const setting = (key, group, value, source = 'default') =>
  ({key, group, value, source, default: 'd', description: `meaning of ${key}`, allowed: 'a text', secret: false, restart_needed: true});
const settings = [setting('DATABASE_URL', 'database', 'postgresql://t:******@db/t', 'environment DATABASE_URL'),
  setting('DATABASE_PORT', 'database', '5432'), setting('HISTORY_RETENTION_DAYS', 'history', '30', 'system property HISTORY_RETENTION_DAYS')];
const config = {settings, unknown: [{name: 'HISTORY_DAY', did_you_mean: 'HISTORY_RETENTION_DAYS'}, {name: 'HISTORY_X', did_you_mean: null}],
  warnings: ['HISTORY_DAY is set and is not a setting.', 'Two values contradict each other.']};

test('settings stand by room, filtered by words that may stand apart', () => {
  assert.deepEqual(groupedSettings(settings).map(group => [group.group, group.settings.length]), [['database', 2], ['history', 1]]);
  assert.deepEqual(groupedSettings(settings, {find: 'days MEANING'}).flatMap(group => group.settings).map(one => one.key), ['HISTORY_RETENTION_DAYS']);
  assert.deepEqual(groupedSettings(settings, {changed: true}).flatMap(group => group.settings).length, 2);
  assert.deepEqual(groupedSettings(settings, {find: 'no such thing'}), []);
});

test('a warning that only says again that a name is unknown is left out', () => {
  assert.deepEqual(otherWarnings(config), ['Two values contradict each other.']);
});

test('the text is a table with what is wrong above it', () => {
  const lines = settingsText(config, groupedSettings(settings), 'now').split('\n');
  assert.equal(lines[0], 'TARSy History: settings, now');
  assert.ok(lines.includes('Unknown: HISTORY_DAY (did you mean HISTORY_RETENTION_DAYS?)'));
  assert.ok(lines.includes('Unknown: HISTORY_X'));
  assert.ok(lines.includes('Warning: Two values contradict each other.'));
  const head = lines.findIndex(line => line.startsWith('Setting'));
  const at = lines[head].indexOf('Value');
  assert.ok(lines.slice(head + 1).filter(Boolean).every(line => line[at - 1] === ' ' && line[at] !== ' '));
});

test('a value of several lines stays in its row', () => {
  const text = settingsText({unknown: [], warnings: []}, [{group: 'x', settings: [setting('A', 'x', 'one\ntwo')]}], 'now');
  assert.match(text, /A {8}one two/);
});

test('rooms have names, and descriptions their code', () => {
  assert.equal(groupName('postgresql'), 'PostgreSQL');
  assert.equal(groupName('history'), 'History');
  assert.deepEqual(described('set `a` or `b`.'), [{text: 'set ', code: false}, {text: 'a', code: true}, {text: ' or ', code: false}, {text: 'b', code: true}, {text: '.', code: false}]);
});

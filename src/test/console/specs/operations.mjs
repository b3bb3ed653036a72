// How the installation is, and what an operator does about it.
import assert from 'node:assert/strict';
import {eventually, inBrowser, missesAll, sees} from '../support/browser.mjs';
import {session} from '../support/fixtures.mjs';
import {api, now, send, write} from '../support/server.mjs';

inBrowser('operations: the database says what it is, and hides its password', async ({visit}) => {
  const page = await visit('#/operations/database');
  const {type, location} = await api('system/database');
  await sees(page.getByRole('heading', {name: type === 'sqlite' ? 'SQLite' : 'PostgreSQL'}));
  await sees(page.getByText(location).first());
  await sees(page.getByRole('row', {name: /llm_interactions/}));
  await sees(page.getByRole('heading', {name: 'Connections of this server'}));
  await sees(page.getByText('this one'));
  assert.doesNotMatch(await page.getByRole('main').innerText(), /postgres:postgres/);
});

inBrowser('operations: checks say what they found, mean and ask for', async ({visit}) => {
  const page = await visit('#/operations/checks');
  await sees(page.getByText(/\d+ failing, \d+ to be looked at/));
  await page.getByRole('searchbox', {name: 'Filter'}).fill('heap');
  await sees(page.getByText('java_heap'));
  await sees(page.getByText('To do').first());
  await eventually(async () => assert.equal(await page.getByText('database_answers').count(), 0));
  await page.reload();
  await sees(page.getByText('java_heap'));
  await page.getByRole('button', {name: 'Check again'}).click();
  await sees(page.getByRole('button', {name: 'Check again'}));
});

inBrowser('operations: a run of retention names its numbers first, and tells what it deleted', async ({visit}) => {
  const page = await visit('#/operations/retention');
  await sees(page.getByRole('heading', {name: 'What is kept'}));
  const ids = [1, 2, 3].map(number => `console-old-${Date.now()}-${number}`);
  const old = now() - 400 * 86_400_000_000;
  await write([...ids.map(id => session(id, {status: 'completed', started_at_us: old, completed_at_us: old + 1_000_000, alert_type: 'VeryOld'})),
    {kind: 'session_patch', session_id: ids[0], retention_hold: true}]);
  await page.getByRole('button', {name: 'Preview a run'}).click();
  const dialog = page.getByRole('dialog', {name: 'A run of retention'});
  await sees(dialog.getByText(/^A run would now delete \d+ sessions:/));
  await sees(dialog.getByRole('listitem').filter({hasText: 'VeryOld: 2'}));
  await page.keyboard.press('Escape');
  await missesAll(dialog);
  assert.ok(await api(`history/sessions/${ids[1]}/summary`), 'a look deletes nothing');
  await page.getByRole('button', {name: 'Preview a run'}).click();
  await dialog.getByRole('button', {name: /^Delete \d+ sessions$/}).click();
  await missesAll(dialog);
  await sees(page.getByRole('region', {name: 'This run'}).getByText(/\d+ sessions of \d+/));
  await sees(page.getByRole('region', {name: 'This run'}).getByText('Completed'));
  const last = page.getByRole('region', {name: 'Runs of retention'}).getByRole('row').nth(1);
  await sees(last.getByText('on request'));
  await eventually(async () => assert.deepEqual(
    await Promise.all(ids.map(async id => (await send('GET', `api/v1/history/sessions/${id}`)).status)), [200, 404, 404]));
});

inBrowser('operations: a backup is made where there are backups, and another way is told where not', async ({visit}) => {
  const page = await visit('#/operations/backups');
  const {type} = await api('system/database');
  if (type === 'postgresql') {
    await sees(page.getByText(/^pg_dump/));
  } else {
    await page.getByRole('button', {name: 'Make a backup'}).click();
    await sees(page.getByText(/^Made:/));
    await sees(page.getByRole('region', {name: 'Backups: table'}).getByRole('row').nth(1));
  }
});

inBrowser('operations: events are told as they come', async ({visit}) => {
  const page = await visit('#/operations/events');
  await sees(page.getByRole('heading', {name: 'Servers seen in the last day'}));
  await sees(page.getByText('Live').first());
  const id = `console-event-${Date.now()}`;
  await write([session(id, {status: 'completed'})]);
  await sees(page.getByRole('main').getByRole('link', {name: id}).first());
});

// How the installation is, and what an operator does about it.
import assert from 'node:assert/strict';
import {eventually, inBrowser, sees} from '../support/browser.mjs';
import {session} from '../support/fixtures.mjs';
import {api, write} from '../support/server.mjs';

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

inBrowser('operations: retention is looked at before anything is deleted', async ({visit}) => {
  const page = await visit('#/operations/retention');
  await sees(page.getByRole('heading', {name: 'What is kept'}));
  await page.getByRole('button', {name: 'Preview a run'}).click();
  const dialog = page.getByRole('dialog', {name: 'A run of retention'});
  await sees(dialog.getByText(/Nothing: no session is old enough|A run would now delete/));
  await page.keyboard.press('Escape');
  await sees(page.getByRole('heading', {name: 'Runs', exact: true}));
});

inBrowser('operations: a backup is made where there are backups, and another way is told where not', async ({visit}) => {
  const page = await visit('#/operations/backups');
  const {type} = await api('system/database');
  if (type === 'postgresql') {
    await sees(page.getByText(/^pg_dump/));
  } else {
    const make = page.getByRole('button', {name: 'Make a backup'});
    await sees(make.or(page.getByRole('heading', {name: 'No backups are made here'})));
    if (await make.count()) {
      await make.click();
      await sees(page.getByText(/^Made:/));
    }
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

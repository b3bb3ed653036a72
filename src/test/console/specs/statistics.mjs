// Numbers, and that each of them leads to the sessions it counts.
import assert from 'node:assert/strict';
import {eventually, inBrowser, sees} from '../support/browser.mjs';
import {ROWS, ROW_TYPE} from '../support/fixtures.mjs';

const hash = page => page.evaluate(() => location.hash);

inBrowser('statistics: what is counted stands in the address', async ({visit}) => {
  const page = await visit('#/statistics');
  for (const name of ['Sessions by status', 'Duration of sessions', 'Tokens by model', 'Most frequent alert types', 'Tool calls and errors']) {
    await sees(page.getByRole('heading', {name}));
  }
  await page.getByRole('radio', {name: '30 days'}).check({force: true});
  await page.getByRole('radio', {name: 'Weeks'}).check({force: true});
  await eventually(async () => assert.match(await hash(page), /range=30d.*bucket=week/));
  await page.reload();
  await eventually(async () => assert.equal(await page.getByRole('radio', {name: '30 days'}).isChecked(), true));
  await page.goBack();
  await eventually(async () => assert.doesNotMatch(await hash(page), /bucket=week/));
});

inBrowser('statistics: a row leads to the sessions that it counts', async ({visit}) => {
  const page = await visit('#/statistics?range=30d');
  await page.getByRole('region', {name: 'Most frequent alert types: table'}).getByRole('link', {name: ROW_TYPE, exact: true}).click();
  await sees(page.getByRole('status').filter({hasText: `${ROWS} sessions`}));
  await page.goBack();
  await page.getByRole('region', {name: 'Tool calls and errors: table'}).getByRole('link', {name: 'pods_exec'}).first().click();
  await sees(page.getByRole('status').filter({hasText: '2 sessions'}));
});

inBrowser('statistics: tools are sorted by any column', async ({visit}) => {
  const page = await visit('#/statistics?range=30d');
  const table = page.getByRole('region', {name: 'Tool calls and errors: table'});
  await table.getByRole('button', {name: 'Errors', exact: true}).click();
  await sees(table.locator('[aria-sort=descending]', {hasText: 'Errors'}));
  await page.reload();
  await sees(table.locator('[aria-sort=descending]', {hasText: 'Errors'}));
});

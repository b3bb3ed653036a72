// Two sessions side by side.
import assert from 'node:assert/strict';
import {eventually, inBrowser, sees} from '../support/browser.mjs';
import {IDS} from '../support/fixtures.mjs';

inBrowser('compare: stages, tools, tokens and the lines in which analyses differ', async ({visit}) => {
  const page = await visit(`#/compare?a=${IDS.rich}&b=${IDS.other}`);
  for (const name of ['How they went', 'Final analyses', 'Stages', 'Tools called', 'Models and tokens', 'Alerts']) {
    await sees(page.getByRole('heading', {name}));
  }
  const lines = page.getByRole('table', {name: 'Final analyses, line by line'});
  await sees(lines.getByText('OOMKilled'));
  await sees(lines.getByText('Evicted'));
  await sees(page.getByRole('row', {name: /pods_exec/}).first());
  await page.getByRole('button', {name: 'Swap sides'}).click();
  await eventually(async () => assert.match(await page.evaluate(() => location.hash), new RegExp(`a=${IDS.other}&b=${IDS.rich}`)));
});

inBrowser('compare: the other session is chosen by words', async ({visit}) => {
  const page = await visit(`#/compare?a=${IDS.rich}`);
  await page.getByRole('searchbox', {name: /Session id, or words/}).fill('Evicted');
  await page.getByRole('button', {name: new RegExp(IDS.other)}).click();
  await sees(page.getByRole('table', {name: 'Final analyses, line by line'}));
  await page.reload();
  await sees(page.getByRole('table', {name: 'Final analyses, line by line'}));
});

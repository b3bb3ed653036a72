// A session in time: every stage and step as a bar, what took longest, errors and gaps; and how one looks closer.
import assert from 'node:assert/strict';
import {eventually, inBrowser, sees} from '../support/browser.mjs';
import {IDS} from '../support/fixtures.mjs';

const TIMELINE = `#/sessions/${IDS.rich}/timeline`;
const grid = page => page.getByRole('treegrid', {name: 'Stages and steps in time'});
const row = (page, name) => grid(page).getByRole('row', {name});
const hash = page => page.evaluate(() => location.hash);

inBrowser('timeline: every stage and step has a row that says what, how long and when', async ({visit}) => {
  const page = await visit(TIMELINE);
  await sees(row(page, /Stage: data-collection.*19\.0 s/));
  await sees(row(page, /MCP communication: .*pods_log/));
  await sees(row(page, /LLM interaction: .*gemini-2\.5-flash/));
  await sees(row(page, /pods_exec.*failed/));
  await sees(row(page, /nothing recorded/).first());
  await sees(row(page, /range_query.*15\.0 s.*% of the time/));
});

inBrowser('timeline: stages fold, and a step opens in the conversation', async ({visit}) => {
  const page = await visit(TIMELINE);
  const stage = row(page, /Stage: data-collection/);
  await sees(row(page, /pods_log/));
  await grid(page).focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowLeft');
  await eventually(async () => assert.equal(await stage.getAttribute('aria-expanded'), 'false'));
  await eventually(async () => assert.equal(await row(page, /pods_log/).count(), 0));
  await page.keyboard.press('ArrowRight');
  await sees(row(page, /pods_log/));
  await row(page, /range_query/).click();
  const detail = page.getByRole('complementary', {name: 'Selected step'});
  await sees(detail.getByText('15.0 s'));
  await eventually(async () => assert.match(await hash(page), new RegExp(`at=${IDS.rich}-mcp-22`)));
  await page.reload();
  await sees(detail.getByText('15.0 s'));
  await detail.getByRole('button', {name: 'Open in conversation'}).click();
  const step = page.locator(`article[data-step="${IDS.rich}-mcp-22"]`);
  await eventually(async () => assert.equal(await step.getAttribute('aria-current'), 'true'));
});

inBrowser('timeline: one looks closer and back', async ({visit}) => {
  const page = await visit(TIMELINE);
  const reset = page.getByRole('button', {name: 'Reset'});
  await sees(row(page, /pods_log/));
  await page.getByRole('button', {name: 'Zoom in'}).click();
  await eventually(async () => assert.equal(await reset.isEnabled(), true));
  await sees(page.getByRole('status').filter({hasText: / of /}));
  await page.reload();
  await sees(row(page, /Stage/).first());
  await grid(page).focus();
  await page.keyboard.press('+');
  await eventually(async () => assert.equal(await reset.isEnabled(), true));
  await page.keyboard.press('0');
  await eventually(async () => assert.equal(await reset.isEnabled(), false));
});

inBrowser('timeline: two thousand steps are listed, and few are drawn', async ({visit}) => {
  const page = await visit(`#/sessions/${IDS.many}/timeline`);
  await eventually(async () => assert.ok(Number(await grid(page).getAttribute('aria-rowcount')) > 2_000));
  assert.ok(await grid(page).getByRole('row').count() < 150);
  await grid(page).focus();
  await page.keyboard.press('End');
  await sees(grid(page).locator('[aria-selected=true]'));
});

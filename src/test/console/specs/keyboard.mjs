// The way of the task without a mouse: from the list to what the AI concluded, and back.
import assert from 'node:assert/strict';
import {eventually, inBrowser, sees} from '../support/browser.mjs';
import {IDS, NEEDLE} from '../support/fixtures.mjs';

const focused = page => page.evaluate(() => {
  const one = document.activeElement;
  return {name: one.getAttribute('aria-label') ?? one.innerText?.trim() ?? '', tag: one.tagName, session: one.closest('[data-session]')?.dataset.session};
});

/** Presses Tab until something has focus that fits, and fails when it has come round. */
async function tabTo(page, fits, most = 80) {
  for (let times = 0; times < most; times++) {
    await page.keyboard.press('Tab');
    const now = await focused(page);
    if (fits(now)) {
      const outline = await page.evaluate(() => {
        const style = getComputedStyle(document.activeElement);
        return style.outlineStyle !== 'none' || style.boxShadow !== 'none' || document.activeElement.matches('input[type=radio]');
      });
      assert.ok(outline, `focus cannot be seen on ${now.name}`);
      return now;
    }
  }
  throw new assert.AssertionError({message: `the Tab key does not lead to it; it ended at ${JSON.stringify(await focused(page))}`});
}

inBrowser('keyboard: words are found, a session is opened, read and left without a mouse', async ({visit}) => {
  const page = await visit('');
  await page.keyboard.press('/');
  await page.keyboard.type(NEEDLE);
  await page.keyboard.press('Enter');
  await sees(page.getByRole('status').filter({hasText: '2 sessions'}));
  await page.keyboard.press('Escape');
  await page.evaluate(() => document.activeElement.blur());
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await eventually(async () => assert.ok([IDS.rich, IDS.other].includes((await focused(page)).session)));
  await page.keyboard.press('Enter');
  await sees(page.getByRole('heading', {level: 1, name: /cart-7f9c/}));
  await page.keyboard.press('j');
  await eventually(async () => assert.match(await page.evaluate(() => location.hash), /at=/));
  await page.keyboard.press('3');
  await sees(page.getByRole('region', {name: 'The alert as it was sent'}));
  await page.keyboard.press('g');
  await page.keyboard.press('s');
  await sees(page.getByRole('heading', {level: 1, name: 'Sessions', exact: true}));
});

inBrowser('keyboard: Tab and Enter reach filters, rows, and what is done with them', async ({visit}) => {
  const page = await visit('#/sessions?alert_type=ConsoleRow');
  await sees(page.getByRole('row').nth(2));
  await tabTo(page, ({tag, name}) => tag === 'INPUT' && /Search/.test(name));
  await tabTo(page, ({session}) => session !== undefined);
  await page.keyboard.press('Space');
  await sees(page.getByRole('region', {name: 'Selected sessions'}));
  const row = await tabTo(page, ({tag, session}) => tag === 'A' && session !== undefined);
  await page.keyboard.press('Enter');
  await sees(page.getByRole('heading', {level: 1, name: new RegExp(row.session)}));
});

inBrowser('keyboard: menus and dialogs open, hold focus, close with Escape and give it back', async ({visit}) => {
  const page = await visit('');
  await tabTo(page, ({name}) => name === 'Look and time zone');
  await page.keyboard.press('Enter');
  await sees(page.getByRole('group', {name: 'Theme'}));
  await tabTo(page, ({tag}) => tag === 'INPUT', 3);
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Escape');
  await eventually(async () => assert.equal((await focused(page)).name, 'Look and time zone'));
  await tabTo(page, ({name}) => name === 'Keys and help', 3);
  await page.keyboard.press('Enter');
  await sees(page.getByRole('dialog', {name: 'Keys'}));
  for (let times = 0; times < 4; times++) {
    await page.keyboard.press('Tab');
    assert.ok(await page.evaluate(() => document.activeElement === document.body || document.activeElement.closest('dialog')), 'focus left the dialog');
  }
  await page.keyboard.press('Escape');
  await eventually(async () => assert.equal((await focused(page)).name, 'Keys and help'));
});

// Every setting, where it came from, and what it means.
import assert from 'node:assert/strict';
import {eventually, inBrowser, sees} from '../support/browser.mjs';
import {api} from '../support/server.mjs';

inBrowser('configuration: every key is there, and no secret', async ({visit}) => {
  const {settings} = await api('system/config');
  const page = await visit('#/configuration');
  await sees(page.getByText('HISTORY_DATABASE_URL').first());
  const text = await page.getByRole('main').innerText();
  assert.deepEqual(settings.map(setting => setting.key).filter(key => !text.includes(key)), []);
  assert.doesNotMatch(text, /postgres:postgres/);
});

inBrowser('configuration: it is filtered, by keys too, and copied as text', async ({visit}) => {
  const page = await visit('#/configuration', {permissions: ['clipboard-read', 'clipboard-write']});
  await sees(page.getByText('HISTORY_DATABASE_URL').first());
  await page.keyboard.press('/');
  await page.keyboard.type('retention');
  await eventually(async () => assert.equal(await page.getByText('HISTORY_LIVE_CLIENTS').count(), 0));
  await sees(page.getByText('HISTORY_RETENTION_DAYS').first());
  await page.reload();
  await sees(page.getByText('HISTORY_RETENTION_DAYS').first());
  assert.equal(await page.getByText('HISTORY_LIVE_CLIENTS').count(), 0);
  await page.getByRole('button', {name: /^Copy the settings shown as text/}).click();
  await sees(page.getByRole('status').filter({hasText: 'Copied'}));
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  assert.match(copied, /HISTORY_RETENTION_DAYS/);
  assert.doesNotMatch(copied, /HISTORY_LIVE_CLIENTS|postgres:postgres/);
});

// `make way RECORDS=…`: the pictures of docs/console.md, from records in which an OOM kill was investigated.
import {mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import {browser, closeBrowser} from './support/chromium.mjs';
import {ownServer} from './support/own-server.mjs';
import {smaller} from './support/png.mjs';

const FOLDER = fileURLToPath(new URL('../../../docs/screenshots/', import.meta.url));

if (!process.argv[2]) throw new Error('Which records? make way RECORDS=records.ndjson');
const {root, close} = await ownServer();
const {write} = await import('./support/server.mjs');
try {
  await write(readFileSync(process.argv[2], 'utf8'));
  mkdirSync(FOLDER, {recursive: true});
  const context = await (await browser()).newContext({viewport: {width: 1280, height: 800}, deviceScaleFactor: 1,
    colorScheme: 'light', locale: 'en-GB', timezoneId: 'UTC', reducedMotion: 'reduce'});
  const page = await context.newPage();
  const picture = async name => {
    await page.waitForTimeout(2_000); // until what is loaded later is there, and nothing moves
    writeFileSync(`${FOLDER}way-${name}.png`, smaller(await page.screenshot()));
    console.log(`docs/screenshots/way-${name}.png`);
  };
  const heading = () => page.getByRole('heading', {level: 1}).first().waitFor();

  await page.goto(root.href ?? root);
  await page.getByRole('searchbox', {name: 'Search sessions'}).fill('OOM*');
  await page.keyboard.press('Enter');
  const passage = page.getByRole('link', {name: /tool result/}).first();
  await passage.waitFor();
  await picture('1-find');

  await page.getByRole('searchbox', {name: 'Search sessions'}).fill('OOMKilled');
  await page.keyboard.press('Enter');
  await page.waitForTimeout(2_000);
  await passage.click();
  await page.locator('mark').filter({hasText: 'OOMKilled'}).first().waitFor();
  await picture('2-output');

  const [, id] = page.url().match(/sessions\/([^?/]+)/);
  await page.goto(new URL(`#/sessions/${id}`, root).href);
  await heading();
  await picture('3-conclusion');

  await page.goto(new URL('#/sessions?search=OOM*', root).href);
  await page.getByRole('link', {name: /degraded performance|OOM/}).first().click();
  await heading();
  await page.getByRole('link', {name: 'Timeline'}).click();
  await picture('4-time');
} finally {
  await closeBrowser();
  await close();
}

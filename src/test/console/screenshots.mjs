// `make screenshots`: every screen into docs/screenshots, from a server of its own with the sample in it.
import {mkdirSync, readFileSync, statSync, writeFileSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import {browser, closeBrowser} from './support/chromium.mjs';
import {ownServer} from './support/own-server.mjs';
import {smaller} from './support/png.mjs';

const FOLDER = fileURLToPath(new URL('../../../docs/screenshots/', import.meta.url));
const SAMPLE = fileURLToPath(new URL('../../../docs/sample.ndjson', import.meta.url));

const {root, close} = await ownServer();
const {api, write} = await import('./support/server.mjs');
try {
  await write(readFileSync(SAMPLE, 'utf8'));
  const one = 'sample-crashloop-01';
  const other = 'sample-crashloop-02';
  const {sessions} = await api('history/sessions?page_size=100');
  const began = sessions.map(session => session.started_at_us);
  const day = 86_400_000_000;
  const [from, to] = [Math.floor(Math.min(...began) / day) * day, Math.ceil(Math.max(...began) / day) * day];
  const shots = [
    ['sessions', '#/sessions'],
    ['search', '#/sessions?search=OOMKilled'],
    ['session', `#/sessions/${one}`],
    ['timeline', `#/sessions/${one}/timeline`],
    ['alert', `#/sessions/${one}/alert`],
    ['raw', `#/sessions/${one}/raw`],
    ['compare', `#/compare?a=${one}&b=${other}`],
    ['statistics', `#/statistics?range=custom&from=${from}&to=${to}&bucket=hour`],
    ...['database', 'checks', 'retention', 'backups', 'events'].map(tab => [`operations-${tab}`, `#/operations/${tab}`]),
    ['configuration', '#/configuration'],
  ];
  mkdirSync(FOLDER, {recursive: true});
  const chromium = await browser();
  for (const scheme of ['light', 'dark']) {
    const context = await chromium.newContext({viewport: {width: 1280, height: 800}, deviceScaleFactor: 1, colorScheme: scheme,
      locale: 'en-GB', timezoneId: 'UTC', reducedMotion: 'reduce'});
    for (const [name, address] of shots) {
      if (scheme === 'dark' && name !== 'sessions' && name !== 'session') continue;
      const page = await context.newPage();
      await page.goto(new URL(address, root).href);
      await page.getByRole('heading', {level: 1}).first().waitFor();
      await page.waitForLoadState('load');
      await page.getByText(/^(Loading|Checking).*…$/).first().waitFor({state: 'detached'});
      await page.waitForTimeout(1_500); // until what is loaded later is there, and nothing moves
      const file = `${FOLDER}${name}${scheme === 'dark' ? '-dark' : ''}.png`;
      writeFileSync(file, smaller(await page.screenshot()));
      console.log(`${file.slice(file.indexOf('docs/'))}: ${Math.round(statSync(file).size / 1024)} KiB`);
      await page.close();
    }
    await context.close();
  }
} finally {
  await closeBrowser();
  await close();
}

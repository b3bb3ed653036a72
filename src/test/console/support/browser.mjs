// Tests in a real Chromium, and what every one of them watches for: no message in the browser's log, no mistake
// in the page, no request that leaves the origin, no script of somebody else.
import assert from 'node:assert/strict';
import {mkdirSync} from 'node:fs';
import {after, test} from 'node:test';
import {fileURLToPath} from 'node:url';
import AxeBuilder from '@axe-core/playwright';
import {browser, closeBrowser} from './chromium.mjs';
import {ROOT} from './server.mjs';

/** How long anything may take; machines that run many tests at once are slow. */
export const PATIENCE = Number(process.env.CONSOLE_PATIENCE_MS ?? 30_000);
const PICTURES = fileURLToPath(new URL('../../../../target/console/', import.meta.url));

after(closeBrowser);

/** Asks again until an assertion holds, and fails as it does when patience ends. */
export async function eventually(assertion, patience = PATIENCE) {
  const end = Date.now() + patience;
  for (;;) {
    try {
      return await assertion();
    } catch (failure) {
      if (Date.now() > end) throw failure;
      await new Promise(resolve => setTimeout(resolve, 100));
    }
  }
}

/** Waits until something can be seen. */
export const sees = locator => locator.first().waitFor({state: 'visible'});
/** Waits until something is no longer there to see. */
export const missesAll = locator => eventually(async () => assert.equal(await locator.count(), 0, `${locator} is still there`));

/** What went wrong in a test besides its own assertions. */
class Watch {
  problems = [];

  /** @param expected patterns of messages that this test provokes */
  constructor(expected) {
    this.expected = expected;
  }

  over(page) {
    page.on('console', message => {
      if (message.type() === 'error' || message.type() === 'warning') this.note(`${message.type()}: ${message.text()}`);
    });
    page.on('pageerror', error => this.note(`mistake in the page: ${error.stack ?? error}`));
    page.on('request', request => {
      const url = new URL(request.url());
      const own = url.hostname === '127.0.0.1' || url.hostname === ROOT.hostname;
      if (!own && url.protocol !== 'blob:') this.note(`a request leaves the origin: ${url.href.slice(0, 200)}`);
    });
    page.on('dialog', dialog => {
      this.note(`a dialog of the browser: ${dialog.message()}`);
      dialog.dismiss();
    });
  }

  note(problem) {
    if (!this.expected.some(pattern => pattern.test(problem))) this.problems.push(problem);
  }
}

/** What Chromium itself writes into its log when a request is refused or lost; pages cannot keep it from that. */
export const LOST = /^error: Failed to load resource: net::ERR_/;
export const ANSWERED = status => new RegExp(`^error: Failed to load resource: the server responded with a status of ${status}`);

/**
 * A test in a browser. Its body gets `visit(address, options)`, which opens a page of the console in a browser context of
 * its own: `#/sessions` and the like, options as for a context and `root` for another server. Everything is closed behind it.
 */
export function inBrowser(name, options, body = options) {
  const {expected = []} = body === options ? {} : options;
  test(name, {timeout: 240_000}, async t => {
    const watch = new Watch(expected);
    const contexts = [];
    const pages = [];
    const visit = async (address = '', {root = ROOT, context = null, before, ...rest} = {}) => {
      const own = context ?? await (await browser()).newContext({
        viewport: {width: 1280, height: 800}, locale: 'en-GB', timezoneId: 'Asia/Kolkata', acceptDownloads: true, ...rest,
      });
      if (!context) contexts.push(own);
      own.setDefaultTimeout(PATIENCE);
      const page = await own.newPage();
      pages.push(page);
      watch.over(page);
      await before?.(page);
      await page.goto(new URL(address, root).href);
      await sees(page.getByRole('heading', {level: 1}));
      // what is drawn listens to keys a moment later
      await page.evaluate(() => new Promise(resolve => requestAnimationFrame(() => setTimeout(resolve, 50))));
      return page;
    };
    try {
      await body({visit, watch, t});
      for (const page of pages.filter(one => !one.isClosed())) {
        assert.equal(await page.evaluate(() => window.__pwned ?? null), null, 'a script of somebody else has run');
      }
      assert.deepEqual(watch.problems, []);
    } catch (failure) {
      await picture(pages, name).catch(() => {});
      if (watch.problems.length) failure.message += `\nBesides: ${watch.problems.join('\n')}`;
      throw failure;
    } finally {
      for (const context of contexts) await context.close();
    }
  });
}

/** How it looked when a test failed. */
async function picture(pages, name) {
  mkdirSync(PICTURES, {recursive: true});
  for (const [at, page] of pages.filter(one => !one.isClosed()).entries()) {
    await page.screenshot({path: `${PICTURES}${name.replace(/\W+/g, '-')}-${at}.png`});
  }
}

/**
 * Fails with everything that the rules of accessibility find on a page as it is.
 *
 * @param of `all` rules; `colours` are those that may differ in another theme, `layout` those that may on another screen
 */
export async function accessible(page, what, of = 'all') {
  const axe = new AxeBuilder({page}).setLegacyMode(true).options({resultTypes: ['violations']});
  if (of === 'colours') axe.withRules(['color-contrast', 'link-in-text-block']);
  if (of === 'layout') axe.disableRules(['color-contrast']);
  const {violations} = await axe.analyze();
  const said = violations.flatMap(one => one.nodes.slice(0, 3).map(node => `${one.id}: ${node.target} ${node.failureSummary}`));
  assert.deepEqual(said, [], `${what} breaks rules of accessibility`);
}

/** That nothing makes the page itself scroll sideways. */
export async function fits(page, what) {
  const wide = await page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= width) return [];
    return [...document.querySelectorAll('main *, header *')].filter(one => one.getBoundingClientRect().right > width + 1)
      .slice(0, 5).map(one => `${one.tagName}.${one.className} ${Math.round(one.getBoundingClientRect().right)} of ${width}`)
      .concat(`scrollWidth ${document.documentElement.scrollWidth} of ${width}`);
  });
  assert.deepEqual(wide, [], `${what} is wider than the screen`);
}

// A session in which every text is an attack, on every screen where it is shown. That nothing ran, that nothing was
// asked of another host and that the browser's log stayed empty is looked at behind every test; here the screens are
// opened, and everything on them is.
import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {ANSWERED, inBrowser, sees} from '../support/browser.mjs';
import {IDS} from '../support/fixtures.mjs';

const ID = IDS.hostile;
const HERE = `#/sessions/${ID}`;

/** Opens what can be opened, a few times over, since what is opened may hold more. */
async function openAll(page) {
  for (let round = 0; round < 3; round++) {
    await page.evaluate(() => {
      for (const summary of document.querySelectorAll('main details:not([open]) > summary')) summary.click();
      for (const button of document.querySelectorAll('main button:not(:disabled):not([aria-pressed=true])')) {
        if (/^(Show|As JSON|Indent JSON)/.test(button.textContent.trim())) button.click();
      }
    });
    await page.waitForTimeout(100);
  }
}

/** That no link, picture, frame or form of the page leads out by itself or runs something, and no style is inline. */
async function harmless(page) {
  const found = await page.evaluate(() => [...document.querySelectorAll('body *')].flatMap(one => {
    const bad = [];
    for (const {name, value} of one.attributes) {
      if (/^on/i.test(name)) bad.push(`${one.tagName} ${name}`);
      if (/^(href|src|action|data|srcset|xlink:href|formaction|srcdoc)$/i.test(name) && /^\s*(javascript|data|vbscript):/i.test(value)) bad.push(`${one.tagName} ${name}=${value.slice(0, 40)}`);
    }
    if (/^(SCRIPT|IFRAME|OBJECT|EMBED|FORM|BASE|META|LINK|STYLE|VIDEO|IMG|MATH)$/.test(one.tagName) && !(one.tagName === 'FORM' && !one.action.includes('evil'))) bad.push(one.outerHTML.slice(0, 100));
    return bad;
  }));
  assert.deepEqual(found, []);
}

for (const [name, address, seen] of [
  ['list', `#/sessions?status=failed`, page => page.locator(`[data-session="${ID}"]`)],
  ['list, found by words', '#/sessions?search=onerror', page => page.locator(`[data-session="${ID}"] mark`)],
  ['conversation', HERE, page => page.getByRole('article').first()],
  ['conversation, found by words', `${HERE}?find=onerror`, page => page.locator('mark').first()],
  ['timeline', `${HERE}/timeline?at=${ID}-mcp-3`, page => page.getByRole('treegrid').getByRole('row').nth(2)],
  ['alert', `${HERE}/alert`, page => page.getByRole('region', {name: 'The alert as it was sent'})],
  ['raw', `${HERE}/raw`, page => page.getByRole('treeitem').nth(3)],
  ['compare', `#/compare?a=${ID}&b=${IDS.rich}`, page => page.getByRole('heading', {name: 'Final analyses'})],
  ['statistics', '#/statistics', page => page.getByRole('heading', {name: 'Tool calls and errors'})],
]) {
  inBrowser(`hostile: nothing of it runs or loads, ${name}`, async ({visit}) => {
    const page = await visit(address);
    await sees(seen(page));
    await openAll(page);
    if (name === 'conversation') {
      const seen = new Set();
      for (let screens = 0; screens < 30 && seen.size < 4; screens++) {
        for (const step of await page.getByRole('article').all()) seen.add(await step.getAttribute('data-step').catch(() => null));
        seen.delete(null);
        await page.mouse.wheel(0, 900);
        await openAll(page);
        await harmless(page);
      }
      assert.equal(seen.size, 4);
    }
    await harmless(page);
    assert.equal(await page.evaluate(() => document.querySelectorAll('#console').length), 1);
  });
}

inBrowser('hostile: its analysis is words, safe links and nothing else', async ({visit}) => {
  const page = await visit(HERE);
  const analysis = page.getByRole('region', {name: 'Final analysis'});
  await sees(analysis.getByText('Over all'));
  const addresses = await analysis.getByRole('link').evaluateAll(links => links.map(link => [link.protocol, link.rel, link.target]));
  for (const [protocol, rel, target] of addresses) {
    assert.match(protocol, /^https?:$/);
    assert.match(rel, /noopener/);
    assert.equal(target, '_blank');
  }
  const runbook = page.getByRole('link', {name: /javascript/});
  assert.equal(await runbook.count(), 0);
});

inBrowser('hostile: its exports have harmless names', async ({visit}) => {
  const page = await visit(HERE);
  for (const name of [/^NDJSON/, /^JSON/, /^Markdown/]) {
    await page.getByRole('button', {name: 'Export'}).click();
    const coming = page.waitForEvent('download');
    await page.getByRole('link', {name}).click();
    const file = await coming;
    assert.match(file.suggestedFilename(), /^[A-Za-z0-9][A-Za-z0-9._-]*\.(ndjson|json|md)$/);
    assert.ok(readFileSync(await file.path(), 'utf8').length > 100);
  }
});

inBrowser('hostile: an address is a text too', {expected: [ANSWERED(422)]}, async ({visit}) => {
  const evil = encodeURIComponent('"><img src=x onerror="window.__pwned=1">');
  const page = await visit('');
  for (const address of [`#/${evil}`, `#/sessions?status=${evil}&search=${evil}&sort=${evil}&range=${evil}&from=${evil}`, `#/sessions/${IDS.rich}?at=${evil}&stage=${evil}&find=${evil}`,
    `#/sessions/${IDS.rich}/${evil}`, `#/statistics?range=${evil}&bucket=${evil}&sort=${evil}`, `#/operations/${evil}`, `#/configuration?find=${evil}&key=${evil}`]) {
    await page.goto(new URL(address, page.url()).href);
    await sees(page.getByRole('heading', {level: 1}));
    await harmless(page);
  }
});

// What may travel and be held: bytes, requests and memory. Times are for `make console-bench`.
import assert from 'node:assert/strict';
import {eventually, inBrowser, sees} from '../support/browser.mjs';
import {IDS, ROW_TYPE} from '../support/fixtures.mjs';
import {api, ROOT} from '../support/server.mjs';

const KIB = 1_024;

/** Counts what travels to a page: `{requests, bytes}`, headers included. */
async function meter(page) {
  const cdp = await page.context().newCDPSession(page);
  const counted = {requests: [], bytes: 0};
  await cdp.send('Network.enable');
  cdp.on('Network.requestWillBeSent', ({request}) => counted.requests.push(request.url));
  cdp.on('Network.dataReceived', ({encodedDataLength}) => {
    counted.bytes += Math.max(0, encodedDataLength);
  });
  return counted;
}

inBrowser('budget: the first load is at most 120 KiB in 12 requests, all to the origin', async ({visit}) => {
  let counted;
  const page = await visit('', {
    before: async page => {
      counted = await meter(page);
    },
  });
  await sees(page.getByRole('row').nth(2));
  await page.waitForTimeout(1_500);
  assert.ok(counted.requests.length <= 12, `${counted.requests.length} requests: ${counted.requests.join(' ')}`);
  assert.deepEqual(counted.requests.filter(url => new URL(url).origin !== ROOT.origin), []);
  assert.ok(counted.bytes > 20 * KIB, `only ${counted.bytes} bytes were counted`);
  assert.ok(counted.bytes <= 120 * KIB, `${counted.bytes} bytes`);
});

inBrowser('budget: of 2,000 interactions the skeleton is less than 200 KB, and bodies come when they are near', async ({visit}) => {
  const bodies = [];
  let counted;
  const page = await visit(`#/sessions/${IDS.many}`, {
    before: async page => {
      counted = await meter(page);
      page.on('request', request => /\/interactions\/[^/?]+/.test(request.url()) && bodies.push(request.url()));
    },
  });
  await sees(page.getByText('2,000 steps').first());
  await sees(page.getByText('Done 1.').first());
  assert.ok(bodies.length < 80, `${bodies.length} bodies were asked for`);
  assert.ok(counted.bytes < 120 * KIB + 200_000, `${counted.bytes} bytes in all`);
  await page.keyboard.press(']');
  await page.keyboard.press(']');
  await sees(page.getByText('Step 1335?').or(page.getByText('Done 1335.')).first());
  assert.ok(bodies.length < 200, `${bodies.length} bodies were asked for`);
  const answer = await fetch(new URL(`api/v1/history/sessions/${IDS.many}?include=skeleton`, ROOT), {headers: {'Accept-Encoding': 'identity'}});
  assert.ok(answer.ok);
  const {byteLength} = await answer.arrayBuffer();
  assert.ok(byteLength > 100_000 && byteLength < 200_000, `${byteLength} bytes`);
});

inBrowser('budget: the answers of a session are asked for before its modules are there, and once', async ({visit}) => {
  for (const tab of ['', '/timeline']) {
    const page = await visit(`#/sessions/${IDS.many}${tab}`);
    await sees(page.getByText('2,000 interactions').first());
    await page.waitForTimeout(1_000);
    const asked = await page.evaluate(() => performance.getEntriesByType('resource')
      .map(({name, startTime, responseEnd}) => ({name: name.replace(/^.*?\/\/[^/]+/, ''), startTime, responseEnd})));
    // but for bodies, which are let go and asked for again as rows turn out larger or smaller than was thought
    const ofSession = asked.map(({name}) => name)
      .filter(name => name.includes('/history/sessions/') && !name.includes('/interactions/'));
    assert.deepEqual(ofSession.toSorted(), [...new Set(ofSession)].toSorted());
    assert.equal(ofSession.filter(name => name.includes('/interactions?')).length, 4, `${ofSession}`);
    const {startTime} = asked.find(({name}) => name.endsWith('include=skeleton'));
    const {responseEnd} = asked.find(({name}) => name.endsWith('/session/session.js'));
    assert.ok(startTime < responseEnd, `${startTime} after ${responseEnd}`);
  }
});

inBrowser('budget: a conversation of 5 MB is shown in part, and to its end on demand', async ({visit}) => {
  const page = await visit(`#/sessions/${IDS.talk}`);
  await sees(page.getByText('Message 0.', {exact: false}).first());
  const [elements, characters] = await page.evaluate(() => [document.querySelectorAll('*').length, document.body.innerText.length]);
  assert.ok(elements < 5_000, `${elements} elements`);
  assert.ok(characters < 500_000, `${characters} characters are drawn`);
  await page.getByRole('button', {name: 'Show more messages'}).first().click();
  await sees(page.getByText('Message 30.', {exact: false}).first());
  await page.keyboard.press('End');
  await eventually(async () => {
    await page.keyboard.press('End');
    assert.equal(await page.getByText('Message 499.', {exact: false}).count() > 0, true);
  });
});

inBrowser('budget: a tool result of 5 MB opens without freezing the page', async ({visit}) => {
  const page = await visit(`#/sessions/${IDS.result}?at=${IDS.result}-mcp-2`);
  const step = page.locator(`article[data-step="${IDS.result}-mcp-2"]`);
  await sees(step.getByText('first line', {exact: false}).first());
  const drawn = () => page.evaluate(() => document.body.innerText.length);
  assert.ok(await drawn() < 200_000);
  await step.getByRole('button', {name: /^Show (more|all)/}).first().click();
  await sees(step.getByText(/of 5,\d\d\d,\d\d\d characters/).first());
  assert.ok(await drawn() < 1_000_000, 'all of it is drawn at once');
  await page.getByRole('navigation', {name: 'Views of this session'}).getByRole('link', {name: 'Timeline'}).click();
  await sees(page.getByRole('treegrid'));
});

inBrowser('budget: ten thousand rows take less than 200 MB, and few of them are drawn', async ({visit}) => {
  const {sessions: [row]} = await api(`history/sessions?page_size=1&alert_type=${ROW_TYPE}`);
  const size = 10_000;
  const page = await visit(`#/sessions?alert_type=${ROW_TYPE}`, {
    // the rows are made here: what is measured is the page, and ten thousand sessions would take a minute to write
    before: page => page.route(/history\/sessions\?/, route => {
      const params = new URL(route.request().url()).searchParams;
      const from = Number(params.get('cursor') ?? 0);
      const many = Math.min(Number(params.get('page_size')), size - from);
      return route.fulfill({json: {
        sessions: Array.from({length: many}, (_, at) => ({...row, session_id: `made-${from + at}`, started_at_us: row.started_at_us - from - at})),
        pagination: {page: 1, page_size: many, total_pages: 1, total_items: size, next_cursor: from + many < size ? String(from + many) : null},
      }});
    }),
  });
  const count = page.getByRole('table', {name: 'Sessions'});
  await sees(page.getByRole('row').nth(2));
  await page.mouse.move(600, 500);
  await eventually(async () => {
    await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
    assert.equal(await page.getByText('These are all.').count(), 1);
  }, 120_000);
  assert.equal(await count.getAttribute('aria-rowcount'), String(size + 1));
  assert.ok(await page.getByRole('row').count() < 100);
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('HeapProfiler.collectGarbage');
  const {usedSize} = await cdp.send('Runtime.getHeapUsage');
  assert.ok(usedSize < 200_000_000, `${usedSize} bytes of heap`);
});

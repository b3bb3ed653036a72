// What a person sees when something is in the way.
import assert from 'node:assert/strict';
import {ANSWERED, eventually, inBrowser, LOST, missesAll, sees} from '../support/browser.mjs';
import {IDS, session} from '../support/fixtures.mjs';
import {proxy} from '../support/proxy.mjs';
import {api, write} from '../support/server.mjs';

const banner = page => page.getByRole('alert').filter({hasText: 'What you see is from before'});
const problem = (status, type, detail) => ({
  status, contentType: 'application/problem+json', headers: {'Retry-After': '5'},
  body: JSON.stringify({type: `urn:tarsy:problem:${type}`, title: type, status, detail, correlation_id: 'c0ffee'}),
});

inBrowser('failures: while the server is away the page stays, counts down, and comes back by itself', {
  expected: [LOST],
}, async ({visit, t}) => {
  const way = await proxy();
  t.after(() => way.close());
  const page = await visit(`#/sessions/${IDS.rich}`, {root: way.root});
  await sees(page.getByText('The limit of memory is too low').first());
  await way.stop();
  await page.getByRole('navigation', {name: 'Views'}).getByRole('link', {name: 'Sessions'}).click();
  await sees(banner(page));
  await sees(page.getByText(/Asked again in \d+ s/));
  await sees(page.getByRole('button', {name: 'Try now'}));
  await page.goBack();
  await sees(page.getByRole('heading', {level: 1}));
  await way.start();
  await missesAll(banner(page));
  await sees(page.getByText('The limit of memory is too low').first());
  await sees(page.getByText('Live', {exact: false}).first());
});

inBrowser('failures: what was loaded stays on the screen while the server is away', {expected: [LOST]}, async ({visit, t}) => {
  const way = await proxy();
  t.after(() => way.close());
  const page = await visit('', {root: way.root});
  const row = page.getByRole('main').getByRole('link', {name: /console-rich/}).first();
  await sees(row);
  await way.stop();
  await sees(banner(page)); // nobody pressed anything: the events were cut, and asking again failed
  await sees(row);
  await way.start();
  await page.getByRole('button', {name: 'Try now'}).click();
  await missesAll(banner(page));
  await sees(row);
});

inBrowser('failures: a history that is switched off is told from one that is away', {
  expected: [ANSWERED(503)],
}, async ({visit}) => {
  const off = problem(503, 'history-disabled', 'History is disabled on this server.');
  const page = await visit('', {before: page => page.route('**/api/v1/history/**', route => route.fulfill(off))});
  await sees(page.getByRole('heading', {name: 'History is disabled'}));
  await sees(page.getByText('HISTORY_ENABLED').first());
  assert.equal(await banner(page).count(), 0);
});

inBrowser('failures: a session that is not there is told in words, with the way back', {
  expected: [ANSWERED(404)],
}, async ({visit}) => {
  const page = await visit('#/sessions/no-such-session');
  await sees(page.getByText('no-such-session').first());
  await page.getByRole('main').getByRole('link', {name: /sessions/i}).first().click();
  await sees(page.getByRole('heading', {level: 1, name: 'Sessions', exact: true}));
});

inBrowser('failures: what one is not allowed to see is told in words', {expected: [ANSWERED(403)]}, async ({visit}) => {
  const no = problem(403, 'forbidden', 'This is not for you.');
  const page = await visit('#/operations', {before: page => page.route('**/api/v1/system/**', route => route.fulfill(no))});
  await sees(page.getByRole('heading', {name: 'Not allowed'}).first());
});

inBrowser('failures: a mistake of the server has an id to tell the operator', {expected: [ANSWERED(500)]}, async ({visit}) => {
  const broken = problem(500, 'internal-error', 'Something is wrong in the server.');
  const page = await visit('#/configuration', {before: page => page.route('**/api/v1/system/config**', route => route.fulfill(broken))});
  await sees(page.getByRole('alert').getByText('c0ffee').first());
});

inBrowser('failures: a session that is deleted while it is open says so', {expected: [ANSWERED(404)]}, async ({visit}) => {
  const id = `console-gone-${Date.now()}`;
  await write([session(id, {status: 'completed'})]);
  const page = await visit(`#/sessions/${id}`);
  await sees(page.getByText('restarts again and again').first());
  await api(`history/sessions/${id}`, {method: 'DELETE'});
  await sees(page.getByText(/deleted/i).first());
  await page.getByRole('main').getByRole('link', {name: /sessions/i}).first().click();
  await sees(page.getByRole('heading', {level: 1, name: 'Sessions', exact: true}));
});

inBrowser('failures: without live updates it says so, reads, and asks again', {
  expected: [LOST, ANSWERED(403)],
}, async ({visit}) => {
  let lists = 0;
  const page = await visit('', {
    before: async page => {
      await page.clock.install();
      await page.route('**/api/v1/history/events**', route => route.fulfill({status: 403, body: 'no streams here'}));
      page.on('request', request => {
        if (/history\/sessions(\?|$)/.test(request.url())) lists++;
      });
    },
  });
  await eventually(async () => {
    await page.clock.runFor(1_000);
    assert.equal(await page.getByRole('status').filter({hasText: 'Live updates are blocked'}).count(), 1);
  });
  await sees(page.getByText('Not live'));
  await sees(page.getByRole('main').getByRole('link', {name: /console-rich/}).first());
  const before = lists;
  await eventually(async () => {
    await page.clock.runFor(5_000);
    assert.ok(lists > before, 'the list is not asked again');
  });
});

inBrowser('failures: live updates that never come through are given up, and the page is read', {expected: [LOST]}, async ({visit}) => {
  const page = await visit(`#/sessions/${IDS.rich}`, {
    before: async page => {
      await page.clock.install();
      await page.route('**/api/v1/history/events**', () => {}); // no answer, as from a proxy that gathers everything
    },
  });
  await eventually(async () => {
    await page.clock.runFor(2_000);
    assert.equal(await page.getByText('Not live').count(), 1);
  });
  await sees(page.getByText('The limit of memory is too low').first());
});

// The short set: every screen opens on this server, its files travel as they should, and events arrive.
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {inBrowser, sees} from '../support/browser.mjs';
import {session} from '../support/fixtures.mjs';
import {proxy} from '../support/proxy.mjs';
import {SCREENS} from '../support/screens.mjs';
import {ROOT, send, write} from '../support/server.mjs';

inBrowser('smoke: every screen opens by its address', async ({visit}) => {
  const page = await visit('');
  for (const screen of SCREENS) {
    await page.goto(new URL(screen.address, ROOT).href);
    await screen.ready(page);
  }
});

inBrowser('smoke: it works below a path', async ({visit, t}) => {
  const way = await proxy('/some/path/');
  t.after(() => way.close());
  const page = await visit('', {root: way.root});
  for (const screen of SCREENS) {
    await page.goto(new URL(screen.address, way.root).href);
    await screen.ready(page);
  }
  assert.deepEqual(await page.context().cookies(), []);
});

inBrowser('smoke: a session that somebody writes appears by itself', async ({visit}) => {
  const page = await visit('');
  await sees(page.getByText('Live', {exact: false}).first());
  const id = `console-new-${Date.now()}`;
  await write([session(id)]);
  await sees(page.getByRole('main').getByRole('link', {name: new RegExp(id)}));
});

test('smoke: files come with a policy, a type and a tag, zipped, and tools stay at home', async () => {
  for (const [file, type] of [['', 'text/html'], ['app.js', 'javascript'], ['style/console.css', 'text/css'], ['style/icon.svg', 'image/svg\\+xml']]) {
    const answer = await send('GET', file);
    assert.equal(answer.status, 200, file);
    assert.match(answer.headers.get('Content-Type'), new RegExp(type), file);
    assert.match(answer.headers.get('Content-Security-Policy'), /default-src 'self'/, file);
    assert.doesNotMatch(answer.headers.get('Content-Security-Policy'), /unsafe|data:|https?:|\*/, file);
    assert.equal(answer.headers.get('X-Content-Type-Options'), 'nosniff', file);
    assert.ok(answer.headers.get('ETag'), `${file} has no tag`);
    assert.equal(answer.headers.get('Set-Cookie'), null, file);
    assert.equal(answer.headers.get('Content-Encoding'), 'gzip', `${file} is not zipped`);
  }
  assert.equal((await send('GET', 'vendor/refresh.mjs')).status, 404);
});

// One session: header, alert, analysis, stages, conversation, words, keys, raw, export, and how it stays up to date.
import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {eventually, inBrowser, missesAll, sees} from '../support/browser.mjs';
import {IDS, llm, mcp, NEEDLE, session, stage} from '../support/fixtures.mjs';
import {api, now, write} from '../support/server.mjs';

const RICH = `#/sessions/${IDS.rich}`;
const step = (page, id) => page.locator(`article[data-step="${id}"]`);
const selected = page => page.getByRole('article').and(page.locator('[aria-current=true]'));
const idOf = locator => locator.getAttribute('data-step');
const hash = page => page.evaluate(() => location.hash);
const isInSight = locator => locator.evaluate(one => {
  const {top, bottom} = one.getBoundingClientRect();
  return bottom > 0 && top < innerHeight;
});

inBrowser('session: the header says how it went', async ({visit}) => {
  const page = await visit(RICH);
  const head = page.getByRole('main');
  for (const words of ['Completed', '1 m 31 s', '3 errors', 'tokens']) await sees(head.getByText(words).first());
  await head.getByText('Agent type', {exact: false}).first().click();
  await sees(head.getByText('three-stage-chain').first());
  await sees(head.getByRole('link', {name: /runbooks\.example/}).first());
  await sees(head.getByText(`alert-${IDS.rich}`).first());
});

inBrowser('session: a hold is set and released', async ({visit}) => {
  const id = `console-hold-${Date.now()}`;
  await write([session(id, {status: 'completed'})]);
  const page = await visit(`#/sessions/${id}`);
  for (const held of [true, false]) {
    await page.getByRole('button', {name: 'Hold', exact: true, pressed: !held}).click();
    await eventually(async () => assert.equal((await api(`history/sessions/${id}`)).retention_hold, held));
    await sees(page.getByRole('button', {name: 'Hold', exact: true, pressed: held}));
    assert.equal(await page.getByText('held: retention does not delete it').count(), held ? 1 : 0);
  }
});

inBrowser('session: each of its views has an address', async ({visit}) => {
  const page = await visit(RICH);
  const views = page.getByRole('navigation', {name: 'Views of this session'});
  for (const [name, rest] of [['Timeline', '/timeline'], ['Alert', '/alert'], ['Raw', '/raw'], ['Conversation', '']]) {
    await views.getByRole('link', {name}).click();
    await eventually(async () => assert.equal((await hash(page)).split('?')[0], `${RICH}${rest}`));
    await page.reload();
    await sees(views.locator('[aria-current=page]', {hasText: name}));
  }
  await page.goBack();
  await sees(views.locator('[aria-current=page]', {hasText: 'Raw'}));
});

inBrowser('session: the alert is readable first, and raw on demand', async ({visit}) => {
  const page = await visit(`${RICH}/alert`);
  const alert = page.getByRole('region', {name: 'The alert as it was sent'});
  await sees(alert.getByText('Pod cart-7f9c of console-rich is OOMKilled'));
  await sees(alert.getByText('gold'));
  assert.equal(await alert.getByText('{').count(), 0);
  await alert.getByRole('button', {name: 'As JSON', exact: true}).click();
  await sees(alert.getByText('"tier": "gold"'));
});

inBrowser('session: the final analysis is Markdown, and its links open elsewhere', async ({visit}) => {
  const page = await visit(RICH);
  const analysis = page.getByRole('region', {name: 'Final analysis'});
  await sees(analysis.getByRole('heading', {name: 'The limit of memory is too low'}));
  const all = analysis.getByRole('button', {name: 'Show all of the analysis'});
  if (await all.count()) await all.click();
  await sees(analysis.getByRole('cell', {name: '131Mi'}));
  await sees(analysis.getByRole('listitem').filter({hasText: 'restarted 14 times'}));
  await sees(analysis.locator('pre', {hasText: 'memory: 256Mi'}));
  const link = analysis.getByRole('link', {name: 'runbook'});
  assert.equal(await link.getAttribute('target'), '_blank');
  assert.match(await link.getAttribute('rel'), /noopener/);
});

inBrowser('session: stages lie at the side and lead to their steps', async ({visit}) => {
  const page = await visit(RICH);
  const rail = page.getByRole('navigation', {name: 'Stages'});
  await eventually(async () => assert.equal(await rail.getByRole('link').count(), 5));
  await sees(rail.getByRole('link', {name: /verification b.*Failed/s}));
  await rail.getByRole('link', {name: /final-diagnosis/}).click();
  const head = page.getByRole('heading', {name: /final-diagnosis/});
  await eventually(async () => assert.ok(await isInSight(head)));
  await eventually(async () => assert.match(await hash(page), /stage=/));
  await page.reload();
  await eventually(async () => assert.ok(await isInSight(head)));
});

inBrowser('session: thoughts and actions are told apart, and only what is new is shown', async ({visit}) => {
  const page = await visit(`${RICH}?at=${IDS.rich}-llm-4`);
  const first = step(page, `${IDS.rich}-llm-2`);
  await sees(first.getByText('Thought', {exact: true}));
  await sees(first.getByText('I should look at the pod first.'));
  await sees(first.getByText('Action', {exact: true}));
  await sees(first.getByText('System', {exact: true}));
  const second = step(page, `${IDS.rich}-llm-4`);
  await sees(second.getByText('Final Answer', {exact: true}));
  await sees(second.getByText('The kernel killed it.'));
  assert.equal(await second.getByText('You are an experienced site reliability engineer.').count(), 0);
  await second.getByRole('button', {name: 'Show 3 earlier messages'}).click();
  await sees(second.getByText('You are an experienced site reliability engineer.'));
});

inBrowser('session: tool calls stand among what was said, with arguments, results and errors', async ({visit}) => {
  const page = await visit(`${RICH}?at=${IDS.rich}-mcp-3`);
  const call = step(page, `${IDS.rich}-mcp-3`);
  await sees(call.getByText(/"namespace": ?"shop"/));
  await sees(call.getByText(NEEDLE));
  await eventually(async () => assert.equal(await call.getAttribute('aria-current'), 'true'));
  await page.goto(new URL(`${RICH}?at=${IDS.rich}-mcp-20`, page.url()).href);
  const failed = step(page, `${IDS.rich}-mcp-20`);
  await sees(failed.getByText('pods "cart-7f9c" is forbidden'));
  await sees(failed.getByText('Failed').first());
  await eventually(async () => assert.ok(await isInSight(failed)));
});

inBrowser('session: words are found in what was not loaded, and marked', async ({visit}) => {
  const page = await visit(RICH);
  await sees(page.getByRole('article').first());
  await page.keyboard.press('/');
  await page.keyboard.type(NEEDLE);
  await sees(page.getByText('1 step found'));
  await page.keyboard.press('Enter');
  const found = step(page, `${IDS.rich}-mcp-3`);
  await sees(found.locator('mark', {hasText: NEEDLE}));
  await eventually(async () => assert.equal(await found.getAttribute('aria-current'), 'true'));
  await eventually(async () => assert.match(await hash(page), new RegExp(`find=${NEEDLE}`)));
  await page.reload();
  await sees(found.locator('mark', {hasText: NEEDLE}));
});

inBrowser('session: keys lead from step to step, stage to stage and error to error', async ({visit}) => {
  const page = await visit(RICH);
  await sees(page.getByRole('article').first());
  const at = async key => {
    const before = await selected(page).count() ? await idOf(selected(page)) : null;
    await page.keyboard.press(key);
    return eventually(async () => {
      const id = await idOf(selected(page).first());
      assert.notEqual(id, before);
      assert.ok(await isInSight(selected(page)), `${id} is out of sight`);
      return id;
    });
  };
  assert.equal(await at('j'), `${IDS.rich}-mcp-1`);
  assert.equal(await at('j'), `${IDS.rich}-llm-2`);
  assert.equal(await at('k'), `${IDS.rich}-mcp-1`);
  await page.keyboard.press('e');
  await eventually(async () => assert.match(await hash(page), /stage=console-rich\.1b/)); // its error is one of the stage
  assert.equal(await at('e'), `${IDS.rich}-mcp-20`);
  assert.equal(await at('e'), `${IDS.rich}-llm-21`);
  assert.equal(await at('E'), `${IDS.rich}-mcp-20`);
  await page.keyboard.press('[');
  await eventually(async () => assert.match(await hash(page), /stage=console-rich\.1b/));
  await page.keyboard.press(']');
  await eventually(async () => assert.match(await hash(page), /stage=console-rich\.2/));
  await page.keyboard.press('2');
  await eventually(async () => assert.match(await hash(page), /\/timeline/));
  await page.keyboard.press('1');
  await eventually(async () => assert.doesNotMatch(await hash(page), /\/timeline/));
  await page.keyboard.press('g');
  await page.keyboard.press('g');
  await eventually(async () => assert.equal(await page.evaluate(() => scrollY), 0));
});

inBrowser('session: similar alerts stand beside it, and can be compared', async ({visit}) => {
  const page = await visit(`#/sessions/${IDS.other}`);
  const similar = page.getByRole('complementary', {name: /Similar alerts/});
  await sees(similar.getByRole('listitem').first());
  await similar.getByRole('link', {name: 'Compare'}).first().click();
  await eventually(async () => assert.match(await hash(page), new RegExp(`^#/compare\\?a=${IDS.other}&b=`)));
});

inBrowser('session: it goes out as records, JSON and Markdown, and into the clipboard', async ({visit}) => {
  const page = await visit(RICH, {permissions: ['clipboard-read', 'clipboard-write']});
  for (const [name, end, holds] of [[/^NDJSON/, /\.ndjson$/, '"kind":"session"'], [/^Markdown/, /\.md$/, '# ']]) {
    await page.getByRole('button', {name: 'Export'}).click();
    const coming = page.waitForEvent('download');
    await page.getByRole('link', {name}).click();
    const file = await coming;
    assert.match(file.suggestedFilename(), end);
    assert.ok(readFileSync(await file.path(), 'utf8').includes(holds));
  }
  await page.getByRole('button', {name: 'Export'}).click();
  await page.getByRole('button', {name: 'Copy as Markdown'}).last().click();
  await sees(page.getByRole('status').filter({hasText: 'Copied'}));
  assert.match(await page.evaluate(() => navigator.clipboard.readText()), /OOMKilled/);
});

inBrowser('session: raw is a tree that opens piece by piece, is searched, and copied from', async ({visit}) => {
  const page = await visit(`${RICH}/raw`, {permissions: ['clipboard-read', 'clipboard-write']});
  const tree = page.getByRole('tree', {name: 'JSON of the session'});
  await sees(tree.getByRole('treeitem', {name: /alert_headline/}));
  assert.equal(await tree.getByText(NEEDLE).count(), 0);
  await tree.getByRole('treeitem', {name: /alert_headline/}).click();
  await page.getByRole('button', {name: 'Copy the value'}).click();
  await eventually(async () => assert.match(await page.evaluate(() => navigator.clipboard.readText()), /cart-7f9c of console-rich/));
  await eventually(async () => assert.match(await hash(page), /path=/));
  await page.reload();
  await sees(tree.locator('[aria-selected=true]', {hasText: 'alert_headline'}));
  await page.getByRole('searchbox', {name: /Find in names and values/}).fill('runbooks.example');
  await sees(page.getByRole('status').filter({hasText: '1 of 1'}));
  await sees(tree.locator('mark', {hasText: 'runbooks.example'}));
  await page.goto(new URL(`${RICH}/raw?at=${IDS.rich}-mcp-3`, page.url()).href);
  await sees(tree.locator('[aria-selected=true][aria-expanded=true]', {hasText: `${IDS.rich}-mcp-3`}));
});

inBrowser('session: times are those of this place or of UTC', async ({visit}) => {
  const page = await visit(RICH);
  const time = page.getByRole('main').locator('time').first();
  await sees(time);
  const local = await time.innerText();
  await eventually(async () => assert.match(await time.getAttribute('title'), /UTC\+05:30$/));
  await page.getByRole('button', {name: 'Look and time zone'}).click();
  await page.getByRole('radio', {name: 'UTC'}).check({force: true});
  await eventually(async () => assert.notEqual(await time.innerText(), local));
  await eventually(async () => assert.match(await time.getAttribute('title'), / UTC$/));
  await page.reload();
  await eventually(async () => assert.match(await time.getAttribute('title'), / UTC$/));
});

inBrowser('session: what a running one does is added without losing the place', async ({visit}) => {
  const id = `console-live-${Date.now()}`;
  const place = {stage_execution_id: `${id}.0`};
  await write([session(id), stage(id, 0), ...Array.from({length: 30}, (_, at) => mcp(id, at, {...place, timestamp_us: now() - (60 - at) * 1_000_000}))]);
  const page = await visit(`#/sessions/${id}?at=${id}-mcp-3`);
  const chosen = step(page, `${id}-mcp-3`);
  await eventually(async () => assert.equal(await chosen.getAttribute('aria-current'), 'true'));
  await sees(page.getByText('Live').first());
  const top = () => chosen.evaluate(one => Math.round(one.getBoundingClientRect().top));
  const before = await eventually(async () => {
    const first = await top();
    await new Promise(resolve => setTimeout(resolve, 300));
    assert.equal(await top(), first);
    return first;
  });
  await write([mcp(id, 30, {...place, timestamp_us: now()}), llm(id, 31, [{role: 'user', content: 'So?'}, {role: 'assistant', content: 'It is the new one.'}],
    {...place, timestamp_us: now()})]);
  await sees(page.getByRole('button', {name: '2 new steps'}));
  assert.ok(Math.abs(await top() - before) < 3, 'what was read has moved');
  await eventually(async () => assert.equal(await chosen.getAttribute('aria-current'), 'true'));
  await page.getByRole('button', {name: '2 new steps'}).click();
  await sees(page.getByText('It is the new one.'));
  await write([{kind: 'session_patch', session_id: id, status: 'completed', final_analysis: '# Solved\n\nAll is **well**.'}]);
  await sees(page.getByRole('heading', {name: 'Solved'}));
  await missesAll(page.getByText('running for'));
});

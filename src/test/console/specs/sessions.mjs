// The list: what runs, filters, words, order, paging, saved views, and what is done to many.
import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {eventually, inBrowser, missesAll, sees} from '../support/browser.mjs';
import {IDS, NEEDLE, ROWS, ROW_TYPE, session} from '../support/fixtures.mjs';
import {api, write} from '../support/server.mjs';

const OURS = `#/sessions?alert_type=${ROW_TYPE}`;
const rows = page => page.getByRole('table', {name: 'Sessions'}).getByRole('row').filter({has: page.getByRole('cell')});
const total = (page, words) => sees(page.getByRole('status').filter({hasText: words}));
const names = async page => (await rows(page).getByRole('link').allInnerTexts()).map(name => name.trim());
const hash = page => page.evaluate(() => location.hash);

inBrowser('sessions: a row says how it is, what it is about and how far it came', async ({visit}) => {
  const page = await visit(`#/sessions?chain_id=three-stage-chain`);
  const row = rows(page).filter({hasText: `Pod cart-7f9c of ${IDS.rich} is OOMKilled`});
  await sees(row);
  const text = await row.innerText();
  for (const part of ['Completed', 'PodCrashLooping', 'three-stage-chain', '1 m 31 s']) {
    assert.ok(text.includes(part), `${part} is missing in: ${text}`);
  }
  await row.getByRole('link').first().click();
  await sees(page.getByRole('heading', {level: 1, name: /cart-7f9c/}));
});

inBrowser('sessions: what runs now stands above, ticks, and leads to its last step', async ({visit}) => {
  const page = await visit('');
  const strip = page.getByRole('region', {name: 'Running now'});
  const card = strip.getByRole('listitem').filter({hasText: 'NodePressure'});
  await sees(card);
  const before = await card.innerText();
  assert.match(before, /In progress/);
  assert.match(before, /\d+ m \d\d s/);
  await eventually(async () => assert.notEqual(await card.innerText(), before));
});

inBrowser('sessions: filters have counts, narrow the list, and stand in the address', async ({visit}) => {
  const page = await visit('');
  const filters = page.getByRole('complementary', {name: 'Filters'});
  await filters.getByRole('checkbox', {name: new RegExp(`^${ROW_TYPE}`)}).check();
  await total(page, `${ROWS} sessions`);
  const failed = filters.getByRole('group', {name: 'Status'}).getByRole('checkbox', {name: /^Failed/});
  await sees(filters.getByText('50').first());
  await failed.check();
  await total(page, '50 sessions');
  await eventually(async () => assert.match(await hash(page), new RegExp(`status=failed`)));
  await page.reload();
  await total(page, '50 sessions');
  await eventually(async () => assert.equal(await failed.isChecked(), true));
  await page.getByRole('button', {name: 'Remove Status: Failed'}).click();
  await total(page, `${ROWS} sessions`);
  await page.goBack();
  await total(page, '50 sessions');
  await page.getByRole('button', {name: 'Clear all'}).first().click();
  await eventually(async () => assert.doesNotMatch(await hash(page), /status|alert_type/));
});

inBrowser('sessions: words are found in tool results, and it is said where', async ({visit}) => {
  const page = await visit('');
  await page.keyboard.press('/');
  await page.keyboard.type(NEEDLE);
  await page.keyboard.press('Enter');
  await total(page, '2 sessions');
  const row = rows(page).filter({hasText: IDS.rich});
  await sees(row.locator('mark', {hasText: NEEDLE}));
  await sees(row.getByText('tool result'));
  await page.reload();
  await total(page, '2 sessions');
  await eventually(async () => assert.equal(await page.getByRole('searchbox').inputValue(), NEEDLE));
  await row.getByRole('link', {name: new RegExp(NEEDLE)}).click();
  await sees(page.getByRole('heading', {level: 1, name: new RegExp(IDS.rich)}));
  await sees(page.getByRole('main').getByText(NEEDLE).first());
  await page.goBack();
  await total(page, '2 sessions');
});

inBrowser('sessions: words that cannot be looked for are refused in words', async ({visit}) => {
  const page = await visit('');
  await page.getByRole('searchbox').fill('ab');
  await page.keyboard.press('Enter');
  await sees(page.getByRole('alert').filter({hasText: '3 to 200'}));
  await page.getByRole('searchbox').fill('nothing-has-this-word');
  await page.keyboard.press('Enter');
  await sees(page.getByRole('heading', {name: 'No session matches'}));
});

inBrowser('sessions: any column sorts, both ways', async ({visit}) => {
  const page = await visit(OURS);
  await total(page, `${ROWS} sessions`);
  const table = page.getByRole('table', {name: 'Sessions'});
  await table.getByRole('columnheader', {name: 'Duration'}).getByRole('button').click();
  await sees(table.locator('[aria-sort=descending]', {hasText: 'Duration'}));
  await eventually(async () => assert.match(await rows(page).first().innerText(), /5 m 29 s/));
  await table.getByRole('columnheader', {name: 'Duration'}).getByRole('button').click();
  await sees(table.locator('[aria-sort=ascending]', {hasText: 'Duration'}));
  await eventually(async () => assert.match(await rows(page).first().innerText(), /30\.0 s/));
  await page.reload();
  await eventually(async () => assert.match(await rows(page).first().innerText(), /30\.0 s/));
});

inBrowser('sessions: more come while one scrolls, few are drawn, and the way back finds the place', async ({visit}) => {
  const page = await visit(OURS);
  const table = page.getByRole('table', {name: 'Sessions'});
  await total(page, `${ROWS} sessions`);
  const last = rows(page).filter({hasText: `console-row-${ROWS - 1}`});
  await eventually(async () => {
    await page.mouse.wheel(0, 3_000);
    assert.equal(await last.count(), 1);
  });
  await sees(page.getByText('These are all.'));
  assert.ok(await rows(page).count() < 100, 'rows out of sight are drawn');
  assert.equal(await table.getAttribute('aria-rowcount'), String(ROWS + 1));
  const link = last.getByRole('link').first();
  await link.scrollIntoViewIfNeeded();
  await link.click();
  await sees(page.getByRole('heading', {level: 1, name: new RegExp(`row-${ROWS - 1}`)}));
  await page.goBack();
  await sees(last);
  await eventually(async () => assert.ok(await last.evaluate(row => {
    const {top, bottom} = row.getBoundingClientRect();
    return top > 0 && bottom < innerHeight;
  }), 'the row that was opened is out of sight'));
});

inBrowser('sessions: a view is saved under a name and found again, also after a reload', async ({visit}) => {
  const page = await visit(`${OURS}&status=cancelled`);
  await total(page, '50 sessions');
  await page.getByRole('button', {name: 'Saved views'}).click();
  await page.getByRole('button', {name: /Save or change views/}).click();
  const dialog = page.getByRole('dialog', {name: 'Saved views'});
  await dialog.getByRole('textbox', {name: 'Name'}).fill('Stopped <rows>');
  await page.keyboard.press('Enter');
  await missesAll(dialog);
  await page.goto(new URL('#/sessions', page.url()).href);
  await page.reload();
  await page.getByRole('button', {name: 'Saved views'}).click();
  await page.getByRole('link', {name: 'Stopped <rows>'}).click();
  await total(page, '50 sessions');
  await eventually(async () => assert.match(await hash(page), /status=cancelled/));
});

inBrowser('sessions: what is selected is exported as records that a batch takes', async ({visit}) => {
  const page = await visit(`${OURS}&status=failed`);
  await total(page, '50 sessions');
  await rows(page).nth(0).getByRole('checkbox').check();
  await rows(page).nth(3).getByRole('checkbox').click({modifiers: ['Shift']});
  const bulk = page.getByRole('region', {name: 'Selected sessions'});
  await sees(bulk.getByText('4 sessions selected'));
  const coming = page.waitForEvent('download');
  await bulk.getByRole('button', {name: 'Export', exact: true}).click();
  const file = await coming;
  assert.match(file.suggestedFilename(), /^[\w.-]+\.ndjson$/);
  const text = readFileSync(await file.path(), 'utf8');
  const ids = text.trim().split('\n').map(line => JSON.parse(line)).filter(one => one.kind === 'session').map(one => one.session_id);
  assert.equal(ids.length, 4);
  assert.deepEqual(ids.filter(id => !id.startsWith('console-row-')), []);
  await write(text);
});

inBrowser('sessions: what is selected is put on hold and released', async ({visit}) => {
  const ids = [1, 2].map(number => `console-held-${Date.now()}-${number}`);
  await write(ids.map(id => session(id, {status: 'completed', alert_type: ids[0]})));
  const page = await visit(`#/sessions?alert_type=${ids[0]}`);
  await total(page, '2 sessions');
  for (const [button, held] of [['Hold', true], ['Release', false]]) {
    await page.getByRole('checkbox', {name: 'Select all loaded sessions'}).setChecked(true);
    await page.getByRole('region', {name: 'Selected sessions'}).getByRole('button', {name: button, exact: true}).click();
    await page.getByRole('dialog').getByRole('button', {name: new RegExp(`^${button} 2`)}).click();
    await eventually(async () => {
      for (const id of ids) assert.equal((await api(`history/sessions/${id}`)).retention_hold, held);
      assert.equal(await rows(page).filter({hasText: 'On hold'}).count(), held ? 2 : 0);
    });
  }
});

inBrowser('sessions: an empty history shows the call that writes a first session', async ({visit}) => {
  const page = await visit('', {
    before: page => page.route(/api\/v1\/history\/(sessions|active-sessions|facets)/, async route => {
      const answer = await route.fetch();
      const json = await answer.json();
      const none = Array.isArray(json) ? [] : json.sessions ? {...json, sessions: [], pagination: {...json.pagination, total_items: 0, next_cursor: null}}
        : {...json, facets: {status: [], alert_type: [], agent_type: [], chain_id: []}, ...json.active_sessions ? {active_sessions: []} : {}};
      await route.fulfill({response: answer, json: none});
    }),
  });
  await sees(page.getByRole('heading', {name: 'No sessions yet'}));
  const command = await page.locator('pre').first().innerText();
  assert.match(command, /^curl .*\/api\/v1\/history\/sessions/);
});

inBrowser('sessions: a range of time is chosen and stands in the address', async ({visit}) => {
  const page = await visit('');
  await page.getByRole('combobox', {name: 'Started'}).selectOption({label: 'Last hour'});
  await eventually(async () => assert.match(await hash(page), /range=1h/));
  await total(page, /^\d+ sessions$/);
  await eventually(async () => assert.equal(await rows(page).filter({hasText: 'console-row'}).count(), 0));
  await page.getByRole('button', {name: /Remove Started/}).click();
  await eventually(async () => assert.doesNotMatch(await hash(page), /range/));
});

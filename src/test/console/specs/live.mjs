// What one writes, others see.
import assert from 'node:assert/strict';
import {eventually, inBrowser, sees} from '../support/browser.mjs';
import {llm, session, stage} from '../support/fixtures.mjs';
import {api, now, write} from '../support/server.mjs';

inBrowser('live: a session is followed by two browsers from its beginning to its end', async ({visit}) => {
  const id = `console-followed-${Date.now()}`;
  const [list, other] = [await visit(''), await visit('')];
  for (const page of [list, other]) await sees(page.getByText('Live').first());
  await write([session(id), stage(id, 0)]);
  const card = page => page.getByRole('region', {name: 'Running now'}).getByRole('listitem').filter({hasText: id});
  for (const page of [list, other]) await sees(card(page));
  await card(other).getByRole('link', {name: new RegExp(id)}).first().click();
  await sees(other.getByRole('heading', {level: 1, name: new RegExp(id)}));
  await write([llm(id, 1, [{role: 'user', content: 'Why?'}, {role: 'assistant', content: 'Because of the quota.'}],
    {stage_execution_id: `${id}.0`, timestamp_us: now()})]);
  await sees(other.getByText('Because of the quota.'));
  await sees(card(list).getByText('gemini-2.5-flash'));
  await write([{kind: 'stage_patch', session_id: id, execution_id: `${id}.0`, status: 'completed'},
    {kind: 'session_patch', session_id: id, status: 'completed', final_analysis: 'The quota is too small.'}]);
  await sees(other.getByRole('region', {name: 'Final analysis'}).getByText('The quota is too small.'));
  await eventually(async () => assert.equal(await card(list).count(), 0));
  await sees(list.getByRole('row').filter({hasText: id}).getByText('Completed'));
  await api(`history/sessions/${id}`, {method: 'DELETE'});
  await sees(list.getByRole('row').filter({hasText: id}).getByText('Deleted'));
  await sees(other.getByText(/deleted/i).first());
});

inBrowser('live: a list that is read further down does not jump when sessions come', async ({visit}) => {
  const page = await visit('#/sessions?alert_type=ConsoleRow');
  const rows = page.getByRole('table', {name: 'Sessions'}).getByRole('row').filter({has: page.getByRole('cell')});
  await sees(rows.nth(5));
  await page.mouse.move(600, 600);
  await page.mouse.wheel(0, 1_500);
  const reading = () => page.evaluate(() => {
    const row = [...document.querySelectorAll('[data-session]')].find(one => one.getBoundingClientRect().top > 300);
    return row && {id: row.dataset.session, top: Math.round(row.getBoundingClientRect().top), scrolled: scrollY};
  });
  const shown = await eventually(async () => {
    const before = await reading();
    await page.waitForTimeout(300);
    assert.ok(before?.scrolled > 500);
    assert.deepEqual(await reading(), before);
    return before;
  });
  await write([session(`console-late-${Date.now()}`, {alert_type: 'ConsoleRow', started_at_us: now()})]);
  const button = page.getByRole('button', {name: '1 new session'});
  await sees(button);
  const top = await page.locator(`[data-session="${shown.id}"]`).evaluate(row => Math.round(row.getBoundingClientRect().top));
  assert.ok(Math.abs(top - shown.top) < 60, `a row that was read has moved from ${shown.top} to ${top}`);
  await button.click();
  await sees(rows.filter({hasText: 'console-late'}));
  for (const {session_id: id} of (await api('history/sessions?alert_type=ConsoleRow&status=in_progress')).sessions) {
    await api(`history/sessions/${id}`, {method: 'DELETE'}); // other tests count these rows
  }
});

// What is around every view: navigation, look, times, keys, help.
import assert from 'node:assert/strict';
import {eventually, inBrowser, missesAll, sees} from '../support/browser.mjs';

const VIEWS = ['Sessions', 'Statistics', 'Operations', 'Configuration'];
const heading = (page, name) => page.getByRole('heading', {level: 1, name, exact: true});
const background = page => page.evaluate(() => getComputedStyle(document.body).backgroundColor);

inBrowser('frame: every view is one press away, and the back button leads back', async ({visit}) => {
  const page = await visit('');
  const views = page.getByRole('navigation', {name: 'Views'});
  for (const name of VIEWS) {
    await views.getByRole('link', {name, exact: true}).click();
    await sees(heading(page, name));
    await eventually(async () => assert.equal(await views.locator('[aria-current=page]').innerText(), name));
    assert.match(await page.title(), new RegExp(`${name} · TARSy History$`));
  }
  await page.goBack();
  await sees(heading(page, VIEWS.at(-2)));
  await page.reload();
  await sees(heading(page, VIEWS.at(-2)));
});

inBrowser('frame: an address that leads nowhere says so and leads on', async ({visit}) => {
  for (const address of ['#/nowhere/at/all', '#/constructor']) {
    const page = await visit(address);
    await sees(heading(page, 'No such page'));
    await page.getByRole('main').getByRole('link').click();
    await sees(heading(page, 'Sessions'));
  }
});

inBrowser('frame: the theme is the system’s until it is chosen, and stays chosen', async ({visit}) => {
  const page = await visit('', {colorScheme: 'light'});
  const light = await background(page);
  await page.emulateMedia({colorScheme: 'dark'});
  await eventually(async () => assert.notEqual(await background(page), light));
  const dark = await background(page);
  await page.getByRole('button', {name: 'Look and time zone'}).click();
  await page.getByRole('radio', {name: 'Light'}).check({force: true});
  await eventually(async () => assert.equal(await background(page), light));
  await page.reload();
  await sees(heading(page, 'Sessions'));
  await eventually(async () => assert.equal(await background(page), light));
  await page.getByRole('button', {name: 'Look and time zone'}).click();
  await page.getByRole('radio', {name: 'System'}).check({force: true});
  await eventually(async () => assert.equal(await background(page), dark));
});

inBrowser('frame: keys are explained, lead to every view, and are only letters in a field', async ({visit}) => {
  const page = await visit('');
  await page.keyboard.press('?');
  const keys = page.getByRole('dialog', {name: 'Keys'});
  await sees(keys);
  await page.keyboard.press('Escape');
  await missesAll(keys);
  for (const [key, name] of [['t', 'Statistics'], ['o', 'Operations'], ['c', 'Configuration'], ['s', 'Sessions']]) {
    await page.keyboard.press('g');
    await page.keyboard.press(key);
    await sees(heading(page, name));
  }
  await eventually(async () => {
    await page.keyboard.press('/');
    assert.equal(await page.getByRole('searchbox').evaluate(field => field === document.activeElement), true);
  });
  await page.keyboard.type('gt?');
  await sees(heading(page, 'Sessions'));
  assert.equal(await keys.count(), 0);
});

inBrowser('frame: the first stop of the Tab key skips to the content', async ({visit}) => {
  const page = await visit('');
  await page.keyboard.press('Tab');
  await sees(page.getByRole('link', {name: 'Skip to the content'}));
  await page.keyboard.press('Enter');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'content');
});

inBrowser('frame: it says which installation this is, and gives focus back', async ({visit}) => {
  const page = await visit('');
  const button = page.getByRole('button', {name: 'About this installation'});
  await button.click();
  const about = page.getByRole('dialog', {name: 'About this installation'});
  await sees(about.getByText('0.1.0'));
  await about.getByRole('button', {name: 'Close'}).click();
  await missesAll(about);
  await eventually(async () => assert.equal(await button.evaluate(one => one === document.activeElement), true));
});

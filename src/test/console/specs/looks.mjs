// Every screen in both themes, from phones to 200 %, for everybody; and still for those who want no movement.
import assert from 'node:assert/strict';
import {accessible, fits, inBrowser, sees} from '../support/browser.mjs';
import {IDS} from '../support/fixtures.mjs';
import {SCREENS} from '../support/screens.mjs';

for (const screen of SCREENS) {
  inBrowser(`looks: ${screen.name}, in both themes, on narrow screens and at 200 %`, async ({visit}) => {
    const page = await visit(screen.address, {colorScheme: 'light'});
    await screen.ready(page);
    await accessible(page, `${screen.name}, light`);
    await page.emulateMedia({colorScheme: 'dark'});
    await accessible(page, `${screen.name}, dark`, 'colours');
    for (const [width, height] of [[640, 400], [390, 844], [360, 640]]) {
      await page.setViewportSize({width, height});
      await screen.ready(page);
      await fits(page, `${screen.name} at ${width}`);
    }
    await accessible(page, `${screen.name}, narrow`, 'layout');
  });
}

inBrowser('looks: dialogs and menus follow the rules of accessibility too', async ({visit}) => {
  const page = await visit('#/sessions?alert_type=ConsoleRow');
  await page.getByRole('row').nth(2).getByRole('checkbox').check();
  await page.getByRole('button', {name: 'Look and time zone'}).click();
  await accessible(page, 'a menu and what is selected');
  await page.keyboard.press('Escape');
  await page.keyboard.press('?');
  await sees(page.getByRole('dialog'));
  await accessible(page, 'the keys');
});

inBrowser('looks: nothing moves for those who want no movement', async ({visit}) => {
  for (const address of ['', `#/sessions/${IDS.running}`, '#/statistics']) {
    const page = await visit(address, {reducedMotion: 'reduce'});
    await page.waitForTimeout(300);
    const moving = await page.evaluate(() => document.getAnimations().filter(one => one.playState === 'running'
      && one.effect.getComputedTiming().activeDuration > 50).map(one => `${one.animationName ?? one.transitionProperty}`));
    assert.deepEqual(moving, [], address);
    await page.close();
  }
});

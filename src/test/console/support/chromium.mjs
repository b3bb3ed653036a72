// The Chromium that is installed, one for the whole run.
import {existsSync} from 'node:fs';
import {chromium} from 'playwright-core';

const PLACES = [process.env.CONSOLE_CHROMIUM, ...['chromium', 'chromium-browser', 'google-chrome']
  .flatMap(name => process.env.PATH.split(':').map(folder => `${folder}/${name}`))];

/**
 * The browser's own address bar is a page too: of some hundred modules, loaded with each window while the page under
 * test loads. This list replaces that of Playwright, so it names again what matters of it.
 */
const WITHOUT = ['WebUIOmniboxPopup', 'WebUIOmniboxAimPopup', 'HttpsUpgrades', 'MediaRouter', 'OptimizationHints',
  'PaintHolding', 'Translate'];

let running;

/** The browser of this run. */
export function browser() {
  running ??= chromium.launch({
    executablePath: PLACES.find(place => place && existsSync(place)),
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--disable-quic', '--no-first-run',
      '--disable-background-networking', '--disable-component-update', '--disable-sync',
      `--disable-features=${WITHOUT}`],
  });
  return running;
}

/** Ends it, if there is one. */
export const closeBrowser = async () => (await running)?.close();

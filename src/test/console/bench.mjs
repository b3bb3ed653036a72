// `make console-bench`: how long a person waits, in a browser on this machine, and what it takes. URL names a server
// that runs and may be written to; without it one is started on a temporary file.
import {cpus} from 'node:os';
import {browser, closeBrowser} from './support/chromium.mjs';
import {ownServer} from './support/own-server.mjs';

const ROUNDS = 7;
const own = process.env.URL ? null : await ownServer();
if (!own) process.env.CONSOLE_URL = process.env.URL;
const {IDS, seed} = await import('./support/fixtures.mjs');
const {ROOT} = await import('./support/server.mjs');

const median = values => values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)];
const lines = [];
const tell = (what, value, limit) => lines.push(`| ${what} | ${value} | ${limit} |`);

/** Opens an address in a fresh context, and gives the milliseconds until something can be seen and pressed. */
async function opened(address, seen, after = async () => ({})) {
  const context = await (await browser()).newContext({viewport: {width: 1280, height: 800}});
  const page = await context.newPage();
  const cdp = await context.newCDPSession(page);
  await cdp.send('Network.enable');
  const counted = {bytes: 0, requests: 0};
  cdp.on('Network.dataReceived', ({encodedDataLength}) => {
    counted.bytes += Math.max(0, encodedDataLength);
  });
  cdp.on('Network.requestWillBeSent', () => counted.requests++);
  const isThere = page.waitForEvent('console', {predicate: message => message.text() === 'seen', timeout: 60_000});
  await page.addInitScript(text => {
    window.longest = 0;
    new PerformanceObserver(list => list.getEntries().forEach(one => {
      window.longest = Math.max(window.longest, one.duration);
    })).observe({type: 'longtask', buffered: true});
    // as the page itself sees it: from the beginning of the navigation to the frame in which the text stands
    const look = () => {
      const main = document.querySelector('main');
      // what can be seen is asked for only when it is there at all, since that sets out the whole page
      if (main?.textContent.includes(text) && main.innerText.includes(text)) requestAnimationFrame(() => {
        window.seenAt = performance.now();
        console.debug('seen');
      });
      else requestAnimationFrame(look);
    };
    document.addEventListener('DOMContentLoaded', look);
  }, seen);
  await page.goto(new URL(address, ROOT).href);
  await isThere;
  const ms = await page.evaluate(() => window.seenAt);
  const more = await after(page, cdp);
  await page.waitForTimeout(1_000); // what comes after the first sight counts too
  const longest = await page.evaluate(() => window.longest);
  await context.close();
  return {ms, longest, ...counted, ...more};
}

async function measured(name, address, seen, limits, after) {
  await opened(address, seen);
  const rounds = [];
  for (let round = 0; round < ROUNDS; round++) rounds.push(await opened(address, seen, after));
  const of = key => median(rounds.map(round => round[key]));
  tell(`${name}: seen`, `${Math.round(of('ms'))} ms`, limits.ms ? `${limits.ms} ms` : '–');
  tell(`${name}: longest time without an answer to a key`, `${Math.round(of('longest'))} ms`, '–');
  tell(`${name}: travels`, `${(of('bytes') / 1024).toFixed(1)} KiB in ${of('requests')} requests`, limits.travels ?? '–');
  return rounds;
}

try {
  await seed();
  await measured('First load', '', 'Running now', {travels: '120 KiB in 12 requests'});
  await measured('Session of 2,000 interactions', `#/sessions/${IDS.many}`, '2,000 steps', {ms: 1_000});
  await measured('Its timeline', `#/sessions/${IDS.many}/timeline`, 'pods_log', {});
  const talk = await measured('Conversation of 5 MB', `#/sessions/${IDS.talk}`, 'Message 0.', {}, async page => ({
    frame: await page.evaluate(async () => {
      const frames = [];
      let last = performance.now();
      for (let step = 0; step < 60; step++) {
        scrollBy(0, 200);
        await new Promise(requestAnimationFrame);
        frames.push(performance.now() - last);
        last = performance.now();
      }
      return frames.sort((one, other) => other - one)[2];
    }),
    // what the browser needs once its answers are there
    painted: await page.evaluate(() => {
      const answers = performance.getEntriesByType('resource').filter(one => one.name.includes('/interactions/'));
      return window.seenAt - Math.min(...answers.map(one => one.responseEnd));
    }),
  }));
  tell('Conversation of 5 MB: painted after it came', `${Math.round(median(talk.map(one => one.painted)))} ms`, '500 ms');
  tell('Conversation of 5 MB: slowest frames of scrolling', `${Math.round(median(talk.map(one => one.frame)))} ms`, '–');
  await measured('Tool result of 5 MB', `#/sessions/${IDS.result}?at=${IDS.result}-mcp-2`, 'first line', {});
  console.log(`Chromium ${(await browser()).version()}, ${cpus().length} cores, medians of ${ROUNDS} loads with an empty cache\n`);
  console.log(['| what | measured | aim |', '| --- | --- | --- |', ...lines].join('\n'));
} finally {
  await closeBrowser();
  await own?.close();
}

// The console in a real browser, in one file so that there is one browser. CONSOLE_URL names a server whose history is
// empty; CONSOLE_SPECS names some of the specs below, and all of them run without it.
import {before} from 'node:test';
import {seed} from './support/fixtures.mjs';

const ALL = ['smoke', 'frame', 'failures', 'sessions', 'session', 'timeline', 'compare', 'statistics', 'operations',
  'configuration', 'live', 'keyboard', 'hostile', 'looks', 'budget'];
const chosen = process.env.CONSOLE_SPECS?.split(',') ?? ALL;

before(() => seed({large: chosen.some(spec => spec !== 'smoke')}));
for (const spec of chosen) await import(`./specs/${spec}.mjs`);

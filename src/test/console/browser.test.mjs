// The console in a real browser, in one file so that there is one browser. CONSOLE_URL names a server whose history is
// empty; CONSOLE_SPECS names some of the specs below, or CONSOLE_WITHOUT those to leave out, and else all of them run.
import {before} from 'node:test';
import {seed} from './support/fixtures.mjs';

const ALL = ['smoke', 'frame', 'failures', 'sessions', 'session', 'timeline', 'compare', 'statistics', 'operations',
  'configuration', 'live', 'keyboard', 'hostile', 'looks', 'budget'];
const without = process.env.CONSOLE_WITHOUT?.split(',') ?? [];
const chosen = process.env.CONSOLE_SPECS?.split(',') ?? ALL.filter(spec => !without.includes(spec));

before(() => seed({large: chosen.some(spec => spec !== 'smoke')}));
for (const spec of chosen) await import(`./specs/${spec}.mjs`);

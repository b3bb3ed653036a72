// How the installation is, and what an operator does about it. Each tab has its own address.
import {html} from '../vendor/preact.js';
import {href, store, useLive} from '../lib/core.js';
import {looks} from '../lib/chart.js';
import {Tabs, Title, stylesheet} from '../lib/ui.js';
import {Backups} from './backups.js';
import {Checks} from './checks.js';
import {Database} from './database.js';
import {Events} from './events.js';
import {Retention} from './retention.js';
import {prepended} from './words.js';

export const ready = () => Promise.all([stylesheet('operations.css', import.meta.url), looks()]);

const TABS = {
  database: ['Database', Database],
  checks: ['Checks', Checks],
  retention: ['Retention', Retention],
  backups: ['Backups', Backups],
  events: ['Events', Events],
};
const EVENTS_KEPT = 200;

/** What was heard since this view was first opened, newest first. */
const heard = store([]);
let number = 0;

export function View({route}) {
  useLive(events => {
    const at = Date.now() * 1_000;
    heard.set(before => prepended(before, events.map(event => ({event, at, number: number++})), EVENTS_KEPT));
  });
  const current = route.path[1] ?? 'database';
  const [name, Tab] = Object.hasOwn(TABS, current) ? TABS[current] : [];
  return html`<div class="operations">
    <${Title} text=${name ? `${name} · Operations` : 'Operations'}>Operations</${Title}>
    <${Tabs} label="Operations" current=${current}
      tabs=${Object.entries(TABS).map(([id, [title]]) => ({id, title, href: href(['operations', id])}))} />
    ${Tab ? html`<${Tab} key=${current} params=${route.params} heard=${heard} />`
      : html`<p>There is no such tab. <a href=${href(['operations', 'database'])}>Database</a></p>`}
  </div>`;
}

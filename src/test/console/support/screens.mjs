// Every screen of the console: its address, and how one knows that it is there.
import {sees} from './browser.mjs';
import {IDS} from './fixtures.mjs';

const main = page => page.getByRole('main');
const heading = (page, name) => page.getByRole('heading', {level: 1, name});

const ofSession = (name, rest, seen) => ({
  name: `session, ${name}`,
  address: `#/sessions/${IDS.rich}${rest}`,
  of: id => `#/sessions/${id}${rest}`,
  ready: async page => {
    await sees(heading(page, /cart-7f9c/));
    await seen(page);
  },
});

export const SCREENS = [
  {
    name: 'sessions',
    address: '#/sessions',
    ready: async page => {
      await sees(heading(page, 'Sessions'));
      await sees(main(page).getByRole('row').nth(1));
    },
  },
  {
    name: 'sessions, found by words',
    address: '#/sessions?search=zwiebelturm',
    ready: page => sees(main(page).locator('mark').first()),
  },
  ofSession('conversation', '', page => sees(page.getByRole('region', {name: 'Conversation'}).getByText('12 steps'))),
  ofSession('timeline', '/timeline', page => sees(page.getByRole('treegrid').getByRole('row', {name: /pods_log/}))),
  ofSession('alert', '/alert', page => sees(page.getByRole('region', {name: 'The alert as it was sent'}).getByText('gold'))),
  ofSession('raw', '/raw', page => sees(page.getByRole('treeitem').nth(3))),
  {
    name: 'compare',
    address: `#/compare?a=${IDS.rich}&b=${IDS.other}`,
    ready: async page => {
      await sees(heading(page, /compare/i));
      await sees(page.getByRole('table', {name: 'Final analyses, line by line'}));
    },
  },
  {
    name: 'statistics',
    address: '#/statistics',
    ready: async page => {
      await sees(heading(page, 'Statistics'));
      await sees(main(page).getByRole('heading', {name: 'Tokens by model'}));
    },
  },
  ...Object.entries({
    database: page => page.getByRole('heading', {name: 'Tables'}),
    checks: page => page.getByRole('heading', {name: /In order/i}),
    retention: page => page.getByRole('heading', {name: 'What is kept'}),
    backups: page => page.getByRole('heading', {name: /^Backups|No backups are made here/}),
    events: page => page.getByRole('heading', {name: 'Servers seen in the last day'}),
  }).map(([tab, seen]) => ({
    name: `operations, ${tab}`,
    address: `#/operations/${tab}`,
    ready: async page => {
      await sees(heading(page, 'Operations'));
      await sees(seen(page));
    },
  })),
  {
    name: 'configuration',
    address: '#/configuration',
    ready: async page => {
      await sees(heading(page, 'Configuration'));
      await sees(main(page).getByText('HISTORY_DATABASE_URL').first());
    },
  },
];

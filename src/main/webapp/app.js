// The frame around every view: where one is, how the connection is, and how the page looks.
import {html, render, useEffect, useState} from './vendor/preact.js';
import {
  api, askEarly, away, href, listen, liveState, prefer, preferences, route as address, useLoad, useRoute, useStore,
} from './lib/core.js';
import {
  AwayBanner, Button, Choice, Dialog, Failure, Guard, Icon, Loading, Menu, Said, Title, stylesheet, useKeys,
} from './lib/ui.js';
import * as sessions from './sessions/sessions.js';

const VIEWS = {
  __proto__: null, // an address may say `constructor`
  sessions: {title: 'Sessions', icon: 'list', load: async () => sessions},
  session: {load: () => import('./session/session.js')},
  compare: {load: () => import('./compare/compare.js')},
  statistics: {title: 'Statistics', icon: 'stats', load: () => import('./statistics/statistics.js')},
  operations: {title: 'Operations', icon: 'server', load: () => import('./operations/operations.js')},
  configuration: {title: 'Configuration', icon: 'gear', load: () => import('./configuration/configuration.js')},
};

const nameOf = ({path}) => path[0] === 'sessions' && path.length > 1 ? 'session' : path[0] ?? 'sessions';
const modules = new Map([['sessions', sessions]]);

// What a view needs beside the frame, and what a part of it needs as well. A browser finds a file only in the one that
// imports it, and each such step is a journey; a test holds this list against the imports.
const FILES = {
  __proto__: null,
  session: ['session/session.js', 'session/alert.js', 'session/bodies.js', 'session/conversation.js', 'session/find.js',
    'session/header.js', 'session/markdown.js', 'session/message.js', 'session/model.js', 'session/order.js',
    'session/rail.js', 'session/similar.js', 'session/step.js', 'session/value.js', 'session/session.css'],
  'session/timeline': ['session/timeline.js', 'session/in-sight.js', 'session/timeline-detail.js',
    'session/timeline-minimap.js', 'session/timeline-range.js', 'session/timeline-row.js', 'session/timeline-touch.js',
    'session/waterfall.js', 'session/timeline.css'],
  'session/raw': ['session/raw.js', 'session/in-sight.js', 'session/raw-model.js', 'session/raw-tree.js',
    'session/raw.css'],
  compare: ['compare/compare.js', 'compare/alerts.js', 'compare/analyses.js', 'compare/comparison.js',
    'compare/heads.js', 'compare/picker.js', 'compare/steps.js', 'compare/text-diff.js', 'session/header.js',
    'session/json-text.js', 'session/model.js', 'session/raw-tree.js', 'compare/compare.css'],
  statistics: ['statistics/statistics.js', 'lib/chart.js', 'lib/scale.js', 'statistics/numbers.js',
    'statistics/tables.js', 'statistics/totals.js', 'statistics/statistics.css', 'style/chart.css'],
  operations: ['operations/operations.js', 'lib/chart.js', 'lib/scale.js', 'operations/backups.js',
    'operations/checks.js', 'operations/database.js', 'operations/events.js', 'operations/parts.js',
    'operations/retention.js', 'operations/runs.js', 'operations/servers.js', 'operations/upkeep.js',
    'operations/words.js', 'operations/operations.css', 'style/chart.css'],
  configuration: ['configuration/configuration.js', 'configuration/settings.js', 'configuration/configuration.css'],
};

/** What a view asks the server at once. */
const ASKS = {
  __proto__: null,
  session: ([, id]) => {
    const path = `history/sessions/${encodeURIComponent(id)}`;
    return [[path, {include: 'skeleton'}], [`${path}/interactions`, {limit: 500}], [`${path}/final-analysis`]];
  },
};

const brought = new Set();

function bring(file) {
  if (brought.has(file)) return;
  brought.add(file);
  if (file.endsWith('.css')) {
    stylesheet(file, import.meta.url);
    return;
  }
  const link = document.createElement('link');
  link.rel = 'modulepreload';
  link.href = new URL(file, import.meta.url).href;
  document.head.append(link);
}

async function load(name) {
  const loaded = await VIEWS[name].load();
  await loaded.ready?.();
  modules.set(name, loaded);
}

/** Asks for all that a view is going to need, in one go and before it is drawn. */
function prepare(route) {
  const name = nameOf(route);
  if (!VIEWS[name]) return;
  if (!modules.has(name)) ASKS[name]?.(route.path).forEach(asked => askEarly(...asked));
  for (const part of [name, `${name}/${route.path[2]}`]) FILES[part]?.forEach(bring);
  if (!modules.has(name)) load(name).catch(() => {}); // whoever shows it says so
}

function View({route}) {
  const name = nameOf(route);
  const [, redraw] = useState(0);
  const [error, setError] = useState(null);
  const module = modules.get(name);
  useEffect(() => {
    setError(null);
    if (!VIEWS[name] || module) return;
    load(name).then(() => redraw(n => n + 1), setError);
  }, [name]);
  // a new place begins at its top, and readers of screens hear its heading
  const place = route.path.slice(0, 2).join('/');
  useEffect(() => {
    if (!history.state?.kept) scrollTo(0, 0);
  }, [place]);
  if (!VIEWS[name]) {
    return html`<${Title}>No such page</${Title}><p>This address leads nowhere. <a href=${href(['sessions'])}>All sessions</a></p>`;
  }
  if (error) return html`<${Failure} error=${error} title="This view could not be loaded" retry=${() => location.reload()} />`;
  if (!module) return html`<${Loading} />`;
  return html`<${Guard} of=${place} key=${name}><${module.View} route=${route} key=${name === 'session' ? route.path[1] : name} /></${Guard}>`;
}

const THEMES = [['system', 'System'], ['light', 'Light'], ['dark', 'Dark']];
const ZONES = [['local', 'Local time'], ['utc', 'UTC']];

function Look() {
  const {theme, zone} = useStore(preferences);
  return html`<${Menu} icon="sun" kind="quiet" title="Look and time zone" align="end">
    <${Choice} label="Theme" options=${THEMES} value=${theme} onChange=${value => prefer({theme: value})} />
    <${Choice} label="Times" options=${ZONES} value=${zone} onChange=${value => prefer({zone: value})} />
  </${Menu}>`;
}

function Connection() {
  const live = useStore(liveState);
  const gone = useStore(away);
  const [words, title] = gone ? ['Away', 'The server does not answer.']
    : live === 'live' ? ['Live', 'What agents do is shown as it happens.']
      : live === 'blocked' ? ['Not live', 'Live updates are blocked; everything is loaded again every 15 seconds.']
        : ['Connecting', 'Waiting for live updates.'];
  return html`<span class=${`connection ${gone ? 'away' : live}`} title=${title}><span class="dot" aria-hidden="true"></span>${words}<span class="visually-hidden">: ${title}</span></span>`;
}

const KEYS = [
  ['?', 'these keys'], ['/', 'search'], ['g s', 'sessions'], ['g t', 'statistics'], ['g o', 'operations'], ['g c', 'configuration'],
  ['j k', 'next, previous: session in a list, step in a session'], ['Enter', 'open the selected session'],
  ['[ ]', 'previous, next stage'], ['e E', 'next, previous error'], ['1 2 3 4', 'conversation, timeline, alert, raw'],
  ['g g', 'to the top'], ['Esc', 'close'],
];

export function KeysDialog({onClose}) {
  return html`<${Dialog} title="Keys" onClose=${onClose}><dl class="keys">${KEYS.map(([key, what]) => html`
    <div><dt>${key.split(' ').map(one => html`<kbd>${one}</kbd>`)}</dt><dd>${what}</dd></div>`)}</dl></${Dialog}>`;
}

function About({onClose}) {
  const info = useLoad('info', signal => api('system/info', {signal}));
  const shown = Object.entries(info.data ?? {}).filter(([, value]) => value === null || typeof value !== 'object');
  return html`<${Dialog} title="About this installation" onClose=${onClose}>
    ${info.data ? html`<dl class="facts">${shown.map(([name, value]) => html`<div><dt>${name.replace(/_/g, ' ')}</dt><dd>${String(value ?? '–')}</dd></div>`)}</dl>`
      : info.error ? html`<${Failure} error=${info.error} />` : html`<${Loading} />`}
    <p>Documents: <a href="docs/api.md">API</a>, <a href="docs/configuration.md">configuration</a>, <a href="docs/operations.md">operations</a>, <a href="docs/retention.md">retention</a>. Every call: <a href="docs/openapi.yaml">openapi.yaml</a>.</p>
  </${Dialog}>`;
}

// drawn here too, since a picture would be one more request
const Brand = () => html`<svg viewBox="0 0 40 40" width="24" height="24" aria-hidden="true" class="brand-mark"><rect width="40" height="40" rx="9" />
  <path d="M20 9a11 11 0 1 1-10.4 7.4 M8.5 10.5l1 6.2 6-1.6 M20 14v6.5l4.5 3" /></svg>`;

let waitsForPlace = 0;

function App() {
  const route = useRoute();
  const {theme} = useStore(preferences);
  const live = useStore(liveState);
  const [dialog, setDialog] = useState(null);
  const name = nameOf(route);
  useEffect(() => {
    if (theme === 'system') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
  }, [theme]);
  const place = (view, otherwise) => () => {
    if (Date.now() - waitsForPlace < 1_500) {
      waitsForPlace = 0;
      location.hash = href([view]);
    } else {
      otherwise?.();
    }
  };
  useKeys({
    '?': () => setDialog('keys'),
    'g': () => {
      if (Date.now() - waitsForPlace < 1_500) {
        waitsForPlace = 0;
        scrollTo(0, 0);
      } else {
        waitsForPlace = Date.now();
      }
    },
    's': place('sessions'),
    't': place('statistics'),
    'o': place('operations'),
    'c': place('configuration'),
  });
  const current = name === 'session' || name === 'compare' ? 'sessions' : name;
  return html`
    <a class="skip" href="#content" onClick=${event => {
      event.preventDefault();
      document.getElementById('content').focus();
    }}>Skip to the content</a>
    <header class="top">
      <a class="brand" href=${href(['sessions'])}><${Brand} /><span>TARSy History</span></a>
      <nav aria-label="Views">${Object.entries(VIEWS).filter(([, view]) => view.title).map(([id, view]) => html`
        <a key=${id} href=${href([id])} aria-current=${id === current ? 'page' : null}><${Icon} name=${view.icon} /><span>${view.title}</span></a>`)}</nav>
      <div class="top-end"><${Connection} /><${Look} />
        <${Button} icon="help" kind="quiet" label="Keys and help" onClick=${() => setDialog('keys')} />
        <${Button} icon="pulse" kind="quiet" label="About this installation" onClick=${() => setDialog('about')} /></div>
    </header>
    <${AwayBanner} />
    ${live === 'blocked' && html`<div class="banner" role="status"><${Icon} name="alert" /><span>Live updates are blocked on the way to this browser. Everything can be read, and is loaded again every 15 seconds.</span></div>`}
    <main id="content" tabindex="-1"><${View} route=${route} /></main>
    ${dialog === 'keys' && html`<${KeysDialog} onClose=${() => setDialog(null)} />`}
    ${dialog === 'about' && html`<${About} onClose=${() => setDialog(null)} />`}
    <${Said} />`;
}

// first, so that no event falls between an answer and the listening
listen();
prepare(address.get());
address.watch(prepare);
render(html`<${App} />`, document.getElementById('console'));

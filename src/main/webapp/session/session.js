// One session: what it is, what it came to, and every step of it.
import {html, useEffect, useMemo, useRef, useState} from '../vendor/preact.js';
import {amend, api, go, href, useLoad} from '../lib/core.js';
import {Button, Copy, Failure, Icon, Loading, Status, Tabs, Title, isRunning, stylesheet, useKeys} from '../lib/ui.js';
import {Alert, AlertInShort} from './alert.js';
import {Bodies} from './bodies.js';
import {Conversation, ceiling} from './conversation.js';
import {FindBox, useFind} from './find.js';
import {Header, nameOf} from './header.js';
import {Markdown} from './markdown.js';
import {hasFailed, useSession} from './model.js';
import {order} from './order.js';
import {Rail} from './rail.js';
import {Similar} from './similar.js';
import {Folds} from './value.js';

export const ready = () => stylesheet('session.css', import.meta.url);

const TABS = [['conversation', 'Conversation'], ['timeline', 'Timeline'], ['alert', 'Alert'], ['raw', 'Raw']];
const LAZY = {
  timeline: () => import('./timeline.js'),
  raw: () => import('./raw.js'),
};

/** A part that comes with its own module, once it is shown. */
function Lazy({name, ...rest}) {
  const [state, setState] = useState({});
  useEffect(() => {
    LAZY[name]().then(async module => {
      await module.ready?.();
      setState({Part: module.Timeline ?? module.Raw});
    }).catch(error => setState({error}));
  }, [name]);
  if (state.error) return html`<${Failure} error=${state.error} title="This view could not be loaded" retry=${() => location.reload()} />`;
  return state.Part ? html`<${state.Part} ...${rest} />` : html`<${Loading} />`;
}

// ---------------------------------------------------------------- what it came to

function Analysis({text}) {
  const here = useRef(null);
  const [isLong, setLong] = useState(false);
  const [isOpen, setOpen] = useState(false);
  useEffect(() => {
    const look = new ResizeObserver(() => here.current && setLong(here.current.scrollHeight > here.current.clientHeight + 8));
    look.observe(here.current);
    look.observe(here.current.firstElementChild);
    return () => look.disconnect();
  }, []);
  return html`<section class="card analysis" aria-labelledby="analysis-title">
    <div class="spread"><h2 id="analysis-title">Final analysis</h2><${Copy} text=${text} label="Copy the final analysis as Markdown">Copy</${Copy}></div>
    <div class=${`analysis-text ${isOpen ? 'open' : ''} ${isLong && !isOpen ? 'cut' : ''}`} ref=${here}><div><${Markdown} text=${text} /></div></div>
    ${(isLong || isOpen) && html`<${Button} kind="quiet" icon=${isOpen ? 'up' : 'down'} aria-expanded=${String(isOpen)} onClick=${() => setOpen(!isOpen)}>${isOpen ? 'Fold' : 'Show all of the analysis'}</${Button}>`}
  </section>`;
}

function Outcome({head, outcome}) {
  if (!outcome.data) {
    return html`<section class="card">${outcome.error ? html`<${Failure} error=${outcome.error} title="The final analysis could not be loaded" retry=${outcome.reload} />` : html`<${Loading} />`}</section>`;
  }
  const {final_analysis: text, alert_data: data} = outcome.data;
  if (text) return html`<${Analysis} text=${text} />`;
  return html`<section class="card" aria-labelledby="alert-short-title"><div class="spread"><h2 id="alert-short-title">The alert</h2><a href=${href(['sessions', head.session_id, 'alert'])}>Whole alert</a></div>
    <${AlertInShort} data=${data} />
    <p class="quiet">${isRunning(head.status) ? 'There is no final analysis yet: the session has not ended.' : 'There is no final analysis.'}</p></section>`;
}

/** What grows or shrinks above the conversation does not move what is read in it. */
function useSteady(talk, above) {
  useEffect(() => {
    const place = () => talk.current.getBoundingClientRect().top + scrollY;
    if (!talk.current) return undefined;
    let before = place();
    const sizes = new ResizeObserver(() => {
      const now = talk.current ? place() : before;
      if (before - scrollY < ceiling()) scrollBy({top: now - before, behavior: 'instant'});
      before = now;
    });
    for (const part of above) if (part.current) sizes.observe(part.current);
    return () => sizes.disconnect();
  }, [talk.current, ...above.map(part => part.current)]);
}

// ---------------------------------------------------------------- the whole

function Bar({head, tab, tabs, isStuck, deleted, onFind, children}) {
  return html`<div class=${`session-bar ${isStuck ? 'stuck' : ''}`}>
    ${deleted && html`<div class="banner bad" role="alert"><${Icon} name="alert" /><span>This session was deleted meanwhile. What was loaded stays on the screen; nothing more of it can be read. <a href=${href(['sessions'])}>All sessions</a></span></div>`}
    ${isStuck && html`<p class="bar-title"><${Status} value=${head.status} /> <bdi class="clip">${nameOf(head)}</bdi></p>`}
    <${Tabs} tabs=${tabs} current=${tab} label="Views of this session" />
    <${Button} icon="search" kind="quiet" class="find-opens" label="Find in this session" onClick=${onFind} />${children}</div>`;
}

function Shown({id, session, outcome, tab, params}) {
  const {head, stages, entries, complete, deleted, reload} = session;
  const at = params.get('at');
  const find = params.get('find') ?? '';
  const all = params.get('all') === '1';
  const bodies = useMemo(() => new Bodies(id), [id]);
  const folds = useMemo(() => new Folds(), [id]);
  const {items, places} = useMemo(() => order(stages, entries), [stages, entries]);
  const numbers = useMemo(() => new Map(entries.map((entry, place) => [entry.id, place + 1])), [entries]);
  const finding = useFind(id, find, places);
  const [stageInSight, setStageInSight] = useState(null);
  const [chosen, setChosen] = useState({id: params.get('stage'), times: 0});
  const [isStuck, setStuck] = useState(false);
  const field = useRef(null);
  const above = useRef(null);
  const outcomePlace = useRef(null);
  const similarPlace = useRef(null);
  const talk = useRef(null);
  useSteady(talk, [above, outcomePlace, similarPlace]);

  const first = useRef(true);
  useEffect(() => {
    if (!first.current) outcome.reload();
    first.current = false;
  }, [head.status, head.completed_at_us]);

  useEffect(() => {
    const look = new IntersectionObserver(([one]) => setStuck(!one.isIntersecting), {rootMargin: '-60px 0px 0px 0px'});
    look.observe(above.current);
    return () => look.disconnect();
  }, []);

  // another view of the session begins below the header if one was further down
  const lastTab = useRef(tab);
  useEffect(() => {
    if (lastTab.current === tab) return;
    lastTab.current = tab;
    const end = above.current.getBoundingClientRect().bottom + scrollY;
    if (scrollY > end && !(at && tab === 'conversation')) scrollTo({top: end - 56, behavior: 'instant'});
  }, [tab]);

  // ---------------------------------------------------------------- from step to step

  const select = (step, {open = false} = {}) => {
    if (open) go(['sessions', id], {...Object.fromEntries(params), at: step, stage: null});
    else amend({at: step, stage: null}, {replace: true});
  };
  /** The next item that fits, from the selected one on or from what is in sight. */
  const next = (fits, way) => {
    const begin = items.findIndex(item => item.key === (at ?? (chosen.id && `stage:${chosen.id}`)));
    for (let place = begin < 0 ? (way > 0 ? 0 : items.length - 1) : begin + way; place >= 0 && place < items.length; place += way) {
      if (fits(items[place])) return items[place];
    }
    return null;
  };
  const goTo = item => {
    if (!item) return;
    if (item.entry) select(item.key);
    else toStage(item.stageId);
  };
  const toStage = stageId => {
    if (stageId === null) return;
    amend({stage: stageId, at: null}, {replace: true});
    setChosen(({times}) => ({id: stageId, times: times + 1}));
  };
  const nextHit = way => {
    const {hits} = finding;
    if (!hits.length) return;
    const place = hits.findIndex(hit => hit.id === at);
    const from = places.get(at) ?? -1;
    const target = place >= 0 ? (place + way + hits.length) % hits.length
      : way > 0 ? Math.max(0, hits.findIndex(hit => (places.get(hit.id) ?? 0) > from)) : hits.length - 1;
    select(hits[target].id, {open: tab === 'alert' || tab === 'raw'});
  };
  const nextStage = way => {
    const heads = items.filter(item => !item.entry && item.stage);
    const current = at ? items[places.get(at)]?.stageId : chosen.id ?? stageInSight;
    const place = heads.findIndex(item => item.stageId === current);
    goTo(heads[place < 0 ? (way > 0 ? 0 : heads.length - 1) : place + way]);
  };
  const isBad = item => item.entry ? hasFailed(item.entry) : Boolean(item.stage?.error_message);
  const tabKeys = Object.fromEntries(TABS.map(([name], place) => [place + 1, () => go(pathOf(name), params)]));
  const pathOf = name => name === 'conversation' ? ['sessions', id] : ['sessions', id, name];
  const between = tab === 'alert' ? {} : {
    'j': () => goTo(next(item => item.entry, 1)),
    'k': () => goTo(next(item => item.entry, -1)),
    'e': () => goTo(next(isBad, 1)),
    'E': () => goTo(next(isBad, -1)),
    ']': () => nextStage(1),
    '[': () => nextStage(-1),
  };
  useKeys({
    ...tabKeys,
    ...between,
    'n': () => nextHit(1),
    'N': () => nextHit(-1),
    '/': () => field.current?.focus(),
  });

  const tabs = TABS.map(([name, title]) => ({id: name, title, href: href(pathOf(name), params)}));
  return html`<div class="session">
    <div ref=${above} class="session-above">
      <${Header} head=${head} deleted=${deleted} reload=${reload} />
      ${session.error && session.error.kind !== 'away' && html`<${Failure} error=${session.error} retry=${reload} />`}
    </div>
    <${Bar} head=${head} tab=${tab} tabs=${tabs} isStuck=${isStuck} deleted=${deleted} onFind=${() => field.current?.focus()}><${FindBox} find=${find} finding=${finding} at=${at} numbers=${numbers} field=${field} onNext=${nextHit}
      onGo=${step => select(step, {open: tab !== 'conversation'})} /></${Bar}>
    ${tab === 'conversation' && html`<div class="session-body"><div class="outcome" ref=${outcomePlace}><${Outcome} head=${head} outcome=${outcome} /></div>
      <div class="beside" ref=${similarPlace}><${Similar} sessionId=${id} /></div>
      <div class="talk" ref=${talk}><${Rail} stages=${stages} running=${isRunning(head.status)} current=${stageInSight} onChoose=${toStage} />
        <${Conversation} head=${head} items=${items} places=${places} entries=${entries} complete=${complete} at=${at} chosen=${chosen} all=${all}
          words=${finding.words} hits=${finding.ids} bodies=${bodies} folds=${folds} onStage=${setStageInSight} /></div></div>`}
    ${tab === 'alert' && html`<div class="session-body"><div class="outcome">${outcome.data ? html`<${Alert} data=${outcome.data.alert_data} find=${finding.words} />`
      : outcome.error ? html`<${Failure} error=${outcome.error} retry=${outcome.reload} />` : html`<${Loading} />`}</div>
      <div class="beside"><${Similar} sessionId=${id} /></div></div>`}
    ${tab === 'timeline' && html`<h2 class="visually-hidden">Timeline</h2><${Lazy} name="timeline" session=${head} stages=${stages} entries=${entries} at=${at} select=${select} />`}
    ${tab === 'raw' && html`<h2 class="visually-hidden">Raw</h2><${Lazy} name="raw" sessionId=${id} at=${at} />`}
  </div>`;
}

export function View({route}) {
  const [, id, part = 'conversation'] = route.path;
  const session = useSession(id);
  const outcome = useLoad(id, signal => api(`history/sessions/${encodeURIComponent(id)}/final-analysis`, {signal}));
  if (!TABS.some(([name]) => name === part)) {
    return html`<${Title}>No such page</${Title}><p>A session has no view of this name. <a href=${href(['sessions', id])}>The session</a></p>`;
  }
  if (session.head) return html`<${Shown} id=${id} session=${session} outcome=${outcome} tab=${part} params=${route.params} />`;
  if (!session.error) return html`<${Title} hidden text="Session">Session</${Title}><${Loading} what="Loading the session" />`;
  const isMissing = session.error.kind === 'missing';
  return html`<${Title}>${isMissing ? 'No such session' : 'Session'}</${Title}>
    <${Failure} error=${session.error} retry=${isMissing ? null : session.reload} />
    ${isMissing && html`<p>It may have been deleted, by hand or by retention, or the address is wrong.</p>`}
    <p><a href=${href(['sessions'])}>All sessions</a></p>`;
}

// The conversation: every step by stage, loaded when it comes near the screen, and going on while the session runs.
import {html, useEffect, useRef, useState} from '../vendor/preact.js';
import {amend, plain, plural} from '../lib/core.js';
import {Button, Icon, Status, Windowed, isRunning} from '../lib/ui.js';
import {StageTime, countsOf} from './rail.js';
import {StepRow} from './step.js';

const keyOf = item => item.key;

/** About how high a step is that was not seen yet. */
function estimate(item) {
  if (!item.entry) return 64;
  const lines = Math.min(24, (item.entry.size_bytes ?? 400) / 110);
  return item.entry.type === 'llm' ? 290 + lines * 12 : 190 + lines * 16;
}

function StageHead({item, running, isCurrent}) {
  const {stage, depth} = item;
  if (!stage) return html`<div class="stage-head"><h3>Outside of the stages</h3></div>`;
  return html`<div class=${`stage-head depth-${Math.min(depth, 3)} ${isCurrent ? 'current' : ''}`} tabindex="-1" data-stage=${stage.execution_id}>
    <h3><span class="visually-hidden">Stage </span><bdi>${plain(stage.stage_name ?? stage.stage_id).slice(0, 200)}</bdi></h3>
    <span class="stage-facts"><${Status} value=${stage.status} /><bdi class="quiet">${plain(stage.agent ?? '').slice(0, 120)}</bdi>
      <${StageTime} stage=${stage} running=${running} /><span class="quiet">${countsOf(stage)}</span></span>
    ${stage.error_message && html`<p class="stage-error"><${Icon} name="alert" label="Error" /> ${plain(stage.error_message).slice(0, 2_000)}</p>`}</div>`;
}

/** Looks for an element until it is there, for a while. */
function whenThere(find, then, until = Date.now() + 3_000) {
  const element = find();
  if (element) then(element);
  else if (Date.now() < until) requestAnimationFrame(() => whenThere(find, then, until));
}

const stepOf = id => document.querySelector(`[data-step="${CSS.escape(id)}"]`);

/** Pixels at the top of the window that the bars of the page cover once the list is scrolled. */
export function ceiling() {
  const bar = document.querySelector('.session-bar');
  const stays = bar && getComputedStyle(bar).position === 'sticky';
  return (document.querySelector('.top')?.offsetHeight ?? 0) + (stays ? bar.offsetHeight : 0) + 8;
}

const INPUTS = ['wheel', 'touchmove', 'keydown', 'pointerdown', 'pointermove'];

/**
 * The steps of a session.
 *
 * @param items what is listed, as `order` gives it, and `places` where each is
 * @param at the selected interaction, or null
 * @param chosen the stage that was gone to, with a count that grows with each going
 * @param words what is marked, and `hits` the ids of the steps in which the server has found it
 */
export function Conversation({head, items, places, entries, complete, at, chosen, all, words, hits, bodies, folds, onStage}) {
  const control = useRef(null);
  const here = useRef(null);
  const [follow, setFollow] = useState(false);
  const [fresh, setFresh] = useState(0);
  const known = useRef(null);
  const running = isRunning(head.status);

  const reveal = (key, block) => {
    const place = places.get(key);
    if (place !== undefined) control.current?.reveal(place, block);
    return place !== undefined;
  };

  // the selected step comes into sight when it is selected, and when it is there at last
  const shownFor = useRef(null);
  const isThere = at !== null && places.has(at);
  useEffect(() => {
    if (!isThere || shownFor.current === at) return;
    reveal(at, shownFor.current === null ? 'start' : 'whole');
    shownFor.current = at;
    whenThere(() => stepOf(at), step => {
      if (!step.contains(document.activeElement) && !/^(INPUT|SELECT)$/.test(document.activeElement?.tagName)) step.focus({preventScroll: true});
    });
  }, [at, isThere]);

  useEffect(() => {
    if (at === null || !words || !isThere) return;
    whenThere(() => stepOf(at)?.querySelector('mark'), mark => mark.scrollIntoView({block: 'center', behavior: 'instant'}));
  }, [at, words, isThere]);

  // where a stage is, is known once all that comes before it is there
  const stageKey = chosen.id && `stage:${chosen.id}`;
  const stageShown = useRef(null);
  const isStageThere = places.has(stageKey) && (complete || chosen.times > 0);
  useEffect(() => {
    const going = `${stageKey} ${chosen.times}`;
    if (!stageKey || !isStageThere || stageShown.current === going || (at !== null && chosen.times === 0)) return;
    stageShown.current = going;
    reveal(stageKey, 'start');
    whenThere(() => document.querySelector(`[data-stage="${CSS.escape(chosen.id)}"]`), stage => stage.focus({preventScroll: true}));
  }, [stageKey, chosen.times, isStageThere]);

  // ---------------------------------------------------------------- live

  const toNewest = () => {
    const newest = entries.at(-1);
    if (!newest) return;
    if (items.at(-1).key === newest.id) scrollTo({top: document.documentElement.scrollHeight, behavior: 'instant'});
    else reveal(newest.id);
  };
  useEffect(() => {
    if (!complete) return;
    if (known.current === null || follow) known.current = entries.length;
    if (follow) toNewest();
    setFresh(Math.max(0, entries.length - known.current));
  }, [entries, complete, follow]);
  useEffect(() => {
    if (!follow) return undefined;
    const grows = new ResizeObserver(toNewest);
    grows.observe(here.current);
    let last = scrollY;
    let meant = 0;
    // rows that turn out shorter than thought also scroll back: only what a person does counts
    const means = () => {
      meant = Date.now();
    };
    const scrolled = () => {
      if (scrollY < last - 8 && Date.now() - meant < 500) setFollow(false);
      last = scrollY;
    };
    addEventListener('scroll', scrolled, {passive: true});
    for (const type of INPUTS) addEventListener(type, means, {passive: true});
    return () => {
      grows.disconnect();
      removeEventListener('scroll', scrolled);
      for (const type of INPUTS) removeEventListener(type, means);
    };
  }, [follow, entries]);
  const see = (first, last) => {
    onStage(items[first]?.stageId ?? null);
    if (running && complete && last >= items.length - 1
      && innerHeight + scrollY >= document.documentElement.scrollHeight - 80) setFollow(true);
  };
  useEffect(() => {
    if (!running) setFollow(false);
  }, [running]);

  return html`<section class="conversation" aria-label="Conversation" ref=${here}>
    <div class="conversation-tools"><h2>Conversation</h2>
      <span class="quiet">${complete ? plural(entries.length, 'step') : `${plural(entries.length, 'step')} of ${head.total_interactions}, loading…`}</span>
      <span class="grow"></span>
      ${running && html`<${Button} icon="down" pressed=${follow} onClick=${() => setFollow(!follow)}>Follow</${Button}>`}
      <${Button} pressed=${all} onClick=${() => amend({all: all ? null : '1'}, {replace: true})}>Whole conversations</${Button}></div>
    ${!items.length && html`<p class="quiet">${running ? 'Nothing was done yet. Steps appear here as agents take them.' : 'This session has no stages and no steps.'}</p>`}
    ${at !== null && complete && !places.has(at) && html`<p class="quiet" role="status">The step of this link is not in this session.</p>`}
    <${Windowed} items=${items} keyOf=${keyOf} estimate=${estimate} ceiling=${ceiling} control=${control} onSee=${see}
      row=${item => item.entry ? html`<${StepRow} item=${item} bodies=${bodies} folds=${folds} find=${words} all=${all} room=${estimate(item)} isHit=${hits.has(item.key)} isSelected=${item.key === at} />`
        : html`<${StageHead} item=${item} running=${running} isCurrent=${item.stageId !== null && item.stageId === chosen.id} />`} />
    <div class="fresh">${fresh > 0 && html`<${Button} kind="primary" icon="down" onClick=${() => {
      const first = entries[known.current];
      known.current = entries.length;
      setFresh(0);
      if (first) reveal(first.id, 'start');
    }}>${plural(fresh, 'new step')}</${Button}>`}</div>
    <span class="visually-hidden" role="status">${fresh > 0 ? 'New steps have come.' : ''}</span>
  </section>`;
}

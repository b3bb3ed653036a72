// The timeline of a session: a waterfall of its stages, model calls and tool calls, with what the time went into.
import {html, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState} from '../vendor/preact.js';
import {amend, duration, plural, useNow, useRoute} from '../lib/core.js';
import {Button, Empty, Icon, isRunning, stylesheet, Windowed} from '../lib/ui.js';
import {keepInSight, useOpenTop, useSeen} from './in-sight.js';
import {Detail} from './timeline-detail.js';
import {Minimap} from './timeline-minimap.js';
import {fit, readRange, shift, ticks, tickName, zoom} from './timeline-range.js';
import {Row, rowWords} from './timeline-row.js';
import {useDrag, useWheel} from './timeline-touch.js';
import {account, findNode, layout, percents, rowsOf, rowsWithin} from './waterfall.js';

export const ready = () => stylesheet('timeline.css', import.meta.url);
ready();

const ZOOM = 1.6;

/**
 * @param session the head of the session
 * @param stages its stages as the skeleton has them
 * @param entries all entries of its timeline in the order of time
 * @param at the id of the selected interaction, or null
 * @param select puts an interaction into the URL: `(id, {open})`; `open` shows it in the conversation
 */
export function Timeline({session, stages, entries, at, select}) {
  const route = useRoute();
  const nowUs = useNow(isRunning(session.status) ? 1_000 : null);
  const plan = useMemo(() => layout({session, stages, entries, nowUs}),
    [session, stages, entries, isRunning(session.status) ? nowUs : null]);
  const total = (plan.endUs - plan.beginUs) / 1_000;
  const chosen = readRange(route.params, total);
  const range = chosen ?? fit({from: 0, to: total}, total);
  const setRange = useCallback(next => {
    amend(next === null ? {from: null, to: null} : {from: rounded(next.from), to: rounded(next.to)}, {replace: true});
  }, []);

  if (!plan.root.children.length) {
    return html`<${Empty} title="Nothing recorded yet"><p>Stages, LLM interactions and tool calls appear here as they are recorded.</p></${Empty}>`;
  }
  return html`<section class="timeline" aria-label="Timeline">
    <${Summary} plan=${plan} session=${session} select=${select} />
    <${Chart} plan=${plan} total=${total} range=${range} chosen=${chosen !== null} setRange=${setRange} at=${at} select=${select} />
  </section>`;
}

// three digits after the point are a microsecond
const rounded = ms => Math.round(ms * 1_000) / 1_000;

/** What the time went into, in one line and one bar. */
function Summary({plan, session, select}) {
  const {totalUs, llmUs, mcpUs, waitingUs, slowest} = useMemo(() => account(plan), [plan]);
  const [llm, tools, waiting] = percents([llmUs, mcpUs, waitingUs]);
  const longest = plan.gaps.find(gap => !gap.running);
  const silentUs = plan.root.running ? plan.root.endUs - plan.recordedUs : 0;
  const failed = session.errors_count ?? 0;
  return html`<div class="timeline-summary">
    <p class="row"><span class="share-llm"><${Icon} name="model" />LLM <b>${llm} %</b> <span class="quiet">${duration(llmUs / 1_000)}</span></span>
      <span class="share-mcp"><${Icon} name="tool" />tools <b>${tools} %</b> <span class="quiet">${duration(mcpUs / 1_000)}</span></span>
      <span class="share-waiting"><${Icon} name="clock" />waiting <b>${waiting} %</b> <span class="quiet">${duration(waitingUs / 1_000)}</span></span>
      <span class="quiet">of ${duration(totalUs / 1_000)}</span>
      ${silentUs > 0 && html`<span class="quiet">${duration(silentUs / 1_000)} since the last record</span>`}
      ${failed > 0 && html`<span class="bad"><${Icon} name="cross" />${plural(failed, 'error')}</span>`}</p>
    <div class="share-bar" aria-hidden="true">${[['llm', llmUs], ['mcp', mcpUs], ['waiting', waitingUs]].map(([kind, us]) => html`
      <span key=${kind} class=${kind} style=${{flexGrow: us / Math.max(1, totalUs)}}></span>`)}</div>
    ${slowest.length > 0 && html`<p class="row"><span class="quiet">Slowest:</span>${slowest.map(node => html`
      <${Button} key=${node.key} kind="quiet" class="slow-step" onClick=${() => select(node.entry.id)}><${Icon} name=${node.kind === 'llm' ? 'model' : 'tool'} /><bdi>${node.name}</bdi>
        <b class="number">${duration((node.endUs - node.beginUs) / 1_000)}</b></${Button}>`)}
      ${longest && html`<span class="quiet">Longest with nothing recorded: <b class="number">${duration((longest.endUs - longest.beginUs) / 1_000)}</b></span>`}</p>`}
  </div>`;
}

function Chart({plan, total, range, chosen, setRange, at, select}) {
  const [closed, setClosed] = useState(() => new Set());
  const [cursor, setCursor] = useState({key: null, at: null});
  const windowed = useRef(null);
  const grid = useRef(null);
  const axis = useRef(null);
  const key = cursor.key && cursor.at === at ? cursor.key : at ? `i:${at}` : null;
  const every = useMemo(() => rowsOf(plan.root, closed), [plan, closed]);
  const rows = chosen ? rowsWithin(every, plan.beginUs + range.from * 1_000, plan.beginUs + range.to * 1_000, key) : every;
  const index = key === null ? -1 : rows.findIndex(row => row.key === key);
  const selected = index >= 0 ? rows[index] : null;
  const width = useWidth(axis);
  const openTop = useOpenTop();
  const [isSeen, onSee] = useSeen(index);
  const scale = ticks(range, width / 90);
  const zoomBy = (factor, share = shareOf(selected, plan, range)) => setRange(zoom(range, factor, share, total));
  const show = node => {
    const length = Math.max((node.endUs - node.beginUs) / 1_000, 1);
    const from = (node.beginUs - plan.beginUs) / 1_000;
    setRange(fit({from: from - length * 0.1, to: from + length * 1.1}, total));
  };

  // what is selected elsewhere must be seen here, even inside of a stage that was closed
  useLayoutEffect(() => {
    const node = at === null ? null : findNode(plan.root, `i:${at}`);
    const shut = [];
    for (let above = node?.parent; above; above = above.parent) if (closed.has(above.key)) shut.push(above.key);
    if (shut.length) setClosed(new Set([...closed].filter(one => !shut.includes(one))));
  }, [at]);
  useEffect(() => index < 0 ? undefined : keepInSight(windowed.current, index, {
    row: () => grid.current?.querySelector(`[aria-rowindex="${index + 2}"]`),
    above: () => grid.current?.querySelector('.timeline-head'),
    below: () => grid.current?.parentElement.querySelector('.timeline-detail'),
  }), [key, index >= 0]);

  const move = next => {
    const row = rows[Math.min(rows.length - 1, Math.max(0, next))];
    setCursor({key: row.key, at: row.entry ? row.entry.id : at});
    if (row.entry) select(row.entry.id);
  };
  const toggle = (row, open = closed.has(row.key)) => setClosed(now => {
    const next = new Set(now);
    next[open ? 'delete' : 'add'](row.key);
    return next;
  });
  const open = row => {
    if (row.entry) select(row.entry.id, {open: true});
    else if (row.kind === 'gap') show(row);
    else if (row.children.length) toggle(row);
  };
  const onKeyDown = event => {
    if (event.target !== grid.current || event.ctrlKey || event.metaKey || event.altKey) return;
    const keys = {
      ArrowDown: () => move(index + 1),
      ArrowUp: () => move(index < 0 ? 0 : index - 1),
      PageDown: () => move(index + 15),
      PageUp: () => move(index - 15),
      Home: () => move(0),
      End: () => move(rows.length - 1),
      ArrowRight: () => event.shiftKey ? setRange(shift(range, 0.2, total)) : goIn(selected),
      ArrowLeft: () => event.shiftKey ? setRange(shift(range, -0.2, total)) : goOut(selected),
      Enter: () => selected && open(selected),
      ' ': () => selected?.children.length && toggle(selected),
      '+': () => zoomBy(1 / ZOOM),
      '-': () => zoomBy(ZOOM),
      '0': () => setRange(null),
    };
    if (!keys[event.key]) return;
    event.preventDefault();
    event.stopPropagation();
    keys[event.key]();
  };
  const goIn = row => {
    if (!row?.children.length) return;
    if (closed.has(row.key)) toggle(row, true);
    else move(index + 1);
  };
  const goOut = row => {
    if (row?.children.length && !closed.has(row.key)) toggle(row, false);
    else if (row && row.parent !== plan.root) move(rows.indexOf(row.parent));
  };

  const drag = useDrag(axis, (begin, end) => setRange(fit({
    from: range.from + (range.to - range.from) * begin, to: range.from + (range.to - range.from) * end,
  }, total)));
  useWheel(grid, axis, (event, share) => {
    if (event.ctrlKey) zoomBy(ZOOM ** (event.deltaY / 100), share);
    else setRange(shift(range, (event.shiftKey ? event.deltaY || event.deltaX : event.deltaX) / 600, total));
  });
  const withSteps = useMemo(() => everyStage(plan.root), [plan]);

  return html`<div class="timeline-tools row">
      <div class="row" role="group" aria-label="Zoom">
        <${Button} icon="plus" label="Zoom in" onClick=${() => zoomBy(1 / ZOOM)} />
        <${Button} icon="minus" label="Zoom out" onClick=${() => zoomBy(ZOOM)} />
        <${Button} onClick=${() => setRange(null)} disabled=${!chosen}>Reset</${Button}>
      </div>
      ${withSteps.length > 0 && html`<${Button} kind="quiet" onClick=${() => setClosed(new Set(closed.size ? [] : withSteps))}>${closed.size ? 'Expand all stages' : 'Collapse all stages'}</${Button}>`}
      <span class="quiet" role="status">${chosen ? `${tickName(Math.round(range.from), 1)} to ${tickName(Math.round(range.to), 1)} of ${duration(total)}` : ''}</span>
    </div>
    <${Minimap} plan=${plan} total=${total} range=${range} setRange=${setRange} />
    <div class="timeline-grid" role="treegrid" aria-label="Stages and steps in time" aria-rowcount=${rows.length + 1}
      aria-describedby="timeline-keys" tabindex="0" ref=${grid} onKeyDown=${onKeyDown}
      aria-activedescendant=${selected && isSeen ? `row-${selected.key}` : null}
      style=${{...gridLines(scale, range), '--open-top': `${openTop}px`}}>
      <div class="timeline-head" role="row" aria-rowindex="1">
        <span role="columnheader" class="cell-name">Step</span>
        <span role="columnheader" class="cell-duration">Duration</span>
        <span role="columnheader" class="cell-bar" ref=${axis} ...${drag.handlers}><span class="visually-hidden">When</span>
          ${scale.at.map(ms => html`<span key=${ms} class="tick" aria-hidden="true" style=${{left: `${(ms - range.from) / (range.to - range.from) * 100}%`}}>${tickName(ms, scale.step)}</span>`)}
          ${drag.selection && html`<span class="drag" style=${{left: `${drag.selection[0] * 100}%`, width: `${(drag.selection[1] - drag.selection[0]) * 100}%`}}></span>`}
        </span>
      </div>
      <${Windowed} items=${rows} keyOf=${row => row.key} estimate=${30} ceiling=${openTop + 30} control=${windowed} onSee=${onSee} role="rowgroup"
        row=${(row, number) => html`<${Row} row=${row} number=${number} plan=${plan} range=${range} selected=${row === selected}
          closed=${closed.has(row.key)} onSelect=${() => move(number)} onOpen=${() => open(row)} onToggle=${() => toggle(row)} />`} />
    </div>
    <p id="timeline-keys" class="visually-hidden">Arrow keys move between steps and open or close stages, Enter opens a step in the conversation, plus, minus and zero zoom, Shift with left and right moves the range.</p>
    ${selected && html`<${Detail} row=${selected} plan=${plan} words=${rowWords(selected, plan)} onOpen=${() => open(selected)} onShow=${() => show(selected)}
      onClose=${() => {
        setCursor({key: null, at: null});
        select(null);
        grid.current.focus({preventScroll: true});
      }} />`}
    <${Legend} />
    <p class="quiet timeline-foot">${plural(rows.length, 'row')}${rows.length < every.length ? ` in this range, ${plural(every.length - rows.length, 'row')} outside of it` : ''}</p>`;
}

const SIGNS = [['llm', 'LLM interaction'], ['mcp', 'tool call'], ['llm path', 'on the slowest path'], ['failed', 'failed'],
  ['gap', 'nothing recorded'], ['llm instant', 'no duration known']];

const Legend = () => html`<ul class="timeline-legend" aria-label="Signs">${SIGNS.map(([kinds, words]) => html`
  <li key=${words}><span class="sign"><span class=${`bar ${kinds}`}></span></span>${words}</li>`)}</ul>`;

function everyStage(root) {
  const keys = [];
  const add = node => {
    for (const child of node.children) {
      if (child.kind !== 'stage') continue;
      if (child.children.length) keys.push(child.key);
      add(child);
    }
  };
  add(root);
  return keys;
}

// lines at the ticks, behind every row, as one background instead of an element each
function gridLines({step, at}, {from, to}) {
  const size = Math.min(0.999, step / (to - from));
  const first = at.length ? (at[0] - from) / (to - from) : 1;
  return {'--tick-size': `${size * 100}%`, '--tick-at': `${first / (1 - size) * 100}%`};
}

function useWidth(of) {
  const [width, setWidth] = useState(600);
  useLayoutEffect(() => {
    const watcher = new ResizeObserver(([entry]) => setWidth(entry.contentRect.width));
    watcher.observe(of.current);
    return () => watcher.disconnect();
  }, []);
  return width;
}

// around what zooming goes: the selected row, if it is in the range
function shareOf(row, plan, {from, to}) {
  if (!row || row.beginUs === null) return 0.5;
  const share = (((row.beginUs + row.endUs) / 2 - plan.beginUs) / 1_000 - from) / (to - from);
  return share >= 0 && share <= 1 ? share : 0.5;
}

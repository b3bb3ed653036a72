// A row of the timeline: its name, how long it took, and a bar where it is in time.
import {html, useState} from '../vendor/preact.js';
import {duration} from '../lib/core.js';
import {Icon, Status, statusName} from '../lib/ui.js';
import {place, tickName} from './timeline-range.js';

const ICONS = {stage: 'list', llm: 'model', mcp: 'tool', gap: 'clock'};
const KINDS = {stage: 'Stage', llm: 'LLM interaction', mcp: 'MCP communication', gap: 'Nothing recorded'};

const lengthOf = row => row.beginUs === null ? null : (row.endUs - row.beginUs) / 1_000;

/** What a row says in words: for tooltips, details and readers of screens. */
export function rowWords(row, plan) {
  const total = plan.endUs - plan.beginUs;
  const share = total > 0 ? Math.round(row.pathUs / total * 100) : 0;
  const at = us => tickName(Math.round((us - plan.beginUs) / 1_000), 1);
  const known = row.beginUs !== null;
  const ms = lengthOf(row);
  return {
    kind: KINDS[row.kind],
    name: row.kind === 'gap' ? row.running ? `${duration(ms)} since the last record` : `${duration(ms)} nothing recorded` : row.name,
    duration: !known ? '–' : row.instant ? 'unknown' : duration(ms),
    when: !known ? 'not started' : row.instant ? `recorded at ${at(row.endUs)}`
      : `${at(row.beginUs)} to ${row.running ? 'now' : at(row.endUs)}`,
    share: row.pathUs > 0 && row.kind !== 'gap' ? `${share < 1 ? 'under 1' : share} % of the time` : null,
    failed: !row.failed ? null : row.stage ? statusName(row.stage.status) : 'failed',
    error: (row.entry?.details?.error_message ?? row.stage?.error_message) || null,
  };
}

function Bar({row, plan, range}) {
  if (row.beginUs === null) return null;
  const where = place(row, plan.beginUs, range);
  if (where.width === null) return html`<span class=${`off ${where.before ? 'before' : 'after'}`} aria-hidden="true">${where.before ? '‹' : '›'}</span>`;
  const kinds = ['bar', row.kind, row.failed && 'failed', row.running && 'running', row.instant && 'instant',
    row.pathUs > 0 && row.kind !== 'stage' && 'path', where.before && 'cut-before', where.after && 'cut-after'];
  return html`<span class=${kinds.filter(Boolean).join(' ')} aria-hidden="true" style=${{left: `${where.left * 100}%`, width: `${where.width * 100}%`}}>
    ${row.kind === 'gap' && html`<span class="gap-name"><b>${duration(lengthOf(row))}</b></span>`}</span>`;
}

export function Row({row, number, plan, range, selected, closed, onSelect, onOpen, onToggle}) {
  const [tip, setTip] = useState(null);
  const words = rowWords(row, plan);
  const parent = row.children.length > 0;
  const {details = {}} = row.entry ?? {};
  return html`<div class=${`timeline-row ${row.kind} ${selected ? 'selected' : ''}`} role="row" id=${`row-${row.key}`}
    aria-rowindex=${number + 2} aria-level=${row.depth + 1} aria-expanded=${parent ? String(!closed) : null} aria-selected=${String(selected)}
    onClick=${onSelect} onDblClick=${onOpen}
    onPointerMove=${event => event.pointerType === 'mouse' && setTip({x: event.clientX, y: event.clientY})}
    onPointerLeave=${() => setTip(null)}>
    <span class="cell-name" role="gridcell" style=${{'--depth': row.depth}}>
      ${parent ? html`<button type="button" class="twist" tabindex="-1" aria-label=${closed ? 'Expand' : 'Collapse'} aria-hidden="true" onClick=${event => {
        event.stopPropagation();
        onToggle();
      }}><${Icon} name="chevron" /></button>` : html`<span class="twist"></span>`}
      <${Icon} name=${row.failed && row.kind !== 'stage' ? 'cross' : ICONS[row.kind]} />
      <span class="clip"><span class="visually-hidden">${words.kind}: </span><bdi>${words.name}</bdi>
        ${row.stage && html` <bdi class="quiet">${String(row.stage.agent ?? '').slice(0, 100)}</bdi>`}
        ${details.interaction_type && html` <span class="quiet">${String(details.interaction_type).slice(0, 60).replace(/_/g, ' ')}</span>`}
      </span>
      ${row.stage && row.stage.status !== 'completed' && html`<${Status} value=${row.stage.status} />`}
      ${row.failed && row.kind !== 'stage' && html`<span class="bad failed-word">failed</span>`}
    </span>
    <span class="cell-duration number" role="gridcell">${row.kind === 'gap' ? html`<span class="visually-hidden">${words.duration}</span>` : words.duration}
      ${row.running && row.kind !== 'gap' && html`<span class="visually-hidden"> so far</span>`}</span>
    <span class="cell-bar" role="gridcell"><span class="visually-hidden">${words.when}${words.share && `, ${words.share}`}</span>
      <${Bar} row=${row} plan=${plan} range=${range} /></span>
    ${tip && html`<span class="timeline-tip" aria-hidden="true" style=${tipPlace(tip)}><b><bdi>${words.name}</bdi></b>
      <span>${words.duration}, ${words.when}</span>${words.share && html`<span>${words.share}</span>`}
      ${words.error && html`<span class="bad"><${Icon} name="cross" /> ${words.error.slice(0, 300)}</span>`}</span>`}
  </div>`;
}

// beside the pointer, on the side where there is room
const tipPlace = ({x, y}) => ({
  [x > innerWidth / 2 ? 'right' : 'left']: `${x > innerWidth / 2 ? innerWidth - x + 12 : x + 12}px`,
  [y > innerHeight / 2 ? 'bottom' : 'top']: `${y > innerHeight / 2 ? innerHeight - y + 12 : y + 14}px`,
});

// What was done on each side: stages, tools and models.
import {html} from '../vendor/preact.js';
import {count, duration, plural, short} from '../lib/core.js';
import {Icon, Status, Tokens} from '../lib/ui.js';
import {pairModels, pairStages, pairTools} from './comparison.js';
import {Delta} from './heads.js';

const NONE = html`<span class="quiet">–</span>`;

/** Which side has something; in words, not only by an empty place. */
const Where = ({left, right}) => left && right ? html`<span class="quiet">both</span>`
  : html`<span class="only"><${Icon} name=${left ? 'minus' : 'plus'} />${left ? 'only left' : 'only right'}</span>`;

/** A table of pairs in a region that scrolls where it is too wide. */
function Pairs({label, pairs, name, columns, nothing}) {
  if (!pairs.length) return html`<p class="quiet">${nothing}</p>`;
  return html`<div class="scrolls" tabindex="0" role="region" aria-label=${label}><table class="sided">
    <thead><tr><th rowspan="2" scope="col">${label}</th><th rowspan="2" scope="col">Where</th>${columns.map(([title]) => html`<th colspan="2" scope="colgroup" class="group">${title}</th>`)}</tr>
      <tr>${columns.map(([title]) => html`<th scope="col" class="number"><span class="visually-hidden">${title}, </span>left</th><th scope="col" class="number"><span class="visually-hidden">${title}, </span>right</th>`)}</tr></thead>
    <tbody>${pairs.map((pair, at) => html`<tr key=${at}><th scope="row">${name(pair.left ?? pair.right, pair)}</th><td><${Where} ...${pair} /></td>
      ${columns.map(([, show, value, more]) => html`<td class="number">${pair.left ? show(pair.left) : NONE}</td>
        <td class="number">${pair.right ? show(pair.right) : NONE}${pair.left && pair.right && value && html` <${Delta} left=${value(pair.left)} right=${value(pair.right)} ...${more} />`}</td>`)}</tr>`)}</tbody>
  </table></div>`;
}

const Bad = ({value}) => value > 0 ? html`<span class="bad"><${Icon} name="cross" /> ${count(value)}</span>` : html`<span class="quiet">0</span>`;

const STAGE_COLUMNS = [
  ['Status', stage => html`<${Status} value=${stage.status} />`],
  ['Duration', stage => duration(stage.duration_ms), stage => stage.duration_ms, {write: duration}],
  ['Tokens', stage => html`<${Tokens} value=${stage.stage_total_tokens} />`, stage => stage.stage_total_tokens, {write: short}],
  ['Steps', stage => count(stage.total_interactions), stage => stage.total_interactions, {}],
];

export const Stages = ({left, right}) => html`<${Pairs} label="Stage" pairs=${pairStages(left, right)} columns=${STAGE_COLUMNS} nothing="Neither has stages."
  name=${(stage, {left: one, right: other}) => html`<bdi>${stage.stage_name}</bdi>${one && other && one.stage_name !== other.stage_name && html` <span class="quiet">and</span> <bdi>${other.stage_name}</bdi>`}
    <br /><span class="quiet agent"><bdi>${stage.agent}</bdi>${one && other && one.agent !== other.agent && html`, <bdi>${other.agent}</bdi>`}</span>`} />`;

const CALLS = ['Calls', one => count(one.calls), one => one.calls, {}];
const ERRORS = ['Errors', one => html`<${Bad} value=${one.errors} />`, one => one.errors, {isWorse: true}];
const TIME = ['Duration in all', one => duration(one.durationMs), one => one.durationMs, {write: duration}];

export function Tools({left, right}) {
  const pairs = pairTools(left, right);
  const only = side => pairs.filter(pair => pair[side] && !pair[side === 'left' ? 'right' : 'left']).length;
  return html`${pairs.length > 0 && html`<p class="quiet">${plural(pairs.length, 'tool')}: ${count(pairs.length - only('left') - only('right'))} on both sides, ${count(only('left'))} only left, ${count(only('right'))} only right.</p>`}
    <${Pairs} label="Tool" pairs=${pairs} columns=${[CALLS, ERRORS, TIME]} nothing="Neither has called a tool."
      name=${one => html`<bdi class="quiet">${one.server.slice(0, 160)} ›</bdi> <bdi>${one.tool.slice(0, 160)}</bdi>`} />`;
}

const tokens = (title, name) => [title, one => html`<${Tokens} value=${one[name]} />`, one => one[name], {write: short}];

export const Models = ({left, right}) => html`<${Pairs} label="Model" pairs=${pairModels(left, right)} nothing="Neither has asked a model."
  columns=${[CALLS, ERRORS, tokens('Tokens in', 'input'), tokens('Tokens out', 'output'), TIME]} name=${one => html`<bdi>${one.model.slice(0, 160)}</bdi>`} />`;

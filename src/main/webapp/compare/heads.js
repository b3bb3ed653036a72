// What two sessions were and how they went, fact by fact, with the differences in words.
import {html} from '../vendor/preact.js';
import {count, duration, plain, plural, short} from '../lib/core.js';
import {Duration, Icon, Status, Time, Tokens, isRunning, statusName} from '../lib/ui.js';
import {change} from './comparison.js';

const sign = by => by > 0 ? '+' : '−';

/** By how much the right side is more or less: `+12 s (+40 %)`; nothing where both are the same or unknown. */
export function Delta({left, right, write = count, isWorse}) {
  const difference = change(left, right);
  if (!difference || difference.by === 0) return null;
  const {by, percent} = difference;
  const kind = isWorse === undefined ? '' : by > 0 === isWorse ? 'worse' : 'better';
  return html`<span class=${`delta ${kind}`}>${sign(by)}${write(Math.abs(by))}${percent !== null && ` (${sign(by)}${count(Math.abs(percent))} %)`}</span>`;
}

const COUNTED = [['llm_interaction_count', 'LLM interaction'], ['mcp_communication_count', 'MCP communication'], ['errors_count', 'error']];

const listed = parts => parts.length > 1 ? `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}` : parts[0];

/** The differences that matter, in a sentence. */
export function Told({left, right}) {
  const of = (name, write) => {
    const by = change(left[name], right[name])?.by;
    return by ? [write(Math.abs(by), by > 0)] : [];
  };
  const had = COUNTED.flatMap(([name, one]) => of(name, (by, isMore) => plural(by, `${isMore ? 'more' : 'fewer'} ${one}`)));
  const told = [
    ...of('duration_ms', (by, isMore) => `took ${duration(by)} ${isMore ? 'longer' : 'less'}`),
    ...of('session_total_tokens', (by, isMore) => `used ${short(by)} ${isMore ? 'more' : 'fewer'} tokens`),
    ...had.length ? [`had ${listed(had)}`] : [],
  ];
  const ended = left.status === right.status ? `Both are ${statusName(left.status).toLowerCase()}.`
    : `Left is ${statusName(left.status).toLowerCase()}, right is ${statusName(right.status).toLowerCase()}.`;
  return html`<p class="told">${ended} ${told.length ? `Right ${told.join('; ')}.` : 'Duration, tokens, steps and errors are the same.'}</p>`;
}

const text = value => value === null || value === undefined || value === '' ? '–' : html`<bdi>${plain(String(value)).slice(0, 1_000)}</bdi>`;

const FACTS = [
  ['Status', 'status', value => html`<${Status} value=${value} />`],
  ['Alert type', 'alert_type', text],
  ['Alert', 'alert_headline', text],
  ['Chain', 'chain_id', text],
  ['Agent type', 'agent_type', text],
  ['Author', 'author', text],
  ['Started', 'started_at_us', value => html`<${Time} us=${value} />`],
  ['Ended', 'completed_at_us', value => html`<${Time} us=${value} />`],
  ['Duration', 'duration_ms', (value, head) => html`<${Duration} ms=${value} since=${isRunning(head.status) ? head.started_at_us : null} />`, {write: duration}],
  ['Tokens', 'session_total_tokens', value => html`<${Tokens} value=${value} />`, {write: short}],
  ['Tokens in', 'session_input_tokens', value => html`<${Tokens} value=${value} />`, {write: short}],
  ['Tokens out', 'session_output_tokens', value => html`<${Tokens} value=${value} />`, {write: short}],
  ['Stages', 'total_stages', count, {}],
  ['Stages failed', 'failed_stages', count, {isWorse: true}],
  ['LLM interactions', 'llm_interaction_count', count, {}],
  ['MCP communications', 'mcp_communication_count', count, {}],
  ['Errors', 'errors_count', count, {isWorse: true}],
  ['Error', 'error_message', text],
];

export function Heads({left, right}) {
  const facts = FACTS.filter(([, name]) => (left[name] ?? right[name] ?? null) !== null);
  return html`<section aria-labelledby="compare-heads"><h2 id="compare-heads">How they went</h2>
    <table class="pairs"><thead><tr><th scope="col"><span class="visually-hidden">What</span></th><th scope="col">Left</th><th scope="col">Right</th></tr></thead>
      <tbody>${facts.map(([title, name, show, numbers]) => {
        const isSame = left[name] === right[name];
        return html`<tr key=${name} class=${isSame ? 'same' : 'differs'}><th scope="row">${title}</th>
          <td>${show(left[name], left)}</td>
          <td>${show(right[name], right)} ${numbers ? html`<${Delta} left=${left[name]} right=${right[name]} ...${numbers} />`
            : !isSame && !name.endsWith('_us') && html`<span class="delta"><${Icon} name="columns" /> differs</span>`}</td></tr>`;
      })}</tbody></table></section>`;
}

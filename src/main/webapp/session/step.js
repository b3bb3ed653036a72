// One step of a conversation: a turn with a model, or a call of a tool.
import {Component, html, useMemo, useRef} from '../vendor/preact.js';
import {clock, count, duration, href, plain, plural, preferences, route, useStore} from '../lib/core.js';
import {Button, Bytes, Copy, Failure, Icon, Time, Tokens} from '../lib/ui.js';
import {useBody} from './bodies.js';
import {Messages, isFoundIn} from './message.js';
import {hasFailed} from './model.js';
import {AnyText, Folded, Json, useFolds} from './value.js';

const TYPES = {
  investigation: 'investigation',
  final_analysis: 'final analysis',
  summarization: 'summary of a tool result',
  forced_conclusion: 'forced conclusion',
};
const short = text => plain(String(text ?? '')).slice(0, 300);
const wordsOf = type => TYPES[type] ?? String(type).replace(/_/g, ' ');

/** What a step is called, in one line. */
export function nameOfStep({type, details}) {
  if (type === 'llm') return short(details.model_name ?? 'model');
  if (details.communication_type === 'tool_list') return `${short(details.server_name)}: list of tools`;
  return `${short(details.server_name)} › ${short(details.tool_name)}`;
}

/** The time of a step; its day is known from the session. */
function Clock({us}) {
  const zone = useStore(preferences, value => value.zone);
  return html`<span class="number">${clock(us, zone)}</span>`;
}

const addressOf = id => {
  const {path, params} = route.get();
  const next = Object.fromEntries(params);
  return href(path.slice(0, 2), {...next, at: id});
};

function StepHead({item, id}) {
  const {entry, number} = item;
  const {details} = entry;
  const isModel = entry.type === 'llm';
  const failed = hasFailed(entry);
  return html`<header class="step-head">
    <a class="step-number number" href=${addressOf(entry.id)} aria-label=${`#${number}: link to this step`}>#${number}</a>
    <h3 id=${id}><${Icon} name=${isModel ? 'model' : 'tool'} /><span class="visually-hidden">Step ${number}, ${isModel ? 'LLM interaction' : details.communication_type === 'tool_list' ? 'tool list' : 'tool call'}: </span>
      ${isModel ? html`<bdi>${short(details.model_name ?? 'model')}</bdi>` : html`<bdi class="quiet">${short(details.server_name)}</bdi> <span class="quiet" aria-hidden="true">›</span> <bdi class="mono">${details.communication_type === 'tool_list' ? 'list of tools' : short(details.tool_name)}</bdi>`}
      ${failed && html` <span class="status status-failed"><${Icon} name="cross" />Failed</span>`}</h3>
    <span class="step-facts quiet">
      ${isModel && details.interaction_type && html`<span>${wordsOf(details.interaction_type)}</span>`}
      ${isModel && html`<span title=${`${count(details.input_tokens)} tokens in, ${count(details.output_tokens)} out`}><${Tokens} value=${details.input_tokens} /> → <${Tokens} value=${details.output_tokens} /> tokens</span>`}
      ${!isModel && html`<${Bytes} value=${entry.size_bytes} />`}
      <span class="number" title="Duration">${duration(entry.duration_ms)}</span>
      <${Clock} us=${entry.timestamp_us} />
      <${Copy} text=${() => new URL(addressOf(entry.id), location.href).href} label=${`Copy the link to step ${number}`} icon="link" />
    </span></header>`;
}

const ErrorText = ({text, folds, name, find}) => html`<div class="step-error"><${Icon} name="alert" label="Error" />
  <${Folded} text=${plain(text)} folds=${folds} name=${`${name}.error`} find=${find} /></div>`;

// ---------------------------------------------------------------- turns

function Turn({body, item, folds, find, all, isHit}) {
  const {details} = body;
  const {id} = item.entry;
  const before = details.messages_before ?? 0;
  const messages = details.conversation?.messages ?? [];
  const isOpen = folds.get(`${id}.earlier`) ?? false;
  const isEarlier = useMemo(() => isHit && before > 0 && !isFoundIn(messages, find), [isHit, find, body]);
  return html`
    ${before > 0 && html`<p class="earlier"><${Button} kind="quiet" icon="up" onClick=${() => folds.set(`${id}.earlier`, true)}>Show ${plural(before, 'earlier message')}</${Button}>${isEarlier && html` <span>What was found stands in these.</span>`}</p>`}
    ${isOpen && !all && html`<p class="earlier"><${Button} kind="quiet" icon="down" onClick=${() => folds.set(`${id}.earlier`, false)}>Only what is new</${Button}></p>`}
    <${Messages} thinking=${details.thinking_content ? String(details.thinking_content) : null} messages=${messages} from=${before} find=${find} folds=${folds} name=${id} />
    ${!messages.length && html`<p class="quiet">No messages.</p>`}`;
}

// ---------------------------------------------------------------- tools

const isEmpty = value => value === null || value === undefined
  || (typeof value === 'object' && !Object.keys(value).length);

/** What a tool answered: the text itself if it is in the usual wrapping. */
export function resultOf(result) {
  if (typeof result === 'string') return result;
  const names = result && typeof result === 'object' && !Array.isArray(result) ? Object.keys(result) : [];
  if (names.length === 1 && typeof result[names[0]] === 'string' && /^(result|content|text|output|error)$/.test(names[0])) {
    return result[names[0]];
  }
  const {content} = result ?? {};
  if (Array.isArray(content) && content.length && content.every(part => part?.type === 'text' && typeof part.text === 'string')) {
    return content.map(part => part.text).join('\n');
  }
  return result;
}

function ToolCall({details, folds, find, id}) {
  const result = useMemo(() => {
    const answer = resultOf(details.tool_result);
    return typeof answer === 'string' ? plain(answer) : answer;
  }, [details]);
  return html`
    ${!isEmpty(details.tool_arguments) && html`<div class="tool-part"><h4>Arguments</h4><${Json} compact value=${details.tool_arguments} find=${find} folds=${folds} name=${`${id}.arguments`} label="Arguments" /></div>`}
    <div class="tool-part"><h4>Result <${Copy} text=${() => typeof result === 'string' ? result : JSON.stringify(result, null, 2)} label="Copy the result" /></h4>
      ${isEmpty(details.tool_result) ? html`<p class="quiet">No result.</p>`
        : result === '' ? html`<p class="quiet">An empty text.</p>`
          : typeof result === 'string' ? html`<${AnyText} text=${result} find=${find} folds=${folds} name=${`${id}.result`} label="Result" />`
            : html`<${Json} value=${result} find=${find} folds=${folds} name=${`${id}.result`} label="Result" />`}</div>`;
}

const MOST_TOOLS = 200;

function ToolList({details, folds, find, id}) {
  const given = details.available_tools ?? details.tool_result ?? {};
  const groups = Array.isArray(given) ? [[details.server_name, given]] : Object.entries(given);
  const tools = groups.flatMap(([server, list]) => (Array.isArray(list) ? list : [list])
    .map(tool => ({server, name: String(tool?.name ?? tool), description: tool?.description})));
  const raw = `${id}.raw`;
  return html`<details class="tool-list" open=${tools.length <= 12}><summary>${plural(tools.length, 'tool')}</summary>
    <ul>${tools.slice(0, MOST_TOOLS).map((tool, at) => html`<li key=${at}><bdi class="mono">${short(tool.name)}</bdi>${typeof tool.description === 'string' && html` <span class="quiet">${short(tool.description).split('\n')[0].slice(0, 160)}</span>`}</li>`)}</ul>
    ${tools.length > MOST_TOOLS && html`<p class="quiet">and ${count(tools.length - MOST_TOOLS)} more</p>`}
    <${Button} kind="quiet" class="small" pressed=${folds.get(raw) ?? false} onClick=${() => folds.set(raw, !folds.get(raw))}>As JSON</${Button}>
    ${folds.get(raw) && html`<${Json} value=${given} find=${find} folds=${folds} name=${`${id}.list`} label="List of tools" />`}</details>`;
}

// ---------------------------------------------------------------- any step

function Step({item, bodies, folds, find, all, room, isHit, isSelected}) {
  const {entry} = item;
  useFolds(folds);
  const isWhole = all || (folds.get(`${entry.id}.earlier`) ?? false);
  const {body: loaded, error, retry} = useBody(bodies, entry, item.previous, isWhole);
  const shownLast = useRef(null);
  shownLast.current = loaded ?? shownLast.current; // what is shown stays until the rest of it is there
  const body = shownLast.current;
  const failed = hasFailed(entry);
  const id = `step-${item.number}`;
  const {error_message: message} = entry.details;
  const shown = {folds, find, isHit, id: entry.id};
  return html`<article class=${`step ${entry.type} ${failed ? 'failed' : ''} ${isSelected ? 'selected' : ''} ${isHit ? 'hit-here' : ''}`} tabindex="-1"
    aria-labelledby=${id} aria-current=${isSelected ? 'true' : null} data-step=${entry.id}>
    <${StepHead} item=${item} id=${id} />
    ${message && html`<${ErrorText} text=${String(message)} folds=${folds} name=${entry.id} find=${find} />`}
    ${body ? entry.type === 'llm' ? html`<${Turn} body=${body} item=${item} all=${all} ...${shown} />`
      : body.details.communication_type === 'tool_list' ? html`<${ToolList} details=${body.details} ...${shown} />`
        : html`<${ToolCall} details=${body.details} ...${shown} />`
      : error && error.kind !== 'away' ? html`<${Failure} error=${error} title="This step could not be loaded" retry=${retry} />`
        : html`<p class="step-waits quiet" style=${{minHeight: `${room - 60}px`}}>${error ? 'Loaded when the server answers again.' : 'Loading…'}</p>`}
  </article>`;
}

/**
 * A step, drawn anew only if something of it has changed and not with every scrolling of the list.
 *
 * @param item the entry, its number, and the turn before it in its stage
 * @param all whether conversations are shown whole
 * @param isHit whether what is looked for stands in it
 * @param room pixels that are kept free until it is there
 */
export class StepRow extends Component {
  shouldComponentUpdate(next) {
    const {props} = this;
    return Object.keys(next).some(name => next[name] !== props[name]
      && !(name === 'item' && next.item.entry === props.item.entry && next.item.number === props.item.number
        && next.item.previous === props.item.previous));
  }

  render() {
    return html`<${Step} ...${this.props} />`;
  }
}

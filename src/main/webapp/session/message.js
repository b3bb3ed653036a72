// Messages of a conversation by role: what was said, thought, and done, in parts or in one text.
import {html, useMemo} from '../vendor/preact.js';
import {bytes as sizeOf, count, plain, plural} from '../lib/core.js';
import {Button, Copy, Icon, placeOf} from '../lib/ui.js';
import {Json, Folded} from './value.js';

const ROLES = {
  system: ['gear', 'System'],
  developer: ['gear', 'Developer'],
  user: ['user', 'User'],
  assistant: ['model', 'Assistant'],
  tool: ['tool', 'Tool'],
  function: ['tool', 'Function'],
};
const KNOWN = new Set(['system', 'user', 'assistant', 'tool']);
const colourOf = role => KNOWN.has(role) ? role : role === 'developer' ? 'system' : role === 'function' ? 'tool' : 'other';

// ---------------------------------------------------------------- thoughts and actions

const REACT = /^[ \t]*(?:\*\*)?(Thought|Action Input|Action|Observation|Final Answer)(?:\*\*)?[ \t]*:(?:\*\*)?[ \t]*/gm;
const STEPS = {
  'Thought': 'thought',
  'Action': 'action',
  'Action Input': 'input',
  'Observation': 'observation',
  'Final Answer': 'answer',
};
const MOST_STEPS = 60;

/** A text of the ReAct kind as `[{label, text}]`; null if it is of another kind. What stands before has no label. */
export function steps(text) {
  const found = [...text.slice(0, 400_000).matchAll(REACT)].slice(0, MOST_STEPS);
  if (!found.length) return null;
  const parts = found.map((match, at) => ({
    label: match[1],
    text: text.slice(match.index + match[0].length, found[at + 1]?.index ?? text.length).trim(),
  }));
  const before = text.slice(0, found[0].index).trim();
  return before ? [{label: null, text: before}, ...parts] : parts;
}

/** What a tool said is heard twice: where it was called and where the model reads it. Here it is folded small. */
const foldOf = label => label === 'Observation' ? 240 : 2_000;

function Said({text, find, folds, name, role, folded}) {
  const clean = useMemo(() => plain(text), [text]);
  const parts = useMemo(() => role === 'assistant' || /^\s*Observation\s*:/.test(clean) ? steps(clean) : null, [clean, role]);
  if (!parts) return html`<${Folded} text=${clean} find=${find} folds=${folds} name=${name} folded=${folded} />`;
  return parts.map((part, at) => html`<div key=${at} class=${`said-step ${STEPS[part.label] ?? 'plain'}`}>
    ${part.label && html`<span class="step-label">${part.label}</span>`}
    <${Folded} text=${part.text} find=${find} folds=${folds} name=${`${name}.${at}`} folded=${foldOf(part.label)} /></div>`);
}

// ---------------------------------------------------------------- parts of a content, and calls of tools in a message

const short = text => plain(String(text)).slice(0, 300);

const nameOfUrl = url => url.startsWith('data:')
  ? `${url.slice(5, 40).split(/[;,]/)[0] || 'data'}, ${sizeOf(url.length)}` : url;

function Call({name, input, id, find, folds, place}) {
  return html`<div class="said-step action"><span class="step-label"><${Icon} name="tool" /> Calls</span>
    <div><bdi class="mono strong">${short(name ?? '?')}</bdi>${id && html` <bdi class="quiet mono small">${short(id)}</bdi>`}
    <${Json} compact value=${input} find=${find} folds=${folds} name=${place} label="Arguments" /></div></div>`;
}

function Part({part, role, find, folds, name}) {
  if (typeof part === 'string') return html`<${Said} text=${part} role=${role} find=${find} folds=${folds} name=${name} />`;
  if (part === null || typeof part !== 'object') return html`<${Json} value=${part} find=${find} folds=${folds} name=${name} />`;
  if ((part.type === 'text' || part.type === 'input_text' || part.type === 'output_text') && typeof part.text === 'string') {
    return html`<${Said} text=${part.text} role=${role} find=${find} folds=${folds} name=${name} />`;
  }
  if ((part.type === 'thinking' || part.type === 'reasoning') && typeof (part.thinking ?? part.text) === 'string') {
    return html`<${Thinking} text=${part.thinking ?? part.text} find=${find} folds=${folds} name=${name} />`;
  }
  if (part.type === 'image_url' || part.type === 'image') {
    const url = String(part.image_url?.url ?? part.image_url ?? part.source?.url ?? part.source?.media_type ?? '');
    return html`<p class="part"><span class="pill">Image</span> <span class="mono small">${nameOfUrl(url)}</span> <span class="quiet">not loaded</span></p>`;
  }
  if (part.type === 'tool_use') {
    return html`<${Call} name=${part.name} input=${part.input} id=${part.id} find=${find} folds=${folds} place=${name} />`;
  }
  if (part.type === 'tool_result') {
    return html`<div class="said-step observation"><span class="step-label">${part.is_error ? 'Tool error' : 'Tool result'}</span>
      ${part.tool_use_id && html`<bdi class="quiet mono small">${short(part.tool_use_id)}</bdi>`}
      <${Content} content=${part.content ?? null} role="tool" find=${find} folds=${folds} name=${name} /></div>`;
  }
  return html`<div class="part"><span class="pill">${typeof part.type === 'string' ? part.type.slice(0, 80) : 'Part'}</span>
    <${Json} value=${part} find=${find} folds=${folds} name=${name} /></div>`;
}

const MOST_PARTS = 40;

function Content({content, role, find, folds, name, folded}) {
  if (content === null || content === undefined || content === '') return null;
  if (typeof content === 'string') {
    return html`<${Said} text=${content} role=${role} find=${find} folds=${folds} name=${name} folded=${folded} />`;
  }
  if (!Array.isArray(content)) return html`<${Part} part=${content} role=${role} find=${find} folds=${folds} name=${name} />`;
  const shown = content.slice(0, MOST_PARTS);
  return html`${shown.map((part, at) => html`<${Part} key=${at} part=${part} role=${role} find=${find} folds=${folds} name=${`${name}/${at}`} />`)}
    ${shown.length < content.length && html`<${Json} value=${content.slice(MOST_PARTS)} find=${find} folds=${folds} name=${`${name}/more`} label=${`${plural(content.length - MOST_PARTS, 'more part')}`} />`}`;
}

/** What a model thought before it answered. */
const Thinking = ({text, find, folds, name}) => html`<div class="said-step thinking"><span class="step-label">Thinking</span>
  <${Folded} text=${plain(text)} find=${find} folds=${folds} name=${`${name}.thinking`} folded=${600} /></div>`;

function argumentsOf(call) {
  const given = call.function?.arguments ?? call.args ?? call.input;
  if (typeof given !== 'string') return given;
  try {
    return JSON.parse(given);
  } catch {
    return given;
  }
}

const textOf = content => typeof content === 'string' ? content
  : Array.isArray(content) && content.every(part => typeof part?.text === 'string') ? content.map(part => part.text).join('\n')
    : JSON.stringify(content, null, 2);

/** One message. */
function Message({message, find, folds, name}) {
  const role = String(message.role ?? '');
  const [icon, title] = ROLES[role] ?? ['help', role.slice(0, 60) || 'No role'];
  const calls = Array.isArray(message.tool_calls) ? message.tool_calls.slice(0, MOST_PARTS) : [];
  const of = message.name ?? message.tool_call_id;
  return html`<div class=${`message role-${colourOf(role)}`}>
    <div class="message-head"><span class="role"><${Icon} name=${icon} /> <bdi>${title}</bdi></span>
      ${of && html`<bdi class="quiet mono small clip">${short(of)}</bdi>`}
      <${Copy} text=${() => textOf(message.content ?? '')} label="Copy this message" /></div>
    <${Content} content=${message.content} role=${role} find=${find} folds=${folds} name=${name} folded=${role === 'system' ? 400 : 2_000} />
    ${calls.map((call, at) => html`<${Call} key=${at} name=${call?.function?.name ?? call?.name} id=${call?.id} input=${argumentsOf(call ?? {})}
      find=${find} folds=${folds} place=${`${name}.call${at}`} />`)}
  </div>`;
}

const FIRST = 6;
const LAST = 10;
const MORE = 40;
const MOST_FOUND = 20;

/** Whether something that is looked for stands in a message. */
const isFound = (message, find) => placeOf(typeof message.content === 'string' ? message.content : JSON.stringify(message), find) >= 0;

/** Which of many messages are shown: the first, the last, and those in which something was found. */
function chosen(messages, shown, find) {
  const places = [];
  let foundNow = 0;
  for (let at = 0; at < messages.length; at++) {
    const isAtAnEnd = at < shown || at >= messages.length - LAST;
    if (isAtAnEnd || (find && foundNow < MOST_FOUND && isFound(messages[at], find))) places.push(at);
    if (!isAtAnEnd && places.at(-1) === at) foundNow++;
  }
  return places;
}

/** Whether something that is looked for stands in any of the messages. */
export const isFoundIn = (messages, find) => messages.some(message => isFound(message, find));

/**
 * The messages of a turn; of very many the first and the last, and those between on demand.
 *
 * @param from how many messages of the conversation are before these
 * @param thinking what the model thought before its answer, which is the last of them
 */
export function Messages({messages, from, thinking, find, folds, name}) {
  const shown = folds.get(`${name}.shown`) ?? FIRST;
  const places = useMemo(() => chosen(messages, shown, find), [messages, shown, find]);
  const thought = thinking && html`<${Thinking} text=${thinking} find=${find} folds=${folds} name=${name} />`;
  const hasAnswer = messages.at(-1)?.role === 'assistant';
  return html`${!hasAnswer && thought}${places.map((at, place) => {
    const left = at - (places[place - 1] ?? -1) - 1;
    return html`${left > 0 && html`<div class="between"><${Button} kind="quiet" icon="plus" onClick=${() => folds.set(`${name}.shown`, shown + MORE)}>Show more messages</${Button}>
        <span class="quiet">${count(left)} not shown here</span></div>`}
      ${hasAnswer && at === messages.length - 1 && thought}
      <${Message} key=${from + at} message=${messages[at]} find=${find} folds=${folds} name=${`${name}.${from + at}`} />`;
  })}`;
}

// The alert as it was sent: readable first, as JSON on demand.
import {html, useMemo} from '../vendor/preact.js';
import {plain, plural} from '../lib/core.js';
import {Button, Copy, LongText, found} from '../lib/ui.js';
import {Folds, Json, useFolds} from './value.js';

const MOST_MEMBERS = 100;
const MOST_DEPTH = 12;
const SHORT = 200;

const wordsOf = value => value === null ? 'null' : String(value);
const isNested = value => value !== null && typeof value === 'object';
const isEmpty = value => isNested(value) && !Object.keys(value).length;

function Text({text, find, folds, name}) {
  const clean = plain(text);
  if (clean.length <= SHORT && !clean.includes('\n')) return html`<bdi class="fact">${found(clean, find)}</bdi>`;
  return html`<${LongText} text=${clean} find=${find} folded=${1_500} kept=${folds} name=${name} />`;
}

function Members({value, find, folds, name, depth}) {
  const members = Object.entries(value);
  const shown = folds.get(`${name}.shown`) ?? MOST_MEMBERS;
  const isList = Array.isArray(value);
  return html`<dl class=${`members ${depth ? 'nested' : ''}`}>${members.slice(0, shown).map(([key, one]) => html`<div key=${key} class=${isNested(one) && !isEmpty(one) ? 'holds' : null}>
      <dt>${isList ? html`<span class="number">${Number(key) + 1}</span>` : html`<bdi>${found(plain(key).slice(0, 300), find)}</bdi>`}</dt>
      <dd><${Value} value=${one} find=${find} folds=${folds} name=${`${name}/${key}`} depth=${depth + 1} /></dd></div>`)}</dl>
    ${members.length > shown && html`<${Button} kind="quiet" icon="down" onClick=${() => folds.set(`${name}.shown`, shown + MOST_MEMBERS)}>Show ${Math.min(MOST_MEMBERS, members.length - shown)} more of ${plural(members.length, isList ? 'value' : 'field')}</${Button}>`}`;
}

function Value({value, find, folds, name, depth}) {
  if (typeof value === 'string') {
    return value === '' ? html`<span class="quiet">empty</span>` : html`<${Text} text=${value} find=${find} folds=${folds} name=${name} />`;
  }
  if (isEmpty(value)) return html`<span class="quiet">${Array.isArray(value) ? 'no values' : 'no fields'}</span>`;
  if (!isNested(value)) return html`<span class=${value === null ? 'quiet' : 'number'}>${found(wordsOf(value), find)}</span>`;
  if (depth >= MOST_DEPTH) return html`<${Json} value=${value} find=${find} folds=${folds} name=${name} />`;
  if (Array.isArray(value) && value.length <= 30 && value.every(one => !isNested(one) && wordsOf(one).length <= 60)) {
    return html`<span class="values">${value.map((one, at) => html`<bdi class="word" key=${at}>${found(plain(wordsOf(one)), find)}</bdi>`)}</span>`;
  }
  return html`<${Members} value=${value} find=${find} folds=${folds} name=${name} depth=${depth} />`;
}

/** The alert of a session. */
export function Alert({data, find}) {
  const folds = useMemo(() => new Folds(), []);
  useFolds(folds);
  const isRaw = folds.get('raw') ?? false;
  return html`<section class="alert card" aria-labelledby="alert-title">
    <div class="spread"><h2 id="alert-title">The alert as it was sent</h2>
      <div class="row"><${Button} kind="quiet" pressed=${isRaw} onClick=${() => folds.set('raw', !isRaw)}>As JSON</${Button}>
        <${Copy} text=${() => JSON.stringify(data, null, 2)} label="Copy the alert as JSON">Copy</${Copy}></div></div>
    ${isRaw ? html`<${Json} value=${data} find=${find} folds=${folds} name="json" label="Alert as JSON" />`
      : html`<${Value} value=${data} find=${find} folds=${folds} name="alert" depth=${0} />`}
  </section>`;
}

const SUMMARY = ['message', 'summary', 'description', 'severity', 'environment', 'cluster', 'namespace', 'service', 'pod', 'node',
  'deployment', 'host', 'reason', 'value', 'threshold'];

/** What of an alert tells most, in a few lines. */
export function AlertInShort({data}) {
  const members = Object.entries(data ?? {}).filter(([, value]) => !isNested(value) && value !== null && value !== '');
  const rank = ([key]) => SUMMARY.indexOf(key) < 0 ? SUMMARY.length : SUMMARY.indexOf(key);
  const shown = members.sort((one, other) => rank(one) - rank(other)).slice(0, 8);
  if (!shown.length) return html`<p class="quiet">The alert has no short fields.</p>`;
  return html`<dl class="members">${shown.map(([key, value]) => html`<div key=${key}><dt><bdi>${plain(key).slice(0, 100)}</bdi></dt>
    <dd class="short">${plain(wordsOf(value)).slice(0, 600)}</dd></div>`)}</dl>`;
}

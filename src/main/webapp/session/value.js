// Texts and JSON values as steps and alerts show them: folded by size, and taken apart only on demand.
import {html, useEffect, useMemo, useRef, useState} from '../vendor/preact.js';
import {plain} from '../lib/core.js';
import {Button, LongText} from '../lib/ui.js';

/** What a person has opened, kept while a list lets go of its rows. Drawn again by whoever watches. */
export class Folds extends Map {
  constructor() {
    super();
    this.watchers = new Set();
  }

  set(name, value) {
    super.set(name, value);
    for (const watcher of this.watchers ?? []) watcher();
    return this;
  }
}

/** Draws anew when something is folded or opened. */
export function useFolds(folds) {
  const [, redraw] = useState(0);
  useEffect(() => {
    const watcher = () => redraw(n => n + 1);
    folds.watchers.add(watcher);
    return () => folds.watchers.delete(watcher);
  }, [folds]);
}

/** Whether a text is a table or other output of a terminal whose columns must not be broken. */
export function isTabular(text) {
  const lines = text.slice(0, 4_000).split('\n').slice(0, 24).filter(line => line.trim());
  return lines.length > 1 && lines.filter(line => /\S {2,}\S|\t/.test(line)).length >= lines.length / 2;
}

/** A text, folded if long; what looks like a table keeps its lines whole, unless one wants them broken. */
export function Folded({text, find, folds, name, folded = 2_000, label}) {
  const tabular = useMemo(() => isTabular(text), [text]);
  const wraps = folds.get(`${name}.wrap`) ?? !tabular;
  return html`<${LongText} text=${text} find=${find} folded=${folded} kept=${folds} name=${name} wrap=${wraps} label=${label} />
    ${tabular && html`<div class="text-tools"><${Button} kind="quiet" class="small" pressed=${wraps} onClick=${() => folds.set(`${name}.wrap`, !wraps)}>Wrap lines</${Button}></div>`}`;
}

const AT_ONCE = 20_000;
let worker = null;
let asked = 0;
const answers = new Map();

/** JSON text set out in lines, made beside the page so that it does not stand still. Rejects what is no JSON. */
function setOut(text) {
  if (!worker) {
    worker = new Worker(new URL('worker.js', import.meta.url), {type: 'module'});
    worker.onmessage = ({data}) => {
      const {resolve, reject} = answers.get(data.id);
      answers.delete(data.id);
      if (data.error) reject(new Error(data.error));
      else resolve(data.text);
    };
  }
  return new Promise((resolve, reject) => {
    answers.set(++asked, {resolve, reject});
    worker.postMessage({id: asked, text});
  });
}

/** A JSON text in short, or set out on demand. */
function JsonText({text, find, folds, name, label}) {
  const isPretty = folds.get(`${name}.pretty`) ?? false;
  const [pretty, setPretty] = useState(null);
  const wanted = useRef(null);
  useEffect(() => {
    if (!isPretty || pretty?.of === text) return;
    wanted.current = text;
    setOut(text).then(
      made => wanted.current === text && setPretty({of: text, made}),
      error => wanted.current === text && setPretty({of: text, made: text, error}));
  }, [isPretty, text]);
  const made = isPretty && pretty?.of === text ? pretty : null;
  return html`<${LongText} key=${made ? 'pretty' : 'short'} text=${made?.made ?? text} find=${find} kept=${folds} name=${made ? `${name}.set-out` : name} label=${label} />
    <div class="text-tools"><${Button} kind="quiet" class="small" pressed=${isPretty} onClick=${() => folds.set(`${name}.pretty`, !isPretty)}>Indent JSON</${Button}
    >${isPretty && !made && html`<span class="quiet" role="status">Indenting…</span>`}${made?.error && html`<span class="quiet" role="status">This is not whole JSON; it is shown as it is.</span>`}</div>`;
}

/** JSON text without the colours of terminals, which stand in it in another form than in texts. */
const plainJson = text => text.includes('\\u001b') ? text.replace(/\\u001b\[[0-?]*[ -/]*[@-~]/gi, '') : text;

/** A JSON value: what is short set out at once unless it is to be `compact`, what is long in one piece and set out on demand. */
export function Json({value, find, folds, name, label, compact = false}) {
  const text = useMemo(() => typeof value === 'string' ? plain(value) : plainJson(JSON.stringify(value) ?? 'null'), [value]);
  const isShort = text.length <= 100;
  const isJson = typeof value !== 'string';
  const set = useMemo(() => isJson && !isShort && !compact && text.length <= AT_ONCE ? plainJson(JSON.stringify(value, null, 2)) : null, [value]);
  if (!isJson) return html`<${AnyText} text=${text} find=${find} folds=${folds} name=${name} label=${label} />`;
  if (isShort || set !== null) return html`<${LongText} text=${set ?? text} find=${find} kept=${folds} name=${name} folded=${1_200} label=${label} />`;
  return html`<${JsonText} text=${text} find=${find} folds=${folds} name=${name} label=${label} />`;
}

/** A text that may be JSON itself, or a table, or anything. */
export function AnyText({text, find, folds, name, label}) {
  const isJson = useMemo(() => text.length > 100 && /^\s*[[{]/.test(text) && /[\]}]\s*$/.test(text.slice(-20)), [text]);
  return isJson ? html`<${JsonText} text=${text} find=${find} folds=${folds} name=${name} label=${label} />`
    : html`<${Folded} text=${text} find=${find} folds=${folds} name=${name} label=${label} />`;
}

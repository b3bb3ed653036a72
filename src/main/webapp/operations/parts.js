// What the tabs of operations share.
import {html, useEffect, useRef, useState} from '../vendor/preact.js';
import {useLoad} from '../lib/core.js';
import {Button, Dialog, Icon} from '../lib/ui.js';

const LEAST_REST = 8;

/**
 * Loads something again and again while the page is seen. A server that answers slowly is asked more seldom.
 *
 * @param everyMs how often, or null to load once
 */
export function usePolled(key, load, everyMs) {
  const took = useRef(0);
  const loaded = useLoad(key, async signal => {
    const begun = performance.now();
    try {
      return await load(signal);
    } finally {
      took.current = performance.now() - begun;
    }
  });
  const current = useRef(loaded);
  current.current = loaded;
  const slow = everyMs === null ? null : Math.max(everyMs, took.current * LEAST_REST);
  useEffect(() => {
    if (slow === null) return undefined;
    const timer = setInterval(() => !document.hidden && !current.current.busy && current.current.reload(), slow);
    return () => clearInterval(timer);
  }, [slow === null ? null : Math.round(slow / 500)]);
  return loaded;
}

/**
 * Something that is done by a press and takes its time: `{busy, done, error, act}`.
 *
 * @param work gets an AbortSignal, and a function that tells how far it is
 */
export function useAct(work) {
  const [state, setState] = useState({busy: false, done: undefined, progress: undefined, error: null});
  const aborter = useRef(null);
  useEffect(() => () => aborter.current?.abort(), []);
  return {
    ...state,
    stop: () => aborter.current?.abort(),
    async act() {
      aborter.current = new AbortController();
      const {signal} = aborter.current;
      setState({busy: true, done: undefined, progress: undefined, error: null});
      try {
        const done = await work(signal, progress => !signal.aborted && setState(before => ({...before, progress})));
        setState(before => ({...before, busy: false, done}));
      } catch (error) {
        setState(before => ({...before, busy: false, error: error.name === 'AbortError' ? null : error}));
      }
    },
  };
}

/** Waits, unless it is called off. */
export const pause = (ms, signal) => new Promise((resolve, reject) => {
  const timer = setTimeout(resolve, ms);
  signal.addEventListener('abort', () => {
    clearTimeout(timer);
    reject(new DOMException('called off', 'AbortError'));
  });
});

/** How something that was asked for ended, told where it was asked. */
export const Outcome = ({good = true, children}) => html`<p class=${`outcome ${good ? 'good' : 'bad'}`} role="status">
  <${Icon} name=${good ? 'check' : 'alert'} /> <span>${children}</span></p>`;

/** What went wrong, in a line. */
export const Wrong = ({error}) => error && html`<${Outcome}
  good=${false}>${error.message}${error.correlationId && html` <span class="quiet">Id <code>
  ${error.correlationId}</code></span>`}</${Outcome}>`;

/** Asks before something is done. */
export const Ask = ({title, yes, danger = false, onYes, onNo, children, busy = false}) => html`<${Dialog}
  title=${title} onClose=${onNo}>
  ${children}
  <div class="row answers"><${Button} onClick=${onNo}>Cancel</${Button}>${yes && html`<${Button}
    kind=${danger ? 'danger' : 'primary'} disabled=${busy} onClick=${onYes}>${yes}</${Button}>`}</div>
</${Dialog}>`;

/** A state with icon and words; never by colour alone. */
export const State = ({icon, kind, children}) => html`<span class=${`status status-${kind}`}>
  <${Icon} name=${icon} />${children}</span>`;

/** A fact with a name; nothing where nothing is known. */
export const Fact = ({name, children}) => html`<div><dt>${name}</dt><dd>${children ?? '–'}</dd></div>`;

// The parts that views are made of.
import {Component, html, useEffect, useId, useLayoutEffect, useMemo, useRef, useState} from '../vendor/preact.js';
import {age, away, bytes, count, duration, exactTime, marked, plain, preferences, retryNow, short, store, time, useNow, useStore}
  from './core.js';

// ---------------------------------------------------------------- icons: 16 units square, strokes in the text's colour

const ICONS = {
  alert: 'M8 2 14.5 13.5H1.5Z M8 6.5v3.2 M8 11.6v.1',
  ban: 'M8 1.8a6.2 6.2 0 1 0 0 12.4A6.2 6.2 0 1 0 8 1.8 M3.7 3.7l8.6 8.6',
  check: 'M8 1.8a6.2 6.2 0 1 0 0 12.4A6.2 6.2 0 1 0 8 1.8 M5.2 8.2l2 2 3.6-4.1',
  chevron: 'M6 3.5 10.5 8 6 12.5',
  clock: 'M8 1.8a6.2 6.2 0 1 0 0 12.4A6.2 6.2 0 1 0 8 1.8 M8 4.6V8l2.4 1.6',
  close: 'M3.8 3.8l8.4 8.4 M12.2 3.8l-8.4 8.4',
  columns: 'M2 2.5h12v11H2Z M8 2.5v11',
  copy: 'M5.5 5.5h8v8h-8Z M10.5 5.5v-3h-8v8h3',
  cross: 'M8 1.8a6.2 6.2 0 1 0 0 12.4A6.2 6.2 0 1 0 8 1.8 M5.8 5.8l4.4 4.4 M10.2 5.8l-4.4 4.4',
  down: 'M8 2.5v11 M3.8 9.3 8 13.5l4.2-4.2',
  download: 'M8 2v8 M4.5 6.8 8 10.3l3.5-3.5 M2.5 13.5h11',
  filter: 'M2 3h12L9.5 8.5V13l-3-1.5v-3Z',
  gear: 'M2 4.5h6 M11.5 4.5H14 M8 2.8h3.5v3.4H8Z M2 11.5h2.5 M8 11.5h6 M4.5 9.8H8v3.4H4.5Z',
  help: 'M8 1.8a6.2 6.2 0 1 0 0 12.4A6.2 6.2 0 1 0 8 1.8 M6.2 6.3a1.9 1.9 0 1 1 2.6 1.8c-.6.3-.8.6-.8 1.3 M8 11.4v.1',
  link: 'M6.5 9.5l3-3 M7.5 4.5l1.6-1.6a2.8 2.8 0 0 1 4 4L11.5 8.5 M8.5 11.5l-1.6 1.6a2.8 2.8 0 0 1-4-4L4.5 7.5',
  list: 'M5.5 3.5H14 M5.5 8H14 M5.5 12.5H14 M2.2 3.5h.1 M2.2 8h.1 M2.2 12.5h.1',
  lock: 'M3.5 7.2h9v6.3h-9Z M5.3 7.2V4.9a2.7 2.7 0 0 1 5.4 0v2.3',
  menu: 'M2 4h12 M2 8h12 M2 12h12',
  minus: 'M3 8h10',
  model: 'M8 1.8l1.7 4.5L14.2 8l-4.5 1.7L8 14.2 6.3 9.7 1.8 8l4.5-1.7Z',
  moon: 'M13.5 9.6A6 6 0 1 1 6.4 2.5a4.8 4.8 0 0 0 7.1 7.1Z',
  partial: 'M8 1.8a6.2 6.2 0 1 0 0 12.4A6.2 6.2 0 1 0 8 1.8 M8 1.8v12.4 M8 5h3.8 M8 8h6 M8 11h3.8',
  pause: 'M8 1.8a6.2 6.2 0 1 0 0 12.4A6.2 6.2 0 1 0 8 1.8 M6.3 5.7v4.6 M9.7 5.7v4.6',
  pending: 'M8 1.8a6.2 6.2 0 1 0 0 12.4A6.2 6.2 0 1 0 8 1.8 M5.3 8h.1 M8 8h.1 M10.7 8h.1',
  plus: 'M8 3v10 M3 8h10',
  pulse: 'M1.5 8.5h3l2-5.5 3 10 2-4.5h3',
  reload: 'M13.5 8A5.5 5.5 0 1 1 11.6 3.8 M13.5 1.8v3.4h-3.4',
  search: 'M7 2.5a4.5 4.5 0 1 0 0 9A4.5 4.5 0 1 0 7 2.5 M10.3 10.3l3.4 3.4',
  server: 'M2 3h12v4H2Z M2 9h12v4H2Z M4.5 5h.1 M4.5 11h.1',
  sort: 'M5 3v10 M2.5 10.5 5 13l2.5-2.5 M11 13V3 M8.5 5.5 11 3l2.5 2.5',
  stats: 'M2.5 13.5v-5 M6.2 13.5v-9 M9.8 13.5V7 M13.5 13.5V2.5',
  sun: 'M8 5a3 3 0 1 0 0 6A3 3 0 1 0 8 5 M8 1v1.5 M8 13.5V15 M1 8h1.5 M13.5 8H15 M3 3l1 1 M12 12l1 1 M3 13l1-1 M12 4l1-1',
  tool: 'M9.8 6.2 13 3a3.6 3.6 0 0 1-4.8 4.8l-4.4 4.4a1.3 1.3 0 0 1-1.9-1.9l4.4-4.4A3.6 3.6 0 0 1 11.1 1L8 4.2Z',
  up: 'M8 13.5v-11 M3.8 6.7 8 2.5l4.2 4.2',
  user: 'M8 2a3 3 0 1 0 0 6A3 3 0 1 0 8 2 M2.5 14a5.5 5.5 0 0 1 11 0',
};

/** A picture beside words; alone it needs a `label`. */
export const Icon = ({name, label}) => html`<svg class="icon" viewBox="0 0 16 16" aria-hidden=${label ? null : 'true'}
  role=${label ? 'img' : null} aria-label=${label}><path d=${ICONS[name]} /></svg>`;

// ---------------------------------------------------------------- how far something has come

const STATUS = {
  pending: ['pending', 'Pending'],
  in_progress: ['pulse', 'In progress'],
  active: ['pulse', 'Active'],
  paused: ['pause', 'Paused'],
  canceling: ['ban', 'Canceling'],
  completed: ['check', 'Completed'],
  failed: ['cross', 'Failed'],
  cancelled: ['ban', 'Cancelled'],
  timed_out: ['clock', 'Timed out'],
  partial: ['partial', 'Partial'],
};
export const FINAL = new Set(['completed', 'failed', 'cancelled', 'timed_out']);
export const isRunning = status => !FINAL.has(status);
export const statusName = status => STATUS[status]?.[1] ?? status;

/** Status with icon and text; never by colour alone. */
export const Status = ({value}) => html`<span class=${`status status-${value}`}><${Icon} name=${STATUS[value]?.[0] ?? 'help'} />${statusName(value)}</span>`;

// ---------------------------------------------------------------- times and numbers

/** A point in time in the chosen zone, to the microsecond on demand. */
export function Time({us}) {
  const zone = useStore(preferences, value => value.zone);
  if (us === null || us === undefined) return '–';
  return html`<time datetime=${new Date(us / 1000).toISOString()} title=${exactTime(us, zone)}>${time(us, zone)}</time>`;
}

/** How long ago, kept up to date. */
export function Age({us}) {
  const zone = useStore(preferences, value => value.zone);
  const now = useNow(Date.now() * 1000 - us < 120_000_000 ? 1_000 : 30_000);
  return html`<time datetime=${new Date(us / 1000).toISOString()} title=${exactTime(us, zone)}>${age(us, now)}</time>`;
}

/** A duration; while something runs, ticking from its start. */
export function Duration({ms, since = null}) {
  const now = useNow(since === null ? null : 1_000);
  return html`<span class="number">${duration(since === null ? ms : Math.max(0, (now - since) / 1000))}</span>`;
}

/** A number in short, whole on demand. */
export const Tokens = ({value}) => html`<span class="number" title=${value === null || value === undefined ? 'unknown' : `${count(value)} tokens`}>${short(value)}</span>`;
export const Bytes = ({value}) => html`<span class="number" title=${`${count(value)} bytes`}>${bytes(value)}</span>`;

/** A snippet of search with what was found marked. */
export const Snippet = ({text}) => marked(plain(text)).map(piece => piece.hit ? html`<mark>${piece.text}</mark>` : piece.text);

// ---------------------------------------------------------------- what can be pressed

/** A button: `kind` plain, primary, quiet, danger; with only an icon it needs a `label`. */
export function Button({icon, label, kind = 'plain', children, pressed, class: more = '', ...rest}) {
  return html`<button type="button" class=${`button ${kind} ${children ? '' : 'square'} ${more}`} title=${children ? null : label}
    aria-label=${label} aria-pressed=${pressed === undefined ? null : String(pressed)} ...${rest}>
    ${icon && html`<${Icon} name=${icon} />`}${children}</button>`;
}

/** Copies a text, or what a function gives, and says so. */
export function Copy({text, label = 'Copy', icon = 'copy', children}) {
  return html`<${Button} icon=${icon} kind="quiet" label=${label} onClick=${async event => {
    event.stopPropagation();
    const value = typeof text === 'function' ? await text() : text;
    say(await copied(value) ? 'Copied.' : 'This browser does not let pages copy.');
  }}>${children}</${Button}>`;
}

/** Puts a text on the clipboard; whether that was possible. */
export async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // no clipboard outside of secure pages: the old way
    const field = document.createElement('textarea');
    field.value = text;
    field.className = 'visually-hidden';
    document.body.append(field);
    field.select();
    const done = document.execCommand('copy');
    field.remove();
    return done;
  }
}

/** A button that opens a list of choices or any content below it; Escape and a press elsewhere close it. */
export function Menu({icon, label, title, children, align = 'start', kind = 'plain'}) {
  const [open, setOpen] = useState(false);
  const here = useRef(null);
  const id = useId();
  useEffect(() => {
    if (!open) return undefined;
    const outside = event => !here.current?.contains(event.target) && setOpen(false);
    const escape = event => {
      if (event.key === 'Escape') {
        event.stopPropagation();
        setOpen(false);
        here.current?.querySelector('button')?.focus();
      }
    };
    document.addEventListener('pointerdown', outside);
    document.addEventListener('focusin', outside);
    here.current?.addEventListener('keydown', escape);
    return () => {
      document.removeEventListener('pointerdown', outside);
      document.removeEventListener('focusin', outside);
      here.current?.removeEventListener('keydown', escape);
    };
  }, [open]);
  return html`<div class="menu" ref=${here}>
    <${Button} icon=${icon} kind=${kind} label=${title} aria-expanded=${String(open)} aria-controls=${open ? id : null}
      onClick=${() => setOpen(!open)}>${label}</${Button}>
    ${open && html`<div class=${`menu-body ${align}`} id=${id}>${typeof children === 'function' ? children(() => setOpen(false)) : children}</div>`}
  </div>`;
}

/** A modal dialog; Escape closes it, and focus comes back to where it was. */
export function Dialog({title, onClose, children, wide = false}) {
  const here = useRef(null);
  const id = useId();
  useEffect(() => {
    const before = document.activeElement;
    here.current.showModal();
    return () => before?.focus?.();
  }, []);
  return html`<dialog ref=${here} class=${wide ? 'wide' : ''} aria-labelledby=${id} onCancel=${event => {
    event.preventDefault();
    onClose();
  }} onClick=${event => event.target === here.current && onClose()}>
    <div class="dialog-body">
      <header><h2 id=${id}>${title}</h2><${Button} icon="close" kind="quiet" label="Close" onClick=${onClose} /></header>
      ${children}
    </div>
  </dialog>`;
}

/** Views of one thing, each with its own address: `tabs` are `[{id, title, href, count}]`. */
export const Tabs = ({tabs, current, label}) => html`<nav class="tabs" aria-label=${label}>${tabs.map(tab => html`
  <a key=${tab.id} href=${tab.href} aria-current=${tab.id === current ? 'page' : null}>${tab.title}${tab.count !== undefined && html` <span class="pill">${tab.count}</span>`}</a>`)}</nav>`;

/** A labelled choice between few values, as radio buttons side by side: `options` are `[[value, text]]`. */
export function Choice({label, options, value, onChange}) {
  const name = useId();
  return html`<fieldset class="choice"><legend>${label}</legend>${options.map(([one, text]) => html`
    <label key=${one}><input type="radio" name=${name} checked=${one === value} onChange=${() => onChange(one)} /><span>${text}</span></label>`)}</fieldset>`;
}

// ---------------------------------------------------------------- what is said

const said = store(null);

/** Says something for a few seconds, to eyes and to screen readers. */
export function say(text) {
  said.set({text, at: Date.now()});
  setTimeout(() => said.set(now => now?.text === text && Date.now() - now.at >= 3_900 ? null : now), 4_000);
}

export function Said() {
  const now = useStore(said);
  return html`<div class="said" role="status" aria-live="polite">${now && html`<div key=${now.at}>${now.text}</div>`}</div>`;
}

/** That nothing is there, and what to do. */
export const Empty = ({title, children}) => html`<div class="empty"><h2>${title}</h2>${children}</div>`;

/** That something is on its way; shown only after a moment, so that quick answers do not flicker. */
export const Loading = ({what = 'Loading'}) => html`<p class="loading" role="status">${what}…</p>`;

const WORDS = {
  away: ['The server does not answer', 'What is on the screen stays. It is asked again by itself.'],
  disabled: ['History is disabled', 'The operator has switched it off with HISTORY_ENABLED=false. Nothing is recorded or read until it is switched on again.'],
  missing: ['Not found', null],
  forbidden: ['Not allowed', 'You are not allowed to see or do this. Ask the operator of this installation.'],
  refused: ['The server refuses this', null],
  broken: ['Something went wrong on the server', 'Tell the operator the id below; the server’s log has more under it.'],
};

/** A failure in words that a person understands, with what to do. */
export function Failure({error, title, retry}) {
  const [words, more] = WORDS[error.kind] ?? ['Something went wrong in this page', 'Reload it. If that does not help, tell us what you did.'];
  return html`<div class="failure" role="alert"><h2><${Icon} name="alert" /> ${title ?? words}</h2>
    <p>${error.message}</p>${more && html`<p class="quiet">${more}</p>`}
    ${(error.problem?.errors ?? []).length > 1 && html`<ul>${error.problem.errors.map(one => html`<li><code>${one.field}</code> ${one.message}</li>`)}</ul>`}
    ${error.correlationId && html`<p class="quiet">Id <code>${error.correlationId}</code> <${Copy} text=${error.correlationId} label="Copy the id" /></p>`}
    ${retry && html`<${Button} icon="reload" onClick=${retry}>Try again</${Button}>`}</div>`;
}

/** That the server is away: since when, and when it is asked again. What was loaded stays on the screen. */
export function AwayBanner() {
  const gone = useStore(away);
  const now = useNow(gone ? 500 : null) / 1000;
  if (!gone) return null;
  const left = Math.max(0, Math.ceil((gone.retryAt - now) / 1000));
  return html`<div class="banner bad" role="alert"><${Icon} name="alert" /><span>${gone.reason.status ? gone.reason.message : 'The server does not answer.'}
    ${' '}What you see is from before. ${left > 0 ? html`<span aria-hidden="true">Asked again in ${left} s.</span>` : 'Asking again…'}</span>
    <${Button} onClick=${retryNow}>Try now</${Button}></div>`;
}

/** Shows content, or what stands in its way: `of` is what `useLoad` gives. */
export function Loaded({of, what, children}) {
  if (of.data !== undefined) return children(of.data);
  if (of.error) return html`<${Failure} error=${of.error} retry=${of.reload} />`;
  return html`<${Loading} what=${what} />`;
}

/** Keeps a mistake in one part of the page from taking the rest with it. */
export class Guard extends Component {
  componentDidCatch(error) {
    console.error(error);
    this.setState({error});
  }

  componentDidUpdate(before) {
    if (before.of !== this.props.of && this.state.error) this.setState({error: null});
  }

  render() {
    return this.state.error ? html`<${Failure} error=${this.state.error} />` : this.props.children;
  }
}

// ---------------------------------------------------------------- long lists

/**
 * A long list of which only what is near the screen is in the page. Rows may have any height; each is measured when
 * shown. The page itself scrolls, and what is read stays where it is while rows above it come, go or grow.
 *
 * @param items what is listed
 * @param keyOf the key of an item, which must stay the same
 * @param estimate pixels of a row that was not seen yet: a number, or a function of the item
 * @param row draws an item: `(item, index) => html`
 * @param onEnd is called when the end comes near
 * @param onSee is told the first and the last row in sight when they change
 * @param ceiling pixels at the top of the window that are covered by what sticks there, or a function that tells
 * @param control a ref that gets `{reveal(index)}`
 * @param heights a Map of what was measured; one that outlives this list lets it be shown again at the same place
 */
export function Windowed({
  items, keyOf, estimate = 44, row, onEnd, onSee, ceiling = 130, control, heights: known, ...rest
}) {
  const here = useRef(null);
  const heights = useRef(known ?? new Map());
  const anchor = useRef(null);
  const seen = useRef([]);
  const [, redraw] = useState(0);
  const guess = typeof estimate === 'function' ? estimate : () => estimate;
  const covered = typeof ceiling === 'function' ? ceiling : () => ceiling;
  const offsetsNow = () => {
    const offsets = new Float64Array(items.length + 1);
    for (let at = 0; at < items.length; at++) {
      offsets[at + 1] = offsets[at] + (heights.current.get(keyOf(items[at])) ?? guess(items[at]));
    }
    return offsets;
  };
  const offsets = offsetsNow();
  const top = here.current ? here.current.getBoundingClientRect().top : 0;
  const scrolled = scrollY;
  const first = Math.max(0, lowest(offsets, -top - 600));
  const last = Math.min(items.length, lowest(offsets, -top + innerHeight + 600) + 1);

  useEffect(() => {
    let due = 0;
    const look = () => {
      due ||= requestAnimationFrame(() => {
        due = 0;
        redraw(n => n + 1);
      });
    };
    addEventListener('scroll', look, {passive: true});
    addEventListener('resize', look);
    // rows also grow by themselves, when what is in them comes or is opened
    const sizes = new ResizeObserver(look);
    sizes.observe(here.current);
    look();
    return () => {
      removeEventListener('scroll', look);
      removeEventListener('resize', look);
      sizes.disconnect();
      cancelAnimationFrame(due);
    };
  }, []);

  const hold = (at, edge, places) => at < 0 ? null : {at, edge, key: keyOf(items[at]), offset: places[at + edge]};
  const rowAt = (places, from, pixel) => Math.min(items.length - 1, lowest(places, pixel - from));
  // what somebody works in keeps its place, else the end if it is in sight, else what is seen from its beginning on
  const chosen = (places, from) => {
    const [begin, end] = [rowAt(places, from, covered()), rowAt(places, from, innerHeight - 1)];
    const worked = here.current.contains(document.activeElement)
      ? Number(document.activeElement.closest('[data-at]')?.dataset.at ?? NaN) : NaN;
    if (worked >= begin && worked <= end) return hold(worked, 0, places);
    if (from + places[items.length] <= innerHeight + 2) return hold(items.length - 1, 1, places);
    return hold(places[begin] + from < covered() - 1 && begin < end ? begin + 1 : begin, 0, places);
  };

  // measured at each drawing; what is held stays where it is, whatever happens above it
  useLayoutEffect(() => {
    let from = here.current.getBoundingClientRect().top;
    let held = anchor.current;
    let at = held === null ? -1 : held.at < items.length && keyOf(items[held.at]) === held.key ? held.at
      : items.findIndex(item => keyOf(item) === held.key);
    if (at < first || at >= last) { // scrolled far away from it
      held = chosen(offsets, from);
      at = held?.at ?? -1;
    }
    let changed = false;
    for (const element of here.current.children) {
      const row = Number(element.dataset.at);
      if (!(row < items.length)) continue;
      const key = keyOf(items[row]);
      const height = element.getBoundingClientRect().height;
      if (Math.abs(height - (heights.current.get(key) ?? guess(items[row]))) > 0.5) changed = true;
      heights.current.set(key, height);
    }
    const places = changed ? offsetsNow() : offsets;
    // the browser may have scrolled by itself, if the page became too short
    const moved = at < 0 || from >= covered() ? 0 : places[at + held.edge] - held.offset - (scrollY - scrolled);
    if (Math.abs(moved) > 0.5) {
      scrollBy({top: moved, behavior: 'instant'});
      from -= moved;
    }
    anchor.current = chosen(places, from);
    const sight = [rowAt(places, from, covered()), rowAt(places, from, innerHeight - 1)];
    if (onSee && (seen.current[0] !== sight[0] || seen.current[1] !== sight[1])) {
      seen.current = sight;
      onSee(...sight);
    }
    if (changed) redraw(n => n + 1);
  });

  useEffect(() => {
    if (onEnd && last >= items.length) onEnd();
  }, [last >= items.length, items.length]);

  if (control) {
    control.current = {
      /**
       * Scrolls so that an item is in sight, below what sticks to the top: by `nearest` no further than needed, by
       * `start` to its beginning, by `whole` to its beginning unless all of it is in sight.
       */
      reveal(index, block = 'nearest') {
        const places = offsetsNow();
        const from = here.current.getBoundingClientRect().top;
        const begin = from + places[index];
        const end = from + places[index + 1];
        const isBelow = end > innerHeight - 20;
        if (block === 'start' || begin < covered() || (block === 'whole' && isBelow)) {
          scrollBy({top: begin - covered(), behavior: 'instant'});
        } else if (isBelow) {
          scrollBy({top: Math.min(end - innerHeight + 20, begin - covered()), behavior: 'instant'});
        }
        anchor.current = hold(index, 0, places);
      },
    };
  }

  return html`<div ref=${here} class="windowed" style=${{paddingTop: `${offsets[first]}px`, paddingBottom: `${offsets[items.length] - offsets[last]}px`}} ...${rest}>
    ${items.slice(first, last).map((item, index) => html`<div key=${keyOf(item)} data-at=${first + index} role="presentation">${row(item, first + index)}</div>`)}
  </div>`;
}

function lowest(offsets, pixel) {
  let low = 0;
  let high = offsets.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (offsets[middle + 1] <= pixel) low = middle + 1;
    else high = middle;
  }
  return low;
}

// ---------------------------------------------------------------- long texts

const FOLDED = 2_000;
const AT_ONCE = 100_000;

/** A part of a text from a place on: at most so much as the page bears, and whole lines where lines are short. */
function partFrom(text, start) {
  const end = Math.min(text.length, start + AT_ONCE);
  if (end === text.length) return [start, end];
  const line = text.lastIndexOf('\n', end);
  return [start, line > start + AT_ONCE / 2 ? line + 1 : end];
}

/**
 * A text as it is: folded if it is long, and opened part by part, so that the page never holds too much of it.
 *
 * @param text the text
 * @param find what is marked in it (a text or several), or null; a folded text opens where it first stands
 * @param wrap whether long lines are broken, or the text scrolls sideways
 * @param kept a Map in which it is kept under `name` how far the text is open, for lists that let go of their rows
 */
export function LongText({text, find = null, folded = FOLDED, label, wrap = true, kept, name}) {
  const isLong = text.length > folded * 1.5;
  const [, redraw] = useState(0);
  const own = useRef(new Map());
  const memory = kept ?? own.current;
  const show = part => {
    memory.set(name, part);
    redraw(n => n + 1);
  };
  const place = useMemo(() => isLong && find ? placeOf(text, find) : -1, [text, find, isLong]);
  let [start, end] = [0, isLong ? folded : text.length];
  const chosen = memory.get(name);
  if (isLong && chosen) [start, end] = chosen;
  else if (place > folded - 200) [start, end] = place < AT_ONCE - 500 ? partFrom(text, 0) : partFrom(text, place - 500);
  end = Math.min(end, text.length);
  const piece = useMemo(() => found(text.slice(start, end), find), [text, start, end, find]);
  const isOpen = start > 0 || end > folded;
  return html`<div class="long-text"><pre class=${wrap ? null : 'unwrapped'} tabindex=${isLong || !wrap ? '0' : null} role=${label || isLong || !wrap ? 'group' : null} aria-label=${label}>${piece}</pre>
    ${isLong && html`<p class="more">
      ${!isOpen && html`<${Button} kind="quiet" icon="down" onClick=${() => show(partFrom(text, 0))}>Show ${text.length <= AT_ONCE ? 'all' : 'more'}</${Button}>`}
      ${isOpen && start > 0 && html`<${Button} kind="quiet" icon="up" onClick=${() => show(partFrom(text, Math.max(0, start - AT_ONCE)))}>Part before</${Button}>`}
      ${isOpen && end < text.length && html`<${Button} kind="quiet" icon="down" onClick=${() => show(partFrom(text, end))}>Next part</${Button}>`}
      ${isOpen && html`<${Button} kind="quiet" icon="minus" onClick=${() => show([0, folded])}>Fold</${Button}>`}
      <span class="quiet">${start > 0 ? `${count(start + 1)} to ` : ''}${count(end)} of ${count(text.length)} characters</span></p>`}</div>`;
}

const patterns = new Map();

/** What finds any of some texts, whatever their case. */
function patternOf(find) {
  const texts = [find].flat().filter(Boolean);
  if (!texts.length) return null;
  const name = texts.join('\n');
  if (!patterns.has(name)) {
    if (patterns.size > 20) patterns.clear();
    patterns.set(name, new RegExp(texts.map(text => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|'), 'gi'));
  }
  return patterns.get(name);
}

/** Where something (or any of several things) first stands in a text; -1 if nowhere. Case does not count. */
export function placeOf(text, find) {
  const pattern = patternOf(find);
  if (!pattern) return -1;
  pattern.lastIndex = 0;
  return pattern.exec(text)?.index ?? -1;
}

/** A text with every place where something (or any of several things) stands marked; case does not count. */
export function found(text, find) {
  const pattern = patternOf(find);
  if (!pattern) return text;
  pattern.lastIndex = 0;
  const pieces = [];
  let from = 0;
  for (const {index, 0: hit} of text.matchAll(pattern)) {
    pieces.push(text.slice(from, index), html`<mark>${hit}</mark>`);
    from = index + hit.length;
    if (pieces.length > 4_000) break;
  }
  pieces.push(text.slice(from));
  return pieces;
}

// ---------------------------------------------------------------- the page around

/** The title of the view, in the window and as its first heading. */
export function Title({children, text = children, hidden = false}) {
  // with the heading, not a moment after it
  useLayoutEffect(() => {
    document.title = `${text} · TARSy History`;
  }, [text]);
  return html`<h1 tabindex="-1" class=${hidden ? 'visually-hidden' : ''}>${children}</h1>`;
}

const sheets = new Map();

/** Brings in a style sheet of a view, once. Resolves when it is there. */
export function stylesheet(name, from) {
  const address = new URL(name, from).href;
  if (!sheets.has(address)) {
    sheets.set(address, new Promise(resolve => {
      const link = document.createElement('link');
      link.rel = 'stylesheet';
      link.href = address;
      link.onload = link.onerror = resolve;
      document.head.append(link);
    }));
  }
  return sheets.get(address);
}

/** Saves a text as a file. */
export function save(text, name, type = 'text/plain') {
  const url = URL.createObjectURL(new Blob([text], {type}));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** Whether a key press is meant for a field, or for what is pressed with Enter, and not for the view. */
export const isTyping = event => event.ctrlKey || event.metaKey || event.altKey
  || (/^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName) && !/^(checkbox|radio)$/.test(event.target.type))
  || event.target.isContentEditable || (event.key === 'Enter' && event.target.closest('a, button, summary') !== null)
  || document.querySelector('dialog[open]') !== null;

/** Keys of a view: `{j: () => ...}`, only while nobody types. */
export function useKeys(keys) {
  const current = useRef(keys);
  current.current = keys;
  useEffect(() => {
    const press = event => {
      const action = isTyping(event) ? null : current.current[event.key];
      if (action) {
        event.preventDefault();
        action(event);
      }
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, []);
}

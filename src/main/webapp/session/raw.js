// The JSON of a session as it was sent: a tree that is opened piece by piece, searched and copied from.
import {html, useEffect, useMemo, useRef, useState} from '../vendor/preact.js';
import {amend, attempt, bytes, count, plural, useLive, useRoute, useStore} from '../lib/core.js';
import {Button, Copy, found, Icon, Loading, LongText, stylesheet, Windowed} from '../lib/ui.js';
import {keepInSight, useOpenTop, useSeen} from './in-sight.js';
import {MOST_HITS, RawModel} from './raw-model.js';
import {jqPath, pathOf} from './raw-tree.js';

export const ready = () => stylesheet('raw.css', import.meta.url);
ready();

const PAUSE_MS = 250;
const LEAST_FIND = 2;

/**
 * @param sessionId the session
 * @param at the id of the selected interaction, which is opened, or null
 */
export function Raw({sessionId, at}) {
  const [, redraw] = useState(0);
  const model = useMemo(() => new RawModel(sessionId, () => redraw(n => n + 1)), [sessionId]);
  useEffect(() => () => model.close(), [model]);
  const tried = useStore(attempt);
  const before = useRef(tried);
  useEffect(() => {
    if (before.current !== tried) model.retry();
    before.current = tried;
  }, [tried]);
  const {rows, wanted} = model.outline();
  useEffect(() => model.want(wanted));
  return html`<section class="raw" aria-label="Raw">
    <${Tree} model=${model} rows=${rows} at=${at} sessionId=${sessionId} />
  </section>`;
}

function Tree({model, rows, at, sessionId}) {
  const {params} = useRoute();
  const path = params.get('path');
  const tree = useRef(null);
  const tools = useRef(null);
  const windowed = useRef(null);
  const openTop = useOpenTop();
  const index = rows.findIndex(row => row.key === model.cursor);
  const selected = index >= 0 ? rows[index] : null;
  const [isSeen, onSee] = useSeen(index);
  const isAsked = useRef({path: null, at: null});

  // the URL leads: a path, or else the selected interaction
  useEffect(() => {
    const last = isAsked.current;
    isAsked.current = {path, at};
    if (path && path !== last.path) {
      if (path !== selected?.path) model.follow(path);
    } else if (at && at !== last.at) {
      model.follow(pathOf(['interactions', at]));
    }
  }, [path, at]);
  useEffect(() => {
    if (selected?.path && selected.path !== path) {
      isAsked.current.path = selected.path;
      amend({path: selected.path}, {replace: true});
    }
  }, [selected?.path]);
  useEffect(() => index < 0 ? undefined : keepInSight(windowed.current, index, {
    row: () => tree.current?.querySelector(`[data-row="${index}"] .raw-line`), above: () => tools.current,
  }), [model.cursor, index >= 0]);

  const move = next => model.select(rows[Math.min(rows.length - 1, Math.max(0, next))].key);
  const onKeyDown = event => {
    if (event.target !== tree.current || event.ctrlKey || event.metaKey || event.altKey) return;
    const keys = {
      ArrowDown: () => move(index + 1),
      ArrowUp: () => move(index < 0 ? 0 : index - 1),
      PageDown: () => move(index + 15),
      PageUp: () => move(index - 15),
      Home: () => move(0),
      End: () => move(rows.length - 1),
      ArrowRight: () => selected?.canOpen && (selected.isOpen ? move(index + 1) : model.toggle(selected.key)),
      ArrowLeft: () => {
        if (selected?.canOpen && selected.isOpen) model.toggle(selected.key);
        else if (selected?.parent) model.select(selected.parent.key);
      },
      Enter: () => selected?.canOpen && model.toggle(selected.key),
      ' ': () => selected?.canOpen && model.toggle(selected.key),
    };
    if (!keys[event.key]) return;
    event.preventDefault();
    event.stopPropagation();
    keys[event.key]();
  };
  return html`<div class="raw-tools" ref=${tools} style=${{'--open-top': `${openTop}px`}}>
      <${Find} model=${model} /><${Stale} model=${model} sessionId=${sessionId} />
      <${Selected} model=${model} row=${selected} />
    </div>
    <div class="raw-tree" role="tree" aria-label="JSON of the session" tabindex="0" ref=${tree} onKeyDown=${onKeyDown}
      aria-activedescendant=${selected && isSeen ? `raw-${selected.key}` : null}>
      <${Windowed} items=${rows} keyOf=${row => row.key} estimate=${26} ceiling=${() => tools.current?.getBoundingClientRect().bottom ?? 0} control=${windowed} onSee=${onSee} role="presentation"
        row=${(row, number) => html`<${Row} row=${row} number=${number} model=${model} selected=${row === selected} find=${model.find.wanted} />`} />
    </div>`;
}

function Find({model}) {
  const {params} = useRoute();
  const [text, setText] = useState(params.get('seek') ?? '');
  const isFirst = useRef(true);
  const {hits, at, wanted} = model.find;
  const loaded = [...model.docs.values()].filter(doc => doc.root).length;
  useEffect(() => {
    const due = setTimeout(async () => {
      const short = text.trim().length < LEAST_FIND;
      if (!isFirst.current) amend({seek: short ? null : text}, {replace: true});
      await model.search(short ? '' : text);
      if (!short && !isFirst.current) model.go(1);
      isFirst.current = false;
    }, isFirst.current ? 0 : PAUSE_MS);
    return () => clearTimeout(due);
  }, [text]);
  return html`<form class="row raw-find" role="search" aria-label="Find in the JSON" onSubmit=${event => {
    event.preventDefault();
    model.go(1);
  }}>
    <input type="search" value=${text} aria-label="Find in names and values of what is loaded" placeholder="Find in what is loaded"
      onInput=${event => setText(event.currentTarget.value)} onKeyDown=${event => {
        if (event.key === 'Enter' && event.shiftKey) {
          event.preventDefault();
          model.go(-1);
        }
      }} />
    <${Button} icon="up" label="Previous place" disabled=${!hits.length} onClick=${() => model.go(-1)} />
    <${Button} icon="down" label="Next place" disabled=${!hits.length} onClick=${() => model.go(1)} />
    <span class="quiet" role="status">${wanted ? hits.length ? `${at >= 0 ? `${count(at + 1)} of ` : ''}${count(hits.length)}${hits.length === MOST_HITS ? '+' : ''} in ${plural(loaded, 'loaded document')}`
      : `Not in ${plural(loaded, 'loaded document')}` : ''}</span>
  </form>`;
}

/** That the session has changed since its JSON was loaded; what one reads does not move by itself. */
function Stale({model, sessionId}) {
  const [isStale, setStale] = useState(false);
  useLive(events => {
    if (events.some(event => event.session_id === sessionId)) setStale(true);
  });
  if (!isStale) return null;
  return html`<${Button} icon="reload" onClick=${async () => {
    setStale(false);
    await model.reload();
  }}>Changed since: load again</${Button}>`;
}

function Selected({model, row}) {
  const isValue = row && row.begin !== undefined;
  return html`<div class="row raw-selected"><code class="clip grow" title=${row?.path ?? ''}>${row ? row.path === null ? row.name : isValue && row.names.length ? jqPath(row.names) : row.label : 'Select a value to copy it or its path.'}</code>
    ${isValue && html`<${Copy} label="Copy the value" text=${() => model.valueOf(row)}>Value</${Copy}>
      ${row.names.length > 0 && html`<${Copy} label="Copy the path" text=${jqPath(row.names)}>Path</${Copy}>`}
      <${Copy} label="Copy the whole JSON" text=${() => model.documentOf(row)}>Whole JSON</${Copy}>`}</div>`;
}

const OPENED = {object: ['{', '}'], array: ['[', ']']};

function Row({row, number, model, selected, find}) {
  const isText = row.kind === 'string' && row.isLong && row.isOpen;
  return html`<div class=${`raw-row ${selected ? 'selected' : ''}`} role="treeitem" id=${`raw-${row.key}`} data-row=${number} aria-level=${row.level}
    aria-expanded=${row.canOpen ? String(row.isOpen) : null} aria-selected=${String(selected)} aria-setsize=${row.size} aria-posinset=${row.position}
    style=${{'--level': Math.min(row.level, 20)}}>
    <div class="raw-line" onClick=${() => {
      if (!getSelection().isCollapsed) return;
      model.select(row.key);
      if (row.canOpen) model.toggle(row.key);
    }}>
      <span class="twist" aria-hidden="true">${row.canOpen && html`<${Icon} name="chevron" />`}</span>
      <${Name} row=${row} find=${find} /><${Value} row=${row} find=${find} isText=${isText} />
    </div>
    ${isText && html`<${Text} key=${row.key} model=${model} row=${row} find=${find} />`}
  </div>`;
}

function Name({row, find}) {
  if (row.kind === 'error' || row.kind === 'waiting' && row.path === null) return null;
  if (row.label) return html`<span class="raw-label">${row.label}</span>${row.name !== row.doc && row.kind !== 'list' && html` <span class="quiet clip">${found(String(row.name), find)}</span>`}`;
  return html`<span class=${typeof row.name === 'number' || row.kind === 'piece' ? 'raw-index' : 'raw-name'}><bdi>${found(String(row.name), find)}</bdi></span><span class="quiet">${row.kind === 'piece' ? '' : ':'}</span>`;
}

function Value({row, find, isText}) {
  if (row.kind === 'error') return html`<span class="bad"><${Icon} name="alert" /> ${row.error.message}</span>`;
  if (row.kind === 'piece') return null;
  if (row.kind === 'waiting') return row.path === null ? html`<${Loading} />` : row.bytes ? html`<span class="quiet number">${bytes(row.bytes)}</span>` : null;
  if (row.kind === 'list') return html`<span class="quiet">${count(row.total)}</span>`;
  if (OPENED[row.kind]) {
    const [open, close] = OPENED[row.kind];
    const size = html`<span class="quiet number">${row.kind === 'array' ? plural(row.total, 'value') : plural(row.total, 'name')}</span>`;
    if (row.isOpen || !row.total) return html`<span class="quiet">${open}${close}</span> ${size}`;
    return html`${size} <code class="clip quiet raw-preview">${row.preview}</code>`;
  }
  if (row.kind === 'string' && row.isLong) return html`<span class="quiet number">${plural(row.end - row.begin - 2, 'character')}</span>
    ${!isText && html`<code class="clip raw-string">${found(row.preview, find)}</code>`}`;
  return html`<code class=${`raw-${row.kind}`}><bdi>${found(row.preview, find)}</bdi></code>`;
}

/** A long string as the text it is. */
function Text({model, row, find}) {
  const [text, setText] = useState(null);
  useEffect(() => {
    let isGone = false;
    model.valueOf(row).then(value => isGone || setText(value));
    return () => {
      isGone = true;
    };
  }, [row.key]);
  if (text === null) return html`<${Loading} />`;
  return html`<${LongText} text=${text} find=${find || null} label=${`Text of ${row.name}`} kept=${model.texts} name=${row.key} />`;
}

// Finding words in all bodies of a session: the server knows where they stand, also in what is not loaded.
import {html, useEffect, useMemo, useRef, useState} from '../vendor/preact.js';
import {amend, api, marked, plural, useLoad} from '../lib/core.js';
import {Button, Failure, Icon, Snippet} from '../lib/ui.js';
import {nameOfStep} from './step.js';

const LEAST = 3;
const MOST = 500;
const PATIENCE_MS = 250;

const wordsOf = find => [...find.matchAll(/(-?)(?:"([^"]+)"?|(\S+))/g)].filter(([, without]) => !without)
  .map(([, , phrase, word]) => phrase ?? word.replace(/\*$/, '')).filter(Boolean);

/**
 * What is looked for and where it is: `hits` in the order of the conversation, their `ids`, `words` to be marked.
 *
 * @param places where an interaction is in the conversation
 */
export function useFind(sessionId, find, places) {
  const wanted = find.trim().length >= LEAST ? find.trim().slice(0, 200) : null;
  const found = useLoad(wanted && `${sessionId} ${wanted}`, signal => api(
    `history/sessions/${encodeURIComponent(sessionId)}/interactions`, {params: {search: wanted, limit: MOST}, signal}));
  const hits = useMemo(() => [...found.data?.interactions ?? []]
    .sort((one, other) => (places.get(one.id) ?? Infinity) - (places.get(other.id) ?? Infinity)), [found.data, places]);
  const words = useMemo(() => {
    if (!wanted) return null;
    const seen = new Set(wordsOf(wanted).map(word => word.toLowerCase()));
    for (const {matches} of hits.slice(0, 100)) {
      for (const match of matches ?? []) {
        for (const piece of marked(match.snippet)) if (piece.hit && seen.size < 30) seen.add(piece.text.toLowerCase());
      }
    }
    return [...seen].sort((one, other) => other.length - one.length);
  }, [wanted, hits]);
  const ids = useMemo(() => new Set(hits.map(hit => hit.id)), [hits]);
  return {...found, wanted, hits, ids, words, hasMore: Boolean(found.data?.pagination.next_after), cut: found.data?.interactions_with_cut_bodies ?? 0};
}

const FIELDS = {conversation: 'conversation', thinking_content: 'thinking', tool_arguments: 'arguments', tool_result: 'result',
  error_message: 'error', tool_name: 'tool', server_name: 'server', model_name: 'model'};

function Hits({finding, at, numbers, onGo}) {
  const {hits} = finding;
  const [shown, setShown] = useState(100);
  return html`<ol class="hits-list">${hits.slice(0, shown).map(hit => html`<li key=${hit.id}><button type="button" class="hit" aria-current=${hit.id === at ? 'true' : null} onClick=${() => onGo(hit.id)}>
    <span class="hit-name"><${Icon} name=${hit.type === 'llm' ? 'model' : 'tool'} /> <span class="number">#${numbers.get(hit.id) ?? '?'}</span> <bdi>${nameOfStep(hit)}</bdi></span>
    ${(hit.matches ?? []).slice(0, 2).map((match, place) => html`<span class="hit-text" key=${place}><span class="quiet small">${FIELDS[match.field] ?? match.field}:</span> <${Snippet} text=${match.snippet} /></span>`)}</button></li>`)}</ol>
    ${hits.length > shown && html`<${Button} kind="quiet" icon="down" onClick=${() => setShown(shown + 100)}>Show more</${Button}>`}`;
}

/** The field, how many steps were found, the way from one to the next, and a list of them. */
export function FindBox({find, finding, at, numbers, onGo, onNext, field}) {
  const [text, setText] = useState(find);
  const [isOpen, setOpen] = useState(false);
  const timer = useRef(0);
  const here = useRef(null);
  useEffect(() => setText(find), [find]);
  useEffect(() => {
    if (!isOpen) return undefined;
    const outside = event => !here.current?.contains(event.target) && setOpen(false);
    document.addEventListener('pointerdown', outside);
    return () => document.removeEventListener('pointerdown', outside);
  }, [isOpen]);
  const place = finding.hits.findIndex(hit => hit.id === at);
  const isShort = text.trim().length > 0 && text.trim().length < LEAST;
  const close = event => {
    if (event.key !== 'Escape') return;
    event.preventDefault(); // a browser would empty the field
    event.stopPropagation();
    if (isOpen) setOpen(false);
    else field.current?.blur();
  };
  return html`<div class=${`find ${text ? 'active' : ''}`} ref=${here} onKeyDown=${close}>
    <form role="search" onSubmit=${event => {
      event.preventDefault();
      clearTimeout(timer.current);
      amend({find: text}, {replace: true});
      setOpen(false);
      field.current?.blur(); // so that n and N lead on
      onNext(1);
    }}><${Icon} name="search" /><input type="search" ref=${field} value=${text} maxlength="200" placeholder="Find in this session" aria-label="Find in this session" autocomplete="off" spellcheck="false"
      onFocus=${() => setOpen(true)} onInput=${event => {
        setText(event.target.value);
        setOpen(true);
        clearTimeout(timer.current);
        const value = event.target.value;
        timer.current = setTimeout(() => amend({find: value}, {replace: true}), PATIENCE_MS);
      }} /></form>
    ${finding.wanted && finding.data && html`<span class="find-count number quiet">${place >= 0 ? `${place + 1} of ` : ''}${finding.hits.length || 'none'}${finding.hasMore ? '+' : ''}</span>
      <${Button} icon="up" kind="quiet" label="Previous hit (N)" disabled=${!finding.hits.length} onClick=${() => onNext(-1)} />
      <${Button} icon="down" kind="quiet" label="Next hit (n)" disabled=${!finding.hits.length} onClick=${() => onNext(1)} />`}
    <span class="visually-hidden" role="status">${finding.wanted && finding.data ? `${plural(finding.hits.length, 'step')} found` : ''}</span>
    ${isOpen && text.trim() && html`<div class="hits" role="group" aria-label="Steps found">
      ${isShort ? html`<p class="quiet">At least ${LEAST} characters.</p>`
        : finding.error ? html`<${Failure} error=${finding.error} retry=${finding.reload} />`
          : !finding.data ? html`<p class="quiet">Looking…</p>`
            : !finding.hits.length ? html`<p class="quiet">These words stand together in no step. Whole words are found, and beginnings with a star: <code>cart*</code>.</p>`
              : html`<${Hits} finding=${finding} at=${at} numbers=${numbers} onGo=${onGo} />`}
      ${finding.cut > 0 && html`<p class="quiet">Of ${plural(finding.cut, 'step')} only the beginning is searched.</p>`}</div>`}
  </div>`;
}

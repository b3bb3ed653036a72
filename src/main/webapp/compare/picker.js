// Choosing the session of a side: by id, by words, or from those like the other side.
import {html, useEffect, useId, useRef, useState} from '../vendor/preact.js';
import {api, href, useLoad} from '../lib/core.js';
import {Age, Button, Failure, Icon, Loading, Status} from '../lib/ui.js';
import {nameOf} from '../session/header.js';

const PATIENCE_MS = 250;
const LEAST = 3;
const MOST = 8;
const ID = /^[A-Za-z0-9._:-]{1,64}$/;

export function Picker({id, head, other, side, onChoose}) {
  const [isOpen, setOpen] = useState(false);
  const button = useRef(null);
  useEffect(() => setOpen(false), [id]);
  if (!id) return html`<${Choosing} other=${other} side=${side} onChoose=${onChoose} />`;
  return html`<div class="spread">
      ${head ? html`<p class="side-title"><a href=${href(['sessions', id])}><bdi>${nameOf(head)}</bdi></a></p>` : html`<code>${id}</code>`}
      <span ref=${button}><${Button} kind="quiet" icon=${isOpen ? 'close' : 'search'} aria-expanded=${String(isOpen)} label=${`Change the ${side.toLowerCase()} session`} onClick=${() => setOpen(!isOpen)}>Change</${Button}></span>
    </div>
    ${head && html`<p class="row side-facts"><${Status} value=${head.status} /><code class="quiet">${id}</code></p>`}
    ${isOpen && html`<div onKeyDown=${event => {
      if (event.key !== 'Escape') return;
      setOpen(false);
      button.current.querySelector('button').focus();
    }}><${Choosing} other=${other} current=${id} side=${side} onChoose=${onChoose} isChange /></div>`}`;
}

function Choosing({other, current, side, onChoose, isChange}) {
  const [text, setText] = useState('');
  const [words, setWords] = useState('');
  const field = useRef(null);
  const name = useId();
  useEffect(() => {
    const due = setTimeout(() => setWords(text.trim()), PATIENCE_MS);
    return () => clearTimeout(due);
  }, [text]);
  useEffect(() => {
    if (isChange) field.current.focus();
  }, []);
  const isSearch = words.length >= LEAST;
  const found = useLoad(`${isSearch ? words : ''} ${other ?? ''}`, signal => candidates(isSearch ? words.slice(0, 200) : null, other, signal));
  const typed = text.trim();
  return html`<form class="choosing" role="search" aria-label=${`Choose the ${side.toLowerCase()} session`} onSubmit=${event => {
    event.preventDefault();
    const [first] = (found.data ?? []).flatMap(group => group.sessions);
    if (ID.test(typed) && !(found.data ?? []).some(group => group.sessions.some(one => one.session_id === typed)) && /[0-9]/.test(typed)) onChoose(typed);
    else if (first && isSearch) onChoose(first.session_id);
    else if (ID.test(typed)) onChoose(typed);
  }}>
    <label for=${name}>Session id, or words in the session</label>
    <div class="row"><input id=${name} ref=${field} type="search" class="grow" value=${text} autocomplete="off" onInput=${event => setText(event.currentTarget.value)} />
      <${Button} disabled=${!ID.test(typed)} onClick=${() => onChoose(typed)}>Take this id</${Button}></div>
    ${found.error ? html`<${Failure} error=${found.error} retry=${found.reload} />` : !found.data ? html`<${Loading} />`
      : found.data.map(({title, sessions}) => html`<${Group} key=${title} title=${title} sessions=${sessions.filter(one => one.session_id !== current && one.session_id !== other)} onChoose=${onChoose} />`)}
  </form>`;
}

/** The likest first, then the latest; or what words find. */
async function candidates(words, other, signal) {
  const list = params => api('history/sessions', {params: {page_size: MOST + 2, ...params}, signal}).then(page => page.sessions);
  if (words) return [{title: 'Found', sessions: (await list({search: words})).slice(0, MOST)}];
  const groups = [];
  if (other) {
    const like = await api(`history/sessions/${encodeURIComponent(other)}/similar`, {signal}).then(({similar}) => similar, error => {
      if (error.name === 'AbortError') throw error;
      return [];
    });
    if (like.length) groups.push({title: 'Similar to the other side', sessions: like.slice(0, MOST)});
  }
  const seen = new Set(groups.flatMap(group => group.sessions.map(one => one.session_id)));
  groups.push({title: 'Latest', sessions: (await list({})).filter(one => !seen.has(one.session_id)).slice(0, MOST)});
  return groups;
}

const Group = ({title, sessions, onChoose}) => html`<h3>${title}</h3>
  ${sessions.length ? html`<ul class="candidates">${sessions.map(one => html`<li key=${one.session_id}>
    <button type="button" class="candidate" onClick=${() => onChoose(one.session_id)}><bdi class="clip grow">${nameOf(one)}</bdi>
      <${Status} value=${one.status} /><span class="quiet number"><${Age} us=${one.started_at_us} /></span><code class="quiet clip">${one.session_id}</code></button></li>`)}</ul>`
    : html`<p class="quiet"><${Icon} name="search" /> No session.</p>`}`;

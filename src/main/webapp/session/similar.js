// Earlier alerts like this one, how they ended and what they came to.
import {html, useState} from '../vendor/preact.js';
import {api, href, plain, useLoad} from '../lib/core.js';
import {Age, Button, Failure, Icon, Loading, Status} from '../lib/ui.js';

const FIRST = 3;

/** The beginning of a Markdown text without its signs. */
const words = text => plain(text).replace(/^#+\s*/gm, '').replace(/\*\*|`/g, '').trim();

function Reason({one}) {
  const shared = one.shared_words.slice(0, 6);
  return html`<p class="quiet small">${one.same_alert_type && 'Same type'}${one.same_alert_type && shared.length > 0 && ', '}${shared.length > 0 && html`${one.same_alert_type ? 'shares' : 'Shares'} ${shared.map((word, at) => html`${at > 0 && ' '}<bdi class="word">${word}</bdi>`)}`}</p>`;
}

function One({one, sessionId}) {
  return html`<li class="similar-one">
    <a class="similar-title" href=${href(['sessions', one.session_id])}><bdi>${one.alert_headline ?? one.alert_type ?? one.session_id}</bdi></a>
    <p class="similar-facts"><${Status} value=${one.status} /><span class="quiet"><${Age} us=${one.started_at_us} /></span>
      <span class="score quiet" title="How alike, of 100"><span class="visually-hidden">Alike </span>${Math.round(one.score * 100)} %</span></p>
    <${Reason} one=${one} />
    ${one.final_analysis_beginning && html`<p class="similar-text">${words(one.final_analysis_beginning)}</p>`}
    ${!one.final_analysis_beginning && one.error_message && html`<p class="similar-text">${plain(one.error_message)}</p>`}
    <p><a class="small similar-compare" href=${href(['compare'], {a: sessionId, b: one.session_id})}><${Icon} name="columns" /> Compare</a></p></li>`;
}

const isWide = () => matchMedia('(min-width: 60rem)').matches;

export function Similar({sessionId}) {
  const [isOpen, setOpen] = useState(false);
  const [startsOpen] = useState(isWide);
  const found = useLoad(sessionId, signal => api(`history/sessions/${encodeURIComponent(sessionId)}/similar`, {signal}));
  const all = found.data?.similar;
  const shown = isOpen ? all : all?.slice(0, FIRST);
  return html`<aside class="similar" aria-labelledby="similar-title"><details open=${startsOpen}><summary><h2 id="similar-title">Similar alerts</h2>${all && html` <span class="pill">${all.length}</span>`}</summary>
    ${!all && (found.error ? html`<${Failure} error=${found.error} title="Similar alerts could not be loaded" retry=${found.reload} />` : html`<${Loading} />`)}
    ${all?.length === 0 && html`<p class="quiet">Nothing like this was seen before.</p>`}
    ${shown?.length > 0 && html`<ul>${shown.map(one => html`<${One} key=${one.session_id} one=${one} sessionId=${sessionId} />`)}</ul>`}
    ${all?.length > FIRST && html`<${Button} kind="quiet" icon=${isOpen ? 'up' : 'down'} onClick=${() => setOpen(!isOpen)}>${isOpen ? 'Fewer' : `${all.length - FIRST} more`}</${Button}>`}
  </details></aside>`;
}

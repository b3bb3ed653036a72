// What can be done to many sessions at once.
import {html, useState} from '../vendor/preact.js';
import {api, apiUrl, call, href, plural} from '../lib/core.js';
import {Button, Copy, Dialog, Failure, Icon, save, say} from '../lib/ui.js';
import {nameOf} from './sessions.js';

const ADDRESS_LENGTH = 4_000;
const HOLDS_AT_ONCE = 500;
const NAMES_SHOWN = 5;

/** Ids in parts of which each fits into the address of a request. */
function parts(ids) {
  const made = [];
  let length = 0;
  for (const id of ids) {
    length += id.length + '&session_id='.length;
    if (!made.length || length > ADDRESS_LENGTH) {
      made.push([]);
      length = id.length;
    }
    made.at(-1).push(id);
  }
  return made;
}

/** Saves sessions as NDJSON: one part comes straight from the server, more are put together here. */
async function download(ids) {
  const some = parts(ids);
  if (some.length === 1) {
    const link = document.createElement('a');
    link.href = apiUrl('history/export', {session_id: some[0]});
    link.download = '';
    link.click();
    return;
  }
  const texts = [];
  for (const [at, part] of some.entries()) {
    say(`Exporting, part ${at + 1} of ${some.length}…`);
    texts.push(await (await call('history/export', {params: {session_id: part}})).text());
  }
  save(texts.join(''), 'sessions.ndjson', 'application/x-ndjson');
  say(`Exported ${plural(ids.length, 'session')}.`);
}

async function hold(ids, isHeld) {
  const sum = {changed: 0, unchanged: 0, unknown: []};
  for (let from = 0; from < ids.length; from += HOLDS_AT_ONCE) {
    const answer = await api('history/holds', {method: 'POST', body: {session_ids: ids.slice(from, from + HOLDS_AT_ONCE), retention_hold: isHeld}});
    sum.changed += answer.changed;
    sum.unchanged += answer.unchanged;
    sum.unknown.push(...(answer.unknown ?? []));
  }
  return sum;
}

const lengthOf = value => Array.isArray(value) ? value.length : value ?? 0;

/** Asks before a hold is set or released, and says what came of it. */
function HoldDialog({list, ids, isHeld, onClose}) {
  const [state, setState] = useState({busy: false, error: null});
  const names = ids.slice(0, NAMES_SHOWN).map(id => list.rows[list.find(id)]);
  const what = plural(ids.length, 'session');
  const act = async () => {
    setState({busy: true, error: null});
    try {
      const {changed, unchanged, unknown} = await hold(ids, isHeld);
      const gone = new Set(unknown);
      const chosen = new Set(ids);
      list.rows.forEach((row, at) => {
        const change = gone.has(row.session_id) ? {deleted: true} : {retention_hold: isHeld};
        if (chosen.has(row.session_id)) list.rows[at] = {...row, ...change};
      });
      list.tell();
      say([isHeld ? `Put ${plural(lengthOf(changed), 'session')} on hold.` : `Released ${plural(lengthOf(changed), 'session')}.`,
        lengthOf(unchanged) > 0 && `${lengthOf(unchanged)} ${isHeld ? 'already on hold' : 'not on hold before'}.`,
        unknown.length > 0 && `${unknown.length} no longer there.`].filter(Boolean).join(' '));
      onClose();
    } catch (error) {
      setState({busy: false, error});
    }
  };
  return html`<${Dialog} title=${isHeld ? `Hold ${what}?` : `Release ${what}?`} onClose=${onClose}>
    <p>${isHeld ? 'Retention never deletes a session on hold, however old it is, until it is released.'
      : 'Retention may delete these sessions again once they are old enough.'}</p>
    <ul>${names.map(row => html`<li dir="auto">${nameOf(row)}</li>`)}${ids.length > names.length && html`<li class="quiet">and ${plural(ids.length - names.length, 'other')}</li>`}</ul>
    ${state.error && html`<${Failure} error=${state.error} />`}
    <div class="row"><${Button} kind="primary" icon="lock" disabled=${state.busy} onClick=${act}>${isHeld ? 'Hold' : 'Release'} ${what}</${Button}><${Button} kind="quiet" onClick=${onClose}>Cancel</${Button}></div>
  </${Dialog}>`;
}

/** What is selected, and what can be done with it. */
export function Bulk({list}) {
  const [asked, setAsked] = useState(null);
  const [error, setError] = useState(null);
  const ids = list.rows.filter(row => list.picked.has(row.session_id) && !row.deleted).map(row => row.session_id);
  const links = () => ids.map(id => new URL(href(['sessions', id]), location.href).href).join('\n');
  return html`<div class="bulk" role="region" aria-label="Selected sessions"><strong role="status">${plural(ids.length, 'session')} selected</strong>
    <${Button} icon="download" onClick=${() => {
      setError(null);
      download(ids).catch(setError);
    }}>Export</${Button}>
    <${Button} icon="lock" onClick=${() => setAsked({ids, isHeld: true})}>Hold</${Button}>
    <${Button} onClick=${() => setAsked({ids, isHeld: false})}>Release</${Button}>
    ${ids.length === 2 ? html`<a class="button" href=${href(['compare'], {a: ids[0], b: ids[1]})}><${Icon} name="columns" />Compare</a>`
      : html`<${Button} icon="columns" disabled title="Select exactly two to compare">Compare</${Button}>`}
    <${Copy} text=${links}>Copy links</${Copy}>
    <${Button} kind="quiet" icon="close" onClick=${() => {
      list.picked = new Set();
      list.tell();
    }}>Clear selection</${Button}>
    ${error && html`<${Failure} error=${error} title="The export failed" />`}
    ${asked && html`<${HoldDialog} list=${list} ...${asked} onClose=${() => setAsked(null)} />`}</div>`;
}

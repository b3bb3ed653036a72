// Queries that are kept under a name, in this browser.
import {html, useState} from '../vendor/preact.js';
import {prefer, preferences, useStore} from '../lib/core.js';
import {Button, Dialog, say} from '../lib/ui.js';

const MOST = 50;

/** Saves what is shown under a name, and renames and deletes what was saved. */
export function Views({query, onClose}) {
  const views = useStore(preferences, value => value.views);
  const [name, setName] = useState('');
  const chosen = name.trim();
  const isKnown = views.some(view => view.name === chosen);
  const keep = next => prefer({views: next});
  return html`<${Dialog} title="Saved views" onClose=${onClose}>
    <form class="row" onSubmit=${event => {
      event.preventDefault();
      if (!chosen) return;
      keep(isKnown ? views.map(view => view.name === chosen ? {name: chosen, query} : view) : [...views, {name: chosen, query}].slice(-MOST));
      say(`Saved “${chosen}”.`);
      onClose();
    }}>
      <label class="grow">Name <input class="grow" type="text" maxlength="80" value=${name} onInput=${event => setName(event.target.value)} /></label>
      <button class="button primary" disabled=${!chosen}>${isKnown ? 'Replace' : 'Save what is shown'}</button>
    </form>
    <p class="quiet">${query ? 'Filters, search and order of the list are saved' : 'Nothing narrows the list now; all sessions are saved'}, in this browser only. To share a view, share its address.</p>
    ${views.length > 0 && html`<h3>Saved</h3><ul class="views">${views.map((view, at) => html`<${Saved} key=${view.name} view=${view} taken=${views.map(one => one.name)}
      onRename=${next => keep(views.map((one, index) => index === at ? {...one, name: next} : one))}
      onDelete=${() => keep(views.filter((one, index) => index !== at))} />`)}</ul>`}
  </${Dialog}>`;
}

function Saved({view, taken, onRename, onDelete}) {
  const [name, setName] = useState(null);
  const next = name?.trim();
  if (name === null) {
    return html`<li class="row"><a class="grow" href=${`#/sessions${view.query && `?${view.query}`}`}>${view.name}</a>
      <${Button} kind="quiet" onClick=${() => setName(view.name)} aria-label=${`Rename ${view.name}`}>Rename</${Button}>
      <${Button} kind="quiet" onClick=${onDelete} aria-label=${`Delete ${view.name}`}>Delete</${Button}></li>`;
  }
  const isTaken = next !== view.name && taken.includes(next);
  return html`<li><form class="row" onSubmit=${event => {
    event.preventDefault();
    if (!next || isTaken) return;
    onRename(next);
    setName(null);
  }}><input class="grow" type="text" maxlength="80" value=${name} aria-label=${`New name of ${view.name}`} ref=${field => field?.focus()} onInput=${event => setName(event.target.value)} />
    <button class="button" disabled=${!next || isTaken}>Rename</button><${Button} kind="quiet" onClick=${() => setName(null)}>Cancel</${Button}>
    ${isTaken && html`<span class="bad" role="status">There is a view of this name.</span>`}</form></li>`;
}

// A range of dates of one's own, in the zone that times are shown in.
import {html, useState} from '../vendor/preact.js';
import {amend, preferences, useStore} from '../lib/core.js';
import {Button, Dialog} from '../lib/ui.js';

/** Microseconds as a field of date and time takes them. */
function fieldOf(us, zone) {
  if (us === null) return '';
  const date = new Date(us / 1000);
  const shifted = zone === 'utc' ? date : new Date(date.getTime() - date.getTimezoneOffset() * 60_000);
  return shifted.toISOString().slice(0, 19);
}

/** What stands in a field of date and time, in microseconds; null if nothing does. */
function pointOf(text, zone) {
  const ms = text ? Date.parse(zone === 'utc' ? `${text}Z` : text) : NaN;
  return Number.isNaN(ms) ? null : Math.max(0, ms * 1000);
}

export function Dates({from, to, onClose}) {
  const zone = useStore(preferences, value => value.zone);
  const [begin, setBegin] = useState(fieldOf(from, zone));
  const [end, setEnd] = useState(fieldOf(to, zone));
  const [first, last] = [pointOf(begin, zone), pointOf(end, zone)];
  const problem = first !== null && last !== null && first >= last ? 'The range is empty: from must be before to.' : null;
  return html`<${Dialog} title="Sessions that started" onClose=${onClose}><form class="dates" onSubmit=${event => {
    event.preventDefault();
    if (problem) return;
    amend({from: first, to: last, range: null});
    onClose();
  }}>
    <label>From <input type="datetime-local" step="1" value=${begin} onInput=${event => setBegin(event.target.value)} /></label>
    <label>To <input type="datetime-local" step="1" value=${end} onInput=${event => setEnd(event.target.value)} aria-invalid=${problem ? 'true' : null} aria-describedby="dates-note" /></label>
    <p class=${problem ? 'bad' : 'quiet'} id="dates-note" role="status">${problem ?? `In ${zone === 'utc' ? 'UTC' : 'local time'}. Left empty, that side is open.`}</p>
    <div class="row"><button class="button primary" disabled=${problem !== null}>Show</button><${Button} kind="quiet" onClick=${onClose}>Cancel</${Button}></div>
  </form></${Dialog}>`;
}

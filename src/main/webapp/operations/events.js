// What agents do, as it is heard: a log of the newest events.
import {html, useState} from '../vendor/preact.js';
import {amend, api, clock, count, exactTime, href, liveState, preferences, useStore} from '../lib/core.js';
import {Button, Empty, Menu} from '../lib/ui.js';
import {usePolled} from './parts.js';
import {Servers} from './servers.js';
import {EVENT_TYPES, eventWords} from './words.js';

const SERVERS_MS = 15_000;

export function Events({params, heard}) {
  const all = useStore(heard);
  const live = useStore(liveState);
  const zone = useStore(preferences, value => value.zone);
  const [held, hold] = useState(null);
  const wanted = params.getAll('type').filter(type => Object.hasOwn(EVENT_TYPES, type));
  const shown = (held ?? all).filter(({event}) => wanted.length === 0 || wanted.includes(event.type));
  const newer = held === null ? 0 : all.filter(one => one.number > (held[0]?.number ?? -1)).length;
  const database = usePolled('servers', signal => api('system/database', {signal}), SERVERS_MS);
  const without = type => wanted.filter(one => one !== type);
  const toggle = type => amend({type: wanted.includes(type) ? without(type) : [...wanted, type]}, {replace: true});
  return html`<div class="stack"><section aria-labelledby="log"><div class="spread">
    <h2 id="log">Events <span class="pill">${count(shown.length)}</span></h2>
      <div class="row">${held !== null && html`<span class="quiet" role="status">Paused; ${count(newer)} newer</span>`}
        <${Button} icon=${held === null ? 'pause' : 'pulse'} pressed=${held !== null}
          onClick=${() => hold(held === null ? all : null)}>${held === null ? 'Pause' : 'Go on'}</${Button}>
        <${Menu} icon="filter" label=${wanted.length ? `Kinds: ${wanted.length}` : 'All kinds'} align="end">
          <fieldset class="kinds"><legend>Kinds of events</legend>
          ${Object.entries(EVENT_TYPES).map(([type, name]) => html`
          <label key=${type}><input type="checkbox" checked=${wanted.includes(type)}
            onChange=${() => toggle(type)} /> ${name}</label>`)}</fieldset></${Menu}></div></div>
    <p class="quiet">${live === 'live' ? 'What is done since this view was opened, newest first; the last 200 are kept.'
      : 'Live updates do not come just now; nothing is heard until they do.'}</p>
    ${shown.length === 0 && html`<${Empty} title=${all.length && wanted.length ? 'None of these kinds yet' : 'Nothing was heard yet'}>
      <p>As soon as an agent writes, it stands here.</p></${Empty}>`}
    ${shown.length > 0 && html`<div class="scroll-x card events" role="region" tabindex="0" aria-label="Events, newest first"><table>
      <thead><tr><th scope="col">${zone === 'utc' ? 'Heard (UTC)' : 'Heard'}</th><th scope="col">Kind</th>
        <th scope="col">Session</th><th scope="col">What</th></tr></thead>
      <tbody>${shown.map(one => html`<${Row} key=${one.number} ...${one} zone=${zone} />`)}</tbody></table></div>`}</section>
    ${database.data?.servers && html`<${Servers} servers=${database.data.servers} />`}</div>`;
}

const Row = ({event, at, zone}) => html`<tr><td title=${exactTime(at, zone)}>${clock(at, zone)}</td>
  <td>${EVENT_TYPES[event.type] ?? event.type}</td><td><${Session} id=${event.session_id} gone=${event.type === 'session_deleted'} /></td>
  <td class="wide">${eventWords(event)}</td></tr>`;

const Session = ({id, gone}) => id && (gone ? html`<code>${id}</code>` : html`<a href=${href(['sessions', id])}>${id}</a>`);

// The servers that use the database.
import {html} from '../vendor/preact.js';
import {duration} from '../lib/core.js';
import {Age, Time} from '../lib/ui.js';
import {State} from './parts.js';

const ahead = us => Math.abs(us) < 1_000 ? 'none' : `${duration(Math.abs(us) / 1_000)} ${us > 0 ? 'ahead' : 'behind'}`;

export const Servers = ({servers}) => html`<section class="card" aria-labelledby="servers">
  <h2 id="servers">Servers seen in the last day</h2>
  <div class="scroll-x" role="region" tabindex="0" aria-label="Servers and when they were seen"><table>
    <thead><tr><th scope="col">Server</th><th scope="col">Presence</th><th scope="col">Version</th>
      <th scope="col">Runs on</th><th scope="col">Started</th><th scope="col">Last seen</th>
      <th scope="col" class="number">Connections, at most</th><th scope="col">Clock</th></tr></thead>
    <tbody>${servers.map(server => html`<tr key=${server.server_id}><th scope="row">
      ${server.name}${server.this && html` <span class="pill">this one</span>`}</th>
      <td>${server.present ? html`<${State} icon="check" kind="completed">Present</${State}>` : html`<${State}
        icon="minus" kind="pending">Gone</${State}>`}</td>
      <td>${server.version}</td><td>${server.product}</td><td><${Time} us=${server.started_at_us} /></td><td>
        <${Age} us=${server.seen_at_us} /></td>
      <td class="number">${server.pool_limit}</td><td title="against the clock of the database">
        ${ahead(server.clock_ahead_us)}</td></tr>`)}</tbody></table></div>
  ${servers.length === 0 && html`<p class="quiet">None has written its name yet.</p>`}</section>`;

// What to do when nothing was recorded yet.
import {html} from '../vendor/preact.js';
import {apiUrl} from '../lib/core.js';
import {Copy} from '../lib/ui.js';

/** The call that writes a first session to this installation; its session comes up in the list by itself. */
const firstSession = () => `curl -sS ${apiUrl('history/sessions')} -H 'Content-Type: application/json' -d '{
  "alert_type": "PodCrashLooping", "agent_type": "kubernetes", "chain_id": "kubernetes-chain", "status": "in_progress",
  "alert_data": {"summary": "cart-7f9c restarts again and again", "namespace": "shop", "pod": "cart-7f9c"}}'`;

const loadSample = () => `make import URL=${apiUrl('').replace(/\/api\/v1\/$/, '')}`;

/** That nothing is there yet, and the shortest ways to change it. */
export function Start() {
  return html`<div class="empty start"><h2>No sessions yet</h2>
    <p>Agents write their work here as they do it. Write a first session yourself:</p>
    <${Command} text=${firstSession()} label="Copy the command for a first session" />
    <p>Or load the sample, from a checkout of this project:</p>
    <${Command} text=${loadSample()} label="Copy the command for the sample" />
    <p>How an agent writes its stages, conversations and tool calls: <a href="docs/api.md">the API</a>.</p></div>`;
}

const Command = ({text, label}) => html`<div class="command"><pre class="code" tabindex="0" aria-label="Command">${text}</pre><${Copy} text=${text} label=${label} /></div>`;

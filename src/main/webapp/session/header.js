// What a session is, at a glance, and what can be done with it as a whole.
import {html, useState} from '../vendor/preact.js';
import {api, apiUrl, call, count, exactTime, href, plain, plural, preferences, useStore} from '../lib/core.js';
import {Button, Copy, Duration, Icon, LongText, Menu, Status, Time, Title, Tokens, copied, isRunning, say} from '../lib/ui.js';

const FORMATS = [['ndjson', 'NDJSON', 'as a batch takes it'], ['json', 'JSON', 'one document'], ['markdown', 'Markdown', 'a report to read']];

/** What a session is called. */
export const nameOf = head => plain(head.alert_headline || head.alert_type || head.session_id).slice(0, 300);

const isWeb = address => /^https?:\/\//i.test(address ?? '');

const exportOf = head => `history/sessions/${encodeURIComponent(head.session_id)}/export`;

function Hold({head, reload}) {
  const [busy, setBusy] = useState(false);
  const isHeld = head.retention_hold;
  const change = async () => {
    setBusy(true);
    try {
      await api(`history/sessions/${encodeURIComponent(head.session_id)}`, {method: 'PATCH', body: {retention_hold: !isHeld}});
      say(isHeld ? 'Released: retention may delete this session when it is old enough.' : 'Held: retention will not delete this session.');
      reload();
    } catch (error) {
      say(`Not changed. ${error.message}`);
    }
    setBusy(false);
  };
  return html`<span class="hold"><${Button} icon="lock" pressed=${isHeld} disabled=${busy} onClick=${change}
    aria-describedby="hold-means">Hold</${Button}>
    <span id="hold-means" class="visually-hidden">${isHeld ? 'Retention does not delete this session. Press to release it.' : 'Press so that retention never deletes this session.'}</span></span>`;
}

function Export({head}) {
  const copy = async close => {
    try {
      const text = await (await call(exportOf(head), {params: {format: 'markdown'}})).text();
      say(await copied(text) ? 'Copied as Markdown.' : 'This browser does not let pages copy.');
    } catch (error) {
      say(`Not copied. ${error.message}`);
    }
    close();
  };
  return html`<${Menu} icon="download" label="Export" align="end">${close => html`
    ${FORMATS.map(([format, title, words]) => html`<a key=${format} class="button quiet" download href=${apiUrl(exportOf(head), {format})} onClick=${close}>
      <${Icon} name="download" />${title} <span class="quiet small">${words}</span></a>`)}
    <hr /><${Button} kind="quiet" icon="copy" onClick=${() => copy(close)}>Copy as Markdown</${Button}>`}
  </${Menu}>`;
}

const Fact = ({name, children}) => html`<div><dt>${name}</dt><dd>${children}</dd></div>`;
const Name = ({text}) => text === null || text === undefined ? '–' : html`<bdi>${plain(text).slice(0, 400)}</bdi>`;

function Began({head}) {
  const zone = useStore(preferences, value => value.zone);
  return html`<span title=${exactTime(head.started_at_us, zone)}><${Time} us=${head.started_at_us} /></span>`;
}

function Runbook({address}) {
  if (!isWeb(address)) return html`<${Name} text=${address} />`;
  return html`<a href=${address} target="_blank" rel="noopener noreferrer">${address.replace(/^https?:\/\//i, '').slice(0, 120)}</a>`;
}

/** The header of a session. */
export function Header({head, deleted, reload}) {
  const name = nameOf(head);
  return html`<header class="session-head">
    <p class="crumbs"><a href=${href(['sessions'])}>Sessions</a> <span class="quiet" aria-hidden="true">/</span></p>
    <div class="session-title"><${Title} text=${name}><bdi>${name}</bdi></${Title}>
      <div class="session-actions">
        ${isWeb(head.runbook_url) && html`<a class="button" href=${head.runbook_url} target="_blank" rel="noopener noreferrer"><${Icon} name="link" />Runbook</a>`}
        ${!deleted && html`<${Hold} head=${head} reload=${reload} />
        <a class="button" href=${href(['compare'], {a: head.session_id})}><${Icon} name="columns" />Compare with…</a>
        <${Export} head=${head} />`}
        <${Copy} text=${() => location.href} label="Copy the link to this page" icon="link" />
      </div></div>
    <p class="session-line"><${Status} value=${head.status} />
      ${head.alert_headline && head.alert_type && html`<span><${Name} text=${head.alert_type} /></span>`}
      <span>started <${Began} head=${head} /></span>
      <span>${isRunning(head.status) ? 'running for' : 'took'} <${Duration} ms=${head.duration_ms} since=${isRunning(head.status) ? head.started_at_us : null} /></span>
      <span>${count(head.completed_stages)} of ${plural(head.total_stages, 'stage')}</span>
      <span title=${`${count(head.session_input_tokens)} tokens in, ${count(head.session_output_tokens)} out`}><${Tokens} value=${head.session_input_tokens} /> in + <${Tokens} value=${head.session_output_tokens} /> out = <${Tokens} value=${head.session_total_tokens} /> tokens</span>
      <span>${plural(head.total_interactions, 'interaction')}</span>
      <span class=${head.errors_count ? 'bad' : ''}>${head.errors_count > 0 && html`<${Icon} name="alert" /> `}${plural(head.errors_count ?? 0, 'error')}</span>
      ${head.retention_hold && html`<span class="held"><${Icon} name="lock" /> held: retention does not delete it</span>`}</p>
    ${head.error_message && html`<div class="session-error" role="group" aria-label="Error of the session"><${Icon} name="alert" /><${LongText} text=${plain(head.error_message)} folded=${600} /></div>`}
    <details class="session-facts"><summary>Agent type <${Name} text=${head.agent_type} />, chain <${Name} text=${head.chain_id} />, ids</summary>
      <dl class="facts">
        <${Fact} name="Agent type"><${Name} text=${head.agent_type} /></${Fact}>
        <${Fact} name="Chain"><${Name} text=${head.chain_id} /></${Fact}>
        <${Fact} name="Author"><${Name} text=${head.author} /></${Fact}>
        <${Fact} name="Runbook"><${Runbook} address=${head.runbook_url} /></${Fact}>
        <${Fact} name="Started"><${Time} us=${head.started_at_us} /></${Fact}>
        <${Fact} name="Ended"><${Time} us=${head.completed_at_us} /></${Fact}>
        <${Fact} name="LLM interactions">${count(head.llm_interaction_count)}</${Fact}>
        <${Fact} name="MCP communications">${count(head.mcp_communication_count)}</${Fact}>
        <${Fact} name="Failed stages">${count(head.failed_stages)}</${Fact}>
        <${Fact} name="Alert id"><span class="mono"><${Name} text=${head.alert_id} /></span>${head.alert_id && html` <${Copy} text=${head.alert_id} label="Copy the alert id" />`}</${Fact}>
        <${Fact} name="Session id"><span class="mono">${head.session_id}</span> <${Copy} text=${head.session_id} label="Copy the session id" /></${Fact}>
      </dl></details>
  </header>`;
}

// The doctor: what is wrong first, with what was found, what it means and what to do.
import {html} from '../vendor/preact.js';
import {amend, api, duration, exactTime, plural, preferences, useLoad, useStore} from '../lib/core.js';
import {Button, Copy, Icon, Loaded, Time, found} from '../lib/ui.js';
import {SEVERITY_NAMES, checksText, groupedChecks} from './words.js';

const LOOK = {
  fail: ['cross', 'failed'], warn: ['alert', 'paused'], skipped: ['minus', 'pending'], ok: ['check', 'completed'],
};
const OVERALL = {
  ok: 'Everything is in order', warn: 'It works, and something should be looked at', fail: 'Something is broken or soon will be',
};

export function Checks({params}) {
  const loaded = useLoad('checks', signal => api('system/checks', {signal}));
  return html`<${Loaded} of=${loaded} what="Checking">
    ${report => html`<${Report} report=${report} loaded=${loaded} find=${params.get('find') ?? ''} />`}</${Loaded}>`;
}

/** Whether something is to be done. */
const isWorth = ({status}) => status === 'fail' || status === 'warn';

function Report({report, loaded, find}) {
  const zone = useStore(preferences, value => value.zone);
  const groups = groupedChecks(report.checks, find);
  const [icon, kind] = LOOK[report.status];
  const {counts} = report;
  return html`<div class="stack">
    <section class="card spread" aria-labelledby="overall"><div>
        <h2 id="overall" class=${`status status-${kind}`}><${Icon} name=${icon} /> ${OVERALL[report.status]}</h2>
        <p class="quiet">${counts.fail} failing, ${counts.warn} to be looked at, ${counts.ok} in order, ${counts.skipped} not applicable.
          ${' '}Checked <${Time} us=${report.at_us} /> in ${duration(report.took_ms)}.</p></div>
      <div class="row"><${Button} icon="reload" disabled=${loaded.busy}
        onClick=${loaded.reload}>${loaded.busy ? 'Checking…' : 'Check again'}</${Button}>
        <${Copy} label="Copy all checks as text"
          text=${() => checksText(report, exactTime(report.at_us, zone))}>Copy as text</${Copy}></div></section>
    <search><label>Filter <input type="search" value=${find} placeholder="disk, clock, index"
      onInput=${event => amend({find: event.target.value}, {replace: true})} /></label></search>
    ${groups.length === 0 && html`<p>No check has this text in it.</p>`}
    ${groups.map(group => html`<section key=${group.status} aria-labelledby=${`group-${group.status}`}>
      <h2 id=${`group-${group.status}`}>${SEVERITY_NAMES[group.status]} <span class="pill">
        ${group.checks.length}</span><span class="visually-hidden"> ${plural(group.checks.length, 'check')}</span></h2>
      <ul class=${`checks ${isWorth(group) ? '' : 'card folded'}`}>${group.checks.map(check => html`<li
        key=${check.name} class=${isWorth(group) ? `card of-${check.status}` : ''}><${One} check=${check}
        find=${find.trim()} /></li>`)}</ul></section>`)}
  </div>`;
}

function One({check, find}) {
  const [icon, kind] = LOOK[check.status];
  const head = html`<span class=${`status status-${kind}`}>
    <${Icon} name=${icon} label=${SEVERITY_NAMES[check.status]} /></span>
    <span><strong>${found(check.title, find)}</strong> <code class="quiet">${found(check.name, find)}</code></span>`;
  const said = html`<dl class="said-of"><div><dt>Found</dt><dd>${found(check.detail, find)}</dd></div>
    <div><dt>Means</dt><dd>${found(check.meaning, find)}</dd></div>
    <div><dt>To do</dt><dd>${found(check.action, find)}</dd></div></dl>`;
  return isWorth(check) ? html`<h3 class="check-head">${head}</h3>${said}`
    : html`<details open=${find !== ''}><summary class="check-head">${head}<span class="check-detail quiet">
      ${found(check.detail, find)}</span></summary>${said}</details>`;
}

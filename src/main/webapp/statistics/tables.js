// What was used, by name: models, alert types, tools. Every row leads to sessions.
import {html, useMemo, useState} from '../vendor/preact.js';
import {amend, count, href, short} from '../lib/core.js';
import {Button, Icon} from '../lib/ui.js';
import {isToolOrder, orderedTools, phrase, share} from './numbers.js';

const FIRST = 15;

const timeOf = span => ({from: span.from, to: span.open ? null : span.to - 1});

/** A bar beside numbers, in parts that lie one after the other. */
const Bar = ({parts, most}) => html`<span class="bar" aria-hidden="true">${parts.map(([name, value]) => value > 0
  && html`<span key=${name} class=${`bar-part ${name}`} style=${{width: `${value / most * 100}%`}}></span>`)}</span>`;

/** The first rows of many, and the rest on demand. */
function useFirst(rows) {
  const [all, setAll] = useState(false);
  const shown = all ? rows : rows.slice(0, FIRST);
  const more = rows.length > FIRST && html`<${Button} kind="quiet" icon=${all ? 'up' : 'down'}
    onClick=${() => setAll(!all)}>${all ? `Show the first ${FIRST}` : `Show all ${count(rows.length)}`}</${Button}>`;
  return [shown, more];
}

const HasMore = ({what, number}) => html`<p class="note">
  <${Icon} name="alert" /> There are more ${what} than these ${count(number)}; those used most are shown.</p>`;

export function Models({now, span}) {
  const all = now.tokens_by_model;
  const [shown, more] = useFirst(all);
  const most = Math.max(1, ...all.map(model => model.total_tokens));
  const link = href(['sessions'], timeOf(span));
  return html`<section class="card" aria-labelledby="models"><h2 id="models">Tokens by model</h2>
    ${all.length === 0 ? html`<p class="quiet">No model was asked in this time.</p>` : html`
    <div class="scroll-x" role="region" tabindex="0" aria-label="Tokens by model: table"><table class="named">
      <thead><tr><th scope="col">Model</th><th scope="col" class="bars"><span class="visually-hidden">Bar</span></th>
        <th scope="col" class="number">Tokens</th><th scope="col" class="number">In</th>
        <th scope="col" class="number">Out</th><th scope="col" class="number">Interactions</th>
        <th scope="col" class="number">Errors</th></tr></thead>
      <tbody>${shown.map(model => html`<tr key=${model.model_name}>
        <th scope="row"><a href=${link} title="All sessions of this time">${model.model_name || 'no name'}</a></th>
        <td class="bars"><${Bar} most=${most} parts=${[['input', model.input_tokens], ['output', model.output_tokens]]} /></td>
        <td class="number" title=${count(model.total_tokens)}>${short(model.total_tokens)}</td><td class="number">
          ${short(model.input_tokens)}</td><td class="number">${short(model.output_tokens)}</td>
        <td class="number">${count(model.llm_interactions)}</td><td class="number">${count(model.llm_errors)}</td>
          </tr>`)}</tbody></table></div>
    <p class="row quiet"><span class="key"><span class="bar-part input"></span> in</span> <span class="key">
      <span class="bar-part output"></span> out</span> ${more}</p>
    <p class="quiet">Sessions cannot be filtered by model; a model leads to all sessions of this time.</p>`}
    ${now.tokens_by_model_has_more && html`<${HasMore} what="models" number=${all.length} />`}</section>`;
}

export function AlertTypes({now, span}) {
  const all = now.top_alert_types;
  const [shown, more] = useFirst(all);
  const most = Math.max(1, ...all.map(type => type.sessions));
  const link = (type, status) => href(['sessions'], {alert_type: type, status, ...timeOf(span)});
  return html`<section class="card" aria-labelledby="alert-types"><h2 id="alert-types">Most frequent alert types</h2>
    ${all.length === 0 ? html`<p class="quiet">No session began in this time.</p>` : html`
    <div class="scroll-x" role="region" tabindex="0" aria-label="Most frequent alert types: table"><table class="named">
      <thead><tr><th scope="col">Alert type</th><th scope="col" class="bars"><span class="visually-hidden">Bar</span>
        </th><th scope="col" class="number">Sessions</th><th scope="col" class="number">Failed or timed out</th></tr>
        </thead>
      <tbody>${shown.map(type => html`<tr key=${type.alert_type}>
        <th scope="row">${type.alert_type === null ? html`<span class="quiet">no alert type</span>` : html`<a
          href=${link(type.alert_type, [])}>${type.alert_type}</a>`}</th>
        <td class="bars"><${Bar} most=${most} parts=${[['calls', type.sessions - type.failed], ['errors', type.failed]]} /></td>
        <td class="number">${count(type.sessions)}</td>
        <td class="number">${type.failed && type.alert_type !== null ? html`<a
          href=${link(type.alert_type, ['failed', 'timed_out'])}>${count(type.failed)}</a>` : count(type.failed)}</td>
          </tr>`)}</tbody></table></div>
    <p>${more}</p>`}
    ${now.top_alert_types_has_more && html`<${HasMore} what="alert types" number=${all.length} />`}</section>`;
}

const COLUMNS = [
  ['server', 'Server', 'asc'], ['tool', 'Tool', 'asc'],
  ['calls', 'Calls', 'desc'], ['errors', 'Errors', 'desc'], ['rate', 'Error rate', 'desc'],
];

export function Tools({now, span, params}) {
  const by = isToolOrder(params.get('sort')) ? params.get('sort') : 'calls';
  const order = params.get('order') === 'asc' ? 'asc' : 'desc';
  const all = useMemo(() => orderedTools(now.tools, by, order), [now, by, order]);
  const [shown, more] = useFirst(all);
  const most = Math.max(1, ...now.tools.map(tool => tool.calls));
  const turned = order === 'asc' ? 'desc' : 'asc';
  const sort = (name, first) => amend({sort: name, order: name === by ? turned : first}, {replace: true});
  return html`<section class="card" aria-labelledby="tools"><h2 id="tools">Tool calls and errors</h2>
    ${all.length === 0 ? html`<p class="quiet">No tool was called in this time.</p>` : html`
    <div class="scroll-x" role="region" tabindex="0" aria-label="Tool calls and errors: table"><table class="named">
      <thead><tr>${COLUMNS.map(([name, text, first], at) => html`<th key=${name} scope="col"
        class=${at > 1 ? 'number' : ''} aria-sort=${name === by ? (order === 'asc' ? 'ascending' : 'descending') : null}>
        <button type="button" class="sort" onClick=${() => sort(name, first)}>${text} <${Icon}
          name=${name === by ? (order === 'asc' ? 'up' : 'down') : 'sort'} /></button></th>`)}
        <th scope="col" class="bars"><span class="visually-hidden">Bar</span></th></tr></thead>
      <tbody>${shown.map(tool => {
        const search = phrase(tool.tool_name);
        return html`<tr key=${`${tool.server_name} ${tool.tool_name}`}><td class="server">${tool.server_name}</td>
          <th scope="row">${search ? html`<a href=${href(['sessions'], {search, ...timeOf(span)})}>${tool.tool_name}</a>` : tool.tool_name}</th>
          <td class="number">${count(tool.calls)}</td><td class="number">${count(tool.errors)}</td><td class="number">
            ${share(tool.errors, tool.calls)}</td>
          <td class="bars"><${Bar} most=${most} parts=${[['calls', tool.calls - tool.errors], ['errors', tool.errors]]} /></td></tr>`;
      })}</tbody></table></div>
    <p class="row quiet"><span class="key"><span class="bar-part calls">
      </span> without error</span> <span class="key"><span class="bar-part errors">
      </span> with an error</span> ${more}</p>
    <p class="quiet">A tool leads to the sessions in which its name stands.</p>`}
    ${now.tools_has_more && html`<${HasMore} what="tools" number=${all.length} />`}</section>`;
}

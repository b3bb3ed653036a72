// The totals of a span of time, each with its change against the time before.
import {html} from '../vendor/preact.js';
import {count, duration, href, short} from '../lib/core.js';
import {change, share} from './numbers.js';

function Total({name, value, exact, now, before, link, children}) {
  const changed = change(now, before);
  return html`<div><dt>${name}</dt>
    <dd class="big" title=${exact}>${link ? html`<a href=${link}>${value}</a>` : value}</dd>
    <dd class="quiet">${children}</dd>
    <dd class="quiet changed">${changed ? html`<span aria-hidden="true">${changed.text}</span>
      <span class="visually-hidden">${changed.words}</span>` : html`<span aria-hidden="true"> </span>`}</dd></div>`;
}

export function Totals({now, before, span}) {
  const time = {from: span.from, to: span.open ? null : span.to - 1};
  const failed = of => of.by_status.failed + of.by_status.timed_out;
  const running = ['pending', 'in_progress', 'paused', 'canceling'].reduce((sum, status) => sum + now.by_status[status], 0);
  return html`<section class="card" aria-label="Totals"><dl class="totals">
    <${Total} name="Sessions" value=${count(now.sessions)} now=${now.sessions} before=${before.sessions}
      link=${href(['sessions'], time)}>${running ? `${count(running)} not ended` : 'all have ended'}</${Total}>
    <${Total} name="Failed or timed out" value=${count(failed(now))} now=${failed(now)} before=${failed(before)}
      link=${href(['sessions'], {status: ['failed', 'timed_out'], ...time})}>${share(failed(now), now.sessions)} of sessions</${Total}>
    <${Total} name="Duration, p50" value=${duration(now.duration_p50_ms)} now=${now.duration_p50_ms}
      before=${before.duration_p50_ms}>half took at most this</${Total}>
    <${Total} name="Duration, p95" value=${duration(now.duration_p95_ms)} now=${now.duration_p95_ms}
      before=${before.duration_p95_ms}>95 % took at most this</${Total}>
    <${Total} name="LLM interactions" value=${count(now.llm_interactions)} now=${now.llm_interactions}
      before=${before.llm_interactions}>${count(now.llm_errors)} with an error</${Total}>
    <${Total} name="Tokens" value=${short(now.total_tokens)} exact=${count(now.total_tokens)} now=${now.total_tokens}
      before=${before.total_tokens}>${short(now.input_tokens)} in, ${short(now.output_tokens)} out</${Total}>
    <${Total} name="Tool calls" value=${count(now.tool_calls)} now=${now.tool_calls}
      before=${before.tool_calls}>${count(now.tool_errors)} with an error, ${share(now.tool_errors, now.tool_calls)}</${Total}>
  </dl><p class="quiet">Arrows compare with the same length of time before.</p></section>`;
}

// The stages of a session at the side: where one is, how each went, and the way to it.
import {html, useEffect, useMemo, useRef} from '../vendor/preact.js';
import {amend, duration, href, plain, plural, route} from '../lib/core.js';
import {Duration, Icon, Status} from '../lib/ui.js';
import {tree} from './order.js';

const isOpen = stage => stage.status === 'active' || stage.status === 'paused';

const name = stage => plain(stage.stage_name ?? stage.stage_id ?? 'stage').slice(0, 120);

/** How long a stage took, or has been running while its session does. */
export const StageTime = ({stage, running}) => html`<${Duration} ms=${stage.duration_ms} since=${running && isOpen(stage) && stage.completed_at_us === null ? stage.started_at_us : null} />`;

/** What a stage consists of, in few words. */
export const countsOf = stage => `${plural(stage.llm_interaction_count ?? 0, 'LLM interaction')}, ${plural(stage.mcp_communication_count ?? 0, 'tool call')}`;

const addressOf = id => {
  const {path, params} = route.get();
  const {at: ignored, ...rest} = Object.fromEntries(params);
  return href(path, {...rest, stage: id});
};

/** Every stage, as links on wide screens and as one choice on narrow ones. */
export function Rail({stages, running, current, onChoose}) {
  const listed = useMemo(() => tree(stages), [stages]);
  const here = useRef(null);
  useEffect(() => {
    const link = here.current?.querySelector('[aria-current]');
    if (!link || here.current.scrollHeight <= here.current.clientHeight) return;
    const above = link.getBoundingClientRect().top - here.current.getBoundingClientRect().top;
    if (above < 0 || above > here.current.clientHeight - link.offsetHeight) here.current.scrollTop += above - here.current.clientHeight / 3;
  }, [current]);
  if (!listed.length) return null;
  return html`<nav class="rail" aria-label="Stages" ref=${here}>
    <h2 class="rail-title">Stages</h2>
    <ol class="rail-list">${listed.map(({stage, depth}) => html`<li key=${stage.execution_id} class=${`depth-${Math.min(depth, 3)}`}>
      <a href=${addressOf(stage.execution_id)} aria-current=${stage.execution_id === current ? 'true' : null} onClick=${event => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        amend({stage: stage.execution_id, at: null}, {replace: true});
        onChoose(stage.execution_id);
      }}><span class="rail-name"><bdi>${name(stage)}</bdi></span>
        <span class="rail-facts"><${Status} value=${stage.status} /><${StageTime} stage=${stage} running=${running} /></span>
        <span class="rail-facts quiet"><bdi>${plain(stage.agent ?? '').slice(0, 80)}</bdi> <span title="LLM interactions"><${Icon} name="model" label="LLM interactions" /> ${stage.llm_interaction_count ?? 0}</span>
          <span title="Tool calls"><${Icon} name="tool" label="Tool calls" /> ${stage.mcp_communication_count ?? 0}</span></span>
        ${stage.error_message && html`<span class="rail-error clip"><${Icon} name="alert" label="Error" /> ${plain(stage.error_message).slice(0, 120)}</span>`}</a></li>`)}</ol>
    <label class="rail-choice"><span>Stage</span> <select value=${current ?? ''} onChange=${event => {
      amend({stage: event.target.value, at: null}, {replace: true});
      onChoose(event.target.value);
    }}>${!current && html`<option value="">–</option>`}${listed.map(({stage, depth}) => html`<option key=${stage.execution_id} value=${stage.execution_id}>${'– '.repeat(depth)}${name(stage)}, ${stage.status}, ${duration(stage.duration_ms)}</option>`)}</select></label>
  </nav>`;
}

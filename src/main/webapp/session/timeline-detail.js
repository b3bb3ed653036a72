// What is known of the selected row, below the timeline and always in sight.
import {html} from '../vendor/preact.js';
import {plain} from '../lib/core.js';
import {Bytes, Button, Icon, Status, Time, Tokens} from '../lib/ui.js';

const ERROR_LENGTH = 600;

const Fact = ({name, children}) => html`<div><dt>${name}</dt><dd>${children}</dd></div>`;

export function Detail({row, words, onOpen, onShow, onClose}) {
  const {entry, stage} = row;
  const details = entry?.details ?? {};
  return html`<aside class="timeline-detail" aria-label="Selected step">
    <header><h2><span class="quiet">${words.kind}</span> <bdi>${words.name}</bdi></h2>
      <div class="row">${entry && html`<${Button} icon="list" kind="primary" onClick=${onOpen}>Open in conversation</${Button}>`}
        ${row.beginUs !== null && html`<${Button} icon="search" onClick=${onShow}>Zoom to it</${Button}>`}</div></header>
    <${Button} icon="close" kind="quiet" label="Close" class="close" onClick=${onClose} />
    ${words.error && html`<p class="bad"><${Icon} name="cross" /> ${plain(words.error).slice(0, ERROR_LENGTH)}</p>`}
    <dl>
      ${stage ? html`<${Fact} name="Status"><${Status} value=${stage.status} /></${Fact}>` : words.failed && html`<${Fact} name="Status">failed</${Fact}>`}
      <${Fact} name="Duration"><span class="number">${words.duration}</span></${Fact}>
      <${Fact} name="When">${words.when}</${Fact}>
      ${words.share && html`<${Fact} name="Share">${words.share}</${Fact}>`}
      ${row.beginUs !== null && !row.instant && html`<${Fact} name="Began"><${Time} us=${row.beginUs} /></${Fact}>`}
      ${row.endUs !== null && !row.running && html`<${Fact} name=${entry ? 'Recorded' : 'Ended'}><${Time} us=${row.endUs} /></${Fact}>`}
      ${stage && html`<${Fact} name="Agent"><bdi class="clip">${stage.agent}</bdi></${Fact}>`}
      ${entry?.type === 'llm' && html`<${Fact} name="Tokens in, out"><${Tokens} value=${details.input_tokens} />, <${Tokens} value=${details.output_tokens} /></${Fact}>`}
      ${stage && html`<${Fact} name="Tokens"><${Tokens} value=${stage.stage_total_tokens} /></${Fact}>`}
      ${entry && html`<${Fact} name="Size"><${Bytes} value=${entry.size_bytes} /></${Fact}>`}
      ${entry?.step_description && html`<${Fact} name="Step"><bdi>${String(entry.step_description).slice(0, 300)}</bdi></${Fact}>`}
    </dl>
  </aside>`;
}

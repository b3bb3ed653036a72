// In which values two alerts differ.
import {html, useMemo, useState} from '../vendor/preact.js';
import {count, plain, plural} from '../lib/core.js';
import {Button, Icon, LongText} from '../lib/ui.js';
import {decode} from '../session/json-text.js';
import {differences} from './comparison.js';

const AT_ONCE = 100;

export function AlertDifferences({left, right}) {
  const [most, setMost] = useState(AT_ONCE);
  const {differing, same} = useMemo(() => differences(left ?? '{}', right ?? '{}'), [left, right]);
  if (!differing.length) return html`<p class="row equal"><${Icon} name="check" /> Both alerts are the same${same ? `, ${plural(same, 'value')}` : ''}.</p>`;
  return html`<p class="quiet">${plural(differing.length, 'value')} ${differing.length === 1 ? 'differs' : 'differ'}, ${count(same)} ${same === 1 ? 'is' : 'are'} the same.</p>
    <table class="pairs"><thead><tr><th scope="col">Where</th><th scope="col">Left</th><th scope="col">Right</th></tr></thead>
      <tbody>${differing.slice(0, most).map(({path, left: one, right: other}) => html`<tr key=${path}><th scope="row"><code>${path}</code></th>
        <td><${Value} source=${one} /></td><td><${Value} source=${other} /></td></tr>`)}</tbody></table>
    ${differing.length > most && html`<${Button} icon="down" onClick=${() => setMost(most + AT_ONCE)}>Show more, ${count(differing.length - most)} left</${Button}>`}`;
}

function Value({source}) {
  if (source === undefined) return html`<span class="quiet">not there</span>`;
  if (!source.startsWith('"')) return html`<code>${source}</code>`;
  const text = plain(decode(source));
  return text.length > 300 || text.includes('\n') ? html`<${LongText} text=${text} folded=${300} />` : html`<bdi>${text === '' ? '""' : text}</bdi>`;
}

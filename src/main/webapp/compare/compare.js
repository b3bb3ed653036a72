// Two sessions side by side: how they went, what they did, and what they came to.
import {html, useEffect} from '../vendor/preact.js';
import {amend, call, href, useLoad} from '../lib/core.js';
import {Button, Failure, Loading, Title, stylesheet} from '../lib/ui.js';
import {nameOf} from '../session/header.js';
import {useSession} from '../session/model.js';
import {AlertDifferences} from './alerts.js';
import {AnalysisDiff} from './analyses.js';
import {memberOf} from './comparison.js';
import {Heads, Told} from './heads.js';
import {Picker} from './picker.js';
import {Models, Stages, Tools} from './steps.js';

export const ready = () => stylesheet('compare.css', import.meta.url);

const SIDES = {a: 'Left', b: 'Right'};

function Side({name, id, session, other}) {
  return html`<section class="card compare-side" aria-label=${`${SIDES[name]} session`}>
    <h2 class="quiet side-name">${SIDES[name]} session</h2>
    <${Picker} id=${id} head=${session.head} other=${other} side=${SIDES[name]} onChoose=${next => amend({[name]: next})} />
    ${id && session.error && session.error.kind !== 'away' && !session.head && html`<${Failure} error=${session.error}
      retry=${session.error.kind === 'missing' ? null : session.reload} />`}
    ${session.deleted && html`<p class="bad">This session was deleted meanwhile. What was loaded stays.</p>`}
  </section>`;
}

// what it came to and its alert, as text: digits of numbers are compared too
function useOutcome(session) {
  const {head} = session;
  const of = useLoad(head ? `${head.session_id} ${head.status} ${head.completed_at_us}` : null, async signal => {
    const answer = await call(`history/sessions/${encodeURIComponent(head.session_id)}/final-analysis`, {signal});
    const text = await answer.text();
    return {analysis: JSON.parse(text).final_analysis ?? null, alert: memberOf(text, 'alert_data')};
  });
  return of;
}

function Comparison({left, right}) {
  const one = useOutcome(left);
  const other = useOutcome(right);
  const sides = [left.head, right.head];
  const isComplete = left.complete && right.complete;
  const error = one.error ?? other.error;
  const outcomes = one.data && other.data ? [one.data, other.data] : null;
  const waiting = error ? html`<${Failure} error=${error} retry=${() => {
    one.reload();
    other.reload();
  }} />` : html`<${Loading} />`;
  return html`
    <${Told} left=${left.head} right=${right.head} />
    <${Heads} left=${left.head} right=${right.head} />
    <section aria-labelledby="compare-analyses"><h2 id="compare-analyses">Final analyses</h2>
      ${outcomes ? html`<${AnalysisDiff} left=${outcomes[0].analysis} right=${outcomes[1].analysis} heads=${sides} />` : waiting}</section>
    <section aria-labelledby="compare-stages"><h2 id="compare-stages">Stages</h2><${Stages} left=${left.stages} right=${right.stages} /></section>
    <section aria-labelledby="compare-tools"><h2 id="compare-tools">Tools called</h2>
      ${isComplete ? html`<${Tools} left=${left.entries} right=${right.entries} />` : html`<${Loading} />`}</section>
    <section aria-labelledby="compare-models"><h2 id="compare-models">Models and tokens</h2>
      ${isComplete ? html`<${Models} left=${left.entries} right=${right.entries} />` : html`<${Loading} />`}</section>
    <section aria-labelledby="compare-alerts"><h2 id="compare-alerts">Alerts</h2>
      ${outcomes ? html`<${AlertDifferences} left=${outcomes[0].alert} right=${outcomes[1].alert} />` : waiting}</section>`;
}

/** A side of which no session is chosen yet has nothing to load. */
const NOTHING = {head: null, stages: [], entries: [], complete: false, error: null};

function One({name, id, children}) {
  const session = useSession(id);
  return children(session, name);
}

const Either = ({name, id, children}) => id ? html`<${One} key=${id} name=${name} id=${id}>${children}</${One}>` : children(NOTHING, name);

export function View({route}) {
  const a = route.params.get('a');
  const b = route.params.get('b');
  return html`<div class="compare">
    <div class="spread"><${Title} text="Compare">Compare sessions</${Title}>
      ${a && b && html`<${Button} icon="sort" onClick=${() => amend({a: b, b: a})}>Swap sides</${Button}>`}</div>
    <${Either} name="a" id=${a}>${left => html`<${Either} name="b" id=${b}>${right => html`
      <${Names} left=${left} right=${right} />
      <div class="sides"><${Side} name="a" id=${a} session=${left} other=${b} /><${Side} name="b" id=${b} session=${right} other=${a} /></div>
      ${a && a === b && html`<p class="quiet">Both sides are the same session. <a href=${href(['compare'], {a})}>Choose another for the right side</a></p>`}
      ${left.head && right.head ? html`<${Comparison} left=${left} right=${right} />`
        : (a && !left.head && !left.error || b && !right.head && !right.error) && html`<${Loading} what="Loading the sessions" />`}`}</${Either}>`}</${Either}>
  </div>`;
}

/** Which sessions are compared, in the title of the window. */
function Names({left, right}) {
  const names = left.head && right.head ? `${nameOf(left.head)} and ${nameOf(right.head)}` : null;
  useEffect(() => {
    if (names) document.title = `Compare ${names.slice(0, 200)} · TARSy History`;
  }, [names]);
  return null;
}

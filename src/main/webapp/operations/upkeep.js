// The index of search and the counts of statistics: how far they are, whether they are right, make them anew.
import {html, useState} from '../vendor/preact.js';
import {api, count, plural} from '../lib/core.js';
import {Button, Failure, Loading, Time} from '../lib/ui.js';
import {Ask, Fact, Outcome, State, Wrong, pause, useAct, usePolled} from './parts.js';

const EVERY_MS = 5_000;
const OFTEN_MS = 1_500;
const CHECKED_AT_ONCE = 200;
const ABOUT_INDEX = 'Every entry is made anew from the texts, which reads all of them. Searches are right meanwhile, and it '
  + 'goes on after a restart. It is needed only after HISTORY_SEARCH_BODY_CHARACTERS was changed, or if a check names '
  + 'sessions that differ.';
const ABOUT_COUNTS = 'Everything is counted anew, which reads every row of interactions, but no body. Answers stay as they '
  + 'are until it is done. It is needed only if a check names counts that differ.';

const Complete = ({value, words}) => value ? html`<${State} icon="check"
  kind="completed">Complete</${State}>` : html`<${State} icon="pulse" kind="in_progress">${words}</${State}>`;

/** A card with a state, and buttons that check and make anew. */
function Card({id, title, loaded, state, check, rebuild, question, children}) {
  const [asks, setAsks] = useState(false);
  const {data} = loaded;
  return html`<section class="card" aria-labelledby=${id}><div class="spread"><h2 id=${id}>${title}</h2>
    ${data && state(data)}</div>
    ${data ? html`<dl class="facts">
      ${children(data)}</dl>` : loaded.error ? html`<${Failure} error=${loaded.error}
        retry=${loaded.reload} />` : html`<${Loading} />`}
    <div class="row"><${Button} icon="check" disabled=${check.busy} label=${`Check: ${title}`}
      onClick=${check.act}>Check</${Button}>
      <${Button} icon="reload" disabled=${rebuild.busy} label=${`Rebuild: ${title}`}
        onClick=${() => setAsks(true)}>Rebuild</${Button}>
      ${check.busy && check.progress?.stoppable && html`<${Button} kind="quiet" icon="close"
        onClick=${check.stop}>Stop checking</${Button}>`}</div>
    <div aria-live="polite">
      ${check.busy && html`<p class="quiet">
        ${check.progress?.words ?? 'Checking…'}</p>`}${check.done && html`<${Outcome}
          good=${check.done.good}>${check.done.words}</${Outcome}>`}<${Wrong} error=${check.error} />
      ${rebuild.busy && html`<p class="quiet">
        ${rebuild.progress?.words ?? 'It begins…'} ${rebuild.progress?.part >= 0 && html`<progress max="1"
          value=${rebuild.progress.part} aria-label=${`Rebuild of ${title}`}></progress>`}</p>`}
      ${rebuild.done && html`<${Outcome}>${rebuild.done}</${Outcome}>`}<${Wrong} error=${rebuild.error} />
    </div>
    ${asks && html`<${Ask} title=${`Rebuild: ${title}`} yes="Rebuild" onNo=${() => setAsks(false)} onYes=${() => {
      setAsks(false);
      rebuild.act();
    }}><p>${question}</p></${Ask}>`}
  </section>`;
}

/** The first of many, in a line. */
const few = (texts, most) => `${texts.slice(0, most).join(', ')}${texts.length > most ? ' …' : ''}`;

async function checkIndex(signal, tell) {
  let checked = 0;
  const different = [];
  let busy = 0;
  let after;
  do {
    const seen = await api('system/search/check', {method: 'POST', signal, params: {limit: CHECKED_AT_ONCE, after}});
    checked += seen.sessions_checked;
    different.push(...seen.different);
    busy += seen.written_to_meanwhile.length;
    after = seen.next_after;
    tell({words: `${plural(checked, 'session')} checked, ${count(different.length)} different…`, stoppable: true});
  } while (after !== null);
  const meanwhile = busy > 0 ? ` ${plural(busy, 'session')} ${busy === 1 ? 'was' : 'were'} written to meanwhile and not compared.` : '';
  return different.length === 0
    ? {good: true, words: `The index agrees with the texts of ${plural(checked, 'session')}.${meanwhile}`}
    : {
      good: false,
      words: `Of ${plural(checked, 'session')}, ${count(different.length)} differ: ${few(different, 5)}. Rebuild the index.${meanwhile}`,
    };
}

async function rebuildIndex(signal, tell) {
  let state = await api('system/search/rebuild', {method: 'POST', signal});
  const all = Math.max(1, state.sessions_to_make_anew);
  while (state.sessions_to_make_anew > 0) {
    tell({words: `${plural(state.sessions_to_make_anew, 'session')} left.`, part: Math.max(0, 1 - state.sessions_to_make_anew / all)});
    await pause(OFTEN_MS, signal);
    state = await api('system/search', {signal});
  }
  return 'Every entry was made anew.';
}

export function SearchState() {
  const loaded = usePolled('search', signal => api('system/search', {signal}), EVERY_MS);
  const check = useAct(checkIndex);
  const rebuild = useAct(async (signal, tell) => {
    const done = await rebuildIndex(signal, tell);
    loaded.reload();
    return done;
  });
  return html`<${Card} id="search-index" title="Search index" loaded=${loaded} check=${check} rebuild=${rebuild}
    state=${data => html`<${Complete} value=${data.complete && data.sessions_to_make_anew === 0} words="Being made" />`}
    question=${ABOUT_INDEX}>
    ${data => html`<${Fact} name="Not indexed yet">${plural(data.sessions_not_indexed_yet, 'session')}</${Fact}>
      <${Fact} name="To be made anew">${plural(data.sessions_to_make_anew, 'session')}</${Fact}>
      <${Fact} name="With bodies that are cut">${plural(data.sessions_with_cut_bodies, 'session')}</${Fact}>
      <${Fact} name="Looked at of a body">${count(data.body_characters)} characters</${Fact}>`}</${Card}>`;
}

const differenceWords = one =>
  `${one.measure} ${[one.name, one.detail].filter(Boolean).join(' · ')}: ${one.surplus > 0 ? '+' : ''}${count(one.surplus)}`;

function checkedWords(check) {
  if (check.state === 'failed') return {good: false, words: 'The comparison failed; the log of the server says why.'};
  return check.agrees ? {good: true, words: `The counts agree with the rows of ${plural(check.sessions, 'session')}.`}
    : {
      good: false,
      words: `Different counts: ${count(check.different.length)}: ${few(check.different.map(differenceWords), 3)}. Rebuild the statistics.`,
    };
}

function lastCheckWords(check) {
  if (check === null) return 'none since the start';
  if (check.state !== 'finished') return check.state;
  return check.agrees ? 'agrees' : `${count(check.different.length)} differ`;
}

async function checkCounts(signal, tell) {
  let check = await api('system/statistics/check', {method: 'POST', signal});
  while (check.state === 'running') {
    tell({words: 'Comparing every count with the rows…'});
    await pause(OFTEN_MS, signal);
    check = (await api('system/statistics', {signal})).last_check;
  }
  return checkedWords(check);
}

async function rebuildCounts(signal, tell) {
  let state = await api('system/statistics/rebuild', {method: 'POST', signal});
  while (state.rebuild_due) {
    if (state.rebuild_failure) throw new Error(state.rebuild_failure);
    tell({words: state.rebuild_cells_counted === null ? 'It waits for its turn…' : `${plural(state.rebuild_cells_counted, 'count')} made so far…`});
    await pause(OFTEN_MS, signal);
    state = await api('system/statistics', {signal});
  }
  return 'Everything was counted anew.';
}

export function CountsState() {
  const loaded = usePolled('counts', signal => api('system/statistics', {signal}), EVERY_MS);
  const check = useAct(checkCounts);
  const rebuild = useAct(async (signal, tell) => {
    const done = await rebuildCounts(signal, tell);
    loaded.reload();
    return done;
  });
  return html`<${Card} id="counts" title="Statistics" loaded=${loaded} check=${check} rebuild=${rebuild}
    state=${data => html`<${Complete} value=${data.complete && !data.rebuild_due}
      words=${data.rebuild_due ? 'Being counted' : 'Sessions are missing'} />`}
    question=${ABOUT_COUNTS}>
    ${data => html`<${Fact} name="Changes not added up">${count(data.changes_not_added_up)}</${Fact}>
      <${Fact} name="Last rebuild">${data.rebuilt_at_us ? html`<${Time}
        us=${data.rebuilt_at_us} />` : 'never'}</${Fact}>
      <${Fact} name="Last check">${lastCheckWords(data.last_check)}</${Fact}>
      ${data.rebuild_failure && html`<${Fact} name="Rebuild failed">${data.rebuild_failure}</${Fact}>`}`}</${Card}>`;
}

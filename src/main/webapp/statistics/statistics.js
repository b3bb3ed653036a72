// What agents did, in numbers: how sessions ended, how long they took, what models and tools were used.
import {html, useEffect, useMemo, useRef, useState} from '../vendor/preact.js';
import {amend, api, duration, href, plural, useLive, useLoad} from '../lib/core.js';
import {Chart, looks} from '../lib/chart.js';
import {namedPoints} from '../lib/scale.js';
import {Button, Choice, Empty, Failure, Icon, Loading, Title, stylesheet} from '../lib/ui.js';
import {BUCKETS, DAY, RANGES, asked, bucketName, bucketShort, byEnd, dayBegins, dayOf, withoutHoles}
  from './numbers.js';
import {AlertTypes, Models, Tools} from './tables.js';
import {Totals} from './totals.js';

export const ready = () => Promise.all([stylesheet('statistics.css', import.meta.url), looks()]);

const AGAIN_MS = 30_000;
const NAME_PX = 62;

/** Numbers of a span of time, and the totals of the one before. */
async function numbersOf(params, signal) {
  const span = asked(params, Date.now() * 1_000);
  if (span.problem) return {span};
  const ask = ({from, to}, more) =>
    api('history/statistics', {signal, params: {start_date_us: from, end_date_us: to, ...more}});
  const [now, before] = await Promise.all([
    ask(span, {bucket: span.bucket, top: 20}),
    ask(span.before, {bucket: 'week', top: 1}),
  ]);
  return {span, now, before: before.totals};
}

/** Loads quietly again when something happened, but seldom. */
function useQuietly(reload) {
  const last = useRef(Date.now());
  const due = useRef(0);
  useLive(() => {
    if (due.current) return;
    due.current = setTimeout(() => {
      due.current = 0;
      last.current = Date.now();
      reload();
    }, Math.max(1_000, last.current + AGAIN_MS - Date.now()));
  });
  useEffect(() => () => clearTimeout(due.current), []);
}

function Asking({span}) {
  const days = {from: dayOf(span.from), to: dayOf(span.open ? span.to : span.to - 1)};
  const custom = {range: 'custom', from: dayBegins(days.from), to: dayBegins(days.to) + DAY};
  const range = value => amend(value === 'custom' ? custom : {range: value, from: null, to: null});
  const day = (name, us) => us !== null && amend({...custom, [name]: us});
  return html`<form class="asking card" aria-label="What is counted" onSubmit=${event => event.preventDefault()}>
    <${Choice} label="Time" options=${RANGES} value=${span.range} onChange=${range} />
    ${span.range === 'custom' && html`<div class="row">
      <label>First day <input type="date" required value=${days.from}
        onChange=${event => day('from', dayBegins(event.target.value))} /></label>
      <label>Last day <input type="date" required value=${days.to} onChange=${event => {
        const begins = dayBegins(event.target.value);
        day('to', begins === null ? null : begins + DAY);
      }} /></label></div>`}
    <${Choice} label="Counted by" options=${BUCKETS} value=${span.coarser ?? span.bucket}
      onChange=${bucket => amend({bucket})} />
    <p class="quiet">Hours, days and weeks are those of UTC.
      ${span.coarser && ` So many ${span.coarser}s have no room in a picture: shown by ${span.bucket}.`}</p>
  </form>`;
}

/** The charts over time. */
function OverTime({span, now, params}) {
  const buckets = useMemo(() => withoutHoles(now.buckets, span.from, span.to, span.bucket), [now]);
  const points = useMemo(() => buckets.map(one => ({from: one.start_us, to: one.end_us})), [buckets]);
  const ends = useMemo(() => byEnd(buckets), [buckets]);
  const durations = useMemo(() => [
    {id: 'duration_p50_ms', name: 'Half took at most (p50)', color: 'run', mark: 'solid'},
    {id: 'duration_p95_ms', name: '95 % took at most (p95)', color: 'tool', mark: 'dashed'},
  ].map(line => ({...line, values: buckets.map(one => one[line.id])})), [buckets]);
  const byMagnitude = params.get('scale') === 'log';
  const shown = {from: points[0].from, to: points.at(-1).to};
  const linkOf = (at, index) => href(['sessions'], {
    status: index === null ? [] : ends[index].statuses,
    from: Math.max(points[at].from, span.from),
    to: Math.min(points[at].to, span.open ? Infinity : span.to) - 1,
  });
  const common = {
    points, span: shown, linkOf,
    name: point => bucketName(point.from, span.bucket),
    nameHead: {hour: 'Hour (UTC)', day: 'Day (UTC)', week: 'Week (UTC)'}[span.bucket],
    names: px => namedPoints(points, span.bucket, px / NAME_PX).map(at => points[at])
      .map(({from, to}) => ({at: (from + to) / 2, text: bucketShort(from, span.bucket)})),
  };
  return html`<div class="pair">
    <${Chart} title="Sessions by status" kind="bars" series=${ends} ...${common} />
    <${Chart} title="Duration of sessions" unit="ms" format=${duration} series=${durations} ...${common}
      linkOf=${at => linkOf(at, null)} byMagnitude=${byMagnitude}>
      <${Button} kind="quiet" pressed=${byMagnitude}
        onClick=${() => amend({scale: byMagnitude ? null : 'log'}, {replace: true})}>Log scale</${Button}></${Chart}>
  </div>`;
}

export function View({route}) {
  const {params} = route;
  const chosen = ['range', 'from', 'to', 'bucket'].map(name => params.get(name) ?? '').join(' ');
  const loaded = useLoad(chosen, signal => numbersOf(params, signal));
  useQuietly(loaded.reload);
  const [kept, keep] = useState(null);
  useEffect(() => {
    if (loaded.data) keep(loaded.data);
  }, [loaded.data]);
  // another span replaces the numbers once its own are there
  const {now, before, span: counted} = loaded.data ?? kept ?? {};
  const span = asked(params, Date.now() * 1_000);
  return html`<div class="statistics">
    <${Title}>Statistics</${Title}>
    <${Asking} span=${span} />
    ${span.problem ? html`<p class="failure" role="alert">${span.problem}</p>`
      : loaded.error && !loaded.data ? html`<${Failure} error=${loaded.error} retry=${loaded.reload} />`
        : !now ? html`<${Loading} />`
          : html`<div class=${loaded.busy && !loaded.data ? 'stale' : ''}
            aria-busy=${String(loaded.busy && !loaded.data)}>
            <${Numbers} now=${now} before=${before} span=${counted} params=${params} /></div>`}
  </div>`;
}

function Numbers({now, before, span, params}) {
  const {totals} = now;
  return html`${!now.complete && html`<p class="note" role="status">
    <${Icon} name="alert" /> Sessions from before an upgrade are still being counted. Until that is done, the numbers are too low.</p>`}
    <${Totals} now=${totals} before=${before} span=${span} />
    ${totals.sessions + totals.llm_interactions + totals.tool_calls === 0
      ? html`<${Empty} title="Nothing was done in this time"><p>${span.range === '90d' ? 'Choose another time above.'
        : html`<a href=${href(['statistics'], {range: '90d'})}>Look at the last 90 days</a>`}</p></${Empty}>`
      : html`<${OverTime} span=${span} now=${now} params=${params} />
        <div class="pair tables"><${Models} now=${now} span=${span} /><${AlertTypes} now=${now} span=${span} /></div>
        <${Tools} now=${now} span=${span} params=${params} />`}
    <p class="quiet">A session counts where it began, an interaction at its own time; what was deleted no longer counts.
      ${' '}Durations are those of ${plural(totals.sessions_with_duration, 'session')} that ended.</p>`;
}

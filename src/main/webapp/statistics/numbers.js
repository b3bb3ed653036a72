// What statistics ask for and make of the answer: spans of time, rows without holes, changes, orders. Pure functions.

export const HOUR = 3_600_000_000;
export const DAY = 24 * HOUR;
const WEEK = 7 * DAY;
const LENGTHS = {hour: HOUR, day: DAY, week: WEEK};
const DAYS = {'7d': 7, '30d': 30, '90d': 90};
const MOST_POINTS = 400;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

export const RANGES = [['7d', '7 days'], ['30d', '30 days'], ['90d', '90 days'], ['custom', 'From, to']];
export const BUCKETS = [['hour', 'Hours'], ['day', 'Days'], ['week', 'Weeks']];

/** The beginning of the bucket in which a time falls, in UTC; weeks begin on Monday. */
export function bucketOf(us, bucket) {
  const length = LENGTHS[bucket];
  const shift = bucket === 'week' ? 3 * DAY : 0; // the epoch was a Thursday
  return us - (((us + shift) % length) + length) % length;
}

/** `2026-11-24`, of UTC */
export const dayOf = us => new Date(us / 1_000).toISOString().slice(0, 10);

/** Microseconds at which a day of UTC begins, or null. */
export function dayBegins(text) {
  const at = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : NaN;
  return Number.isNaN(at) ? null : at * 1_000;
}

/**
 * What the address asks for: `{range, bucket, from, to, before, problem, coarser}`. Days are whole ones of UTC, today
 * included; the period before is as long, and ends where this one begins.
 */
export function asked(params, nowUs) {
  const range = known(RANGES, params.get('range')) ?? '7d';
  const wanted = known(BUCKETS, params.get('bucket')) ?? 'day';
  let from = bucketOf(nowUs, 'day') - ((DAYS[range] ?? 7) - 1) * DAY;
  let to = nowUs;
  let problem = null;
  if (range === 'custom') {
    from = whole(params.get('from')) ?? from;
    to = whole(params.get('to')) ?? to;
    if (from >= to) problem = 'The first day must not be after the last.';
    else if (to - from > 20 * 366 * DAY) problem = 'Choose twenty years or less.';
  }
  const order = Object.keys(LENGTHS);
  const bucket = order.slice(order.indexOf(wanted)).find(one => (to - from) / LENGTHS[one] <= MOST_POINTS) ?? 'week';
  return {
    range, bucket, from, to, problem, coarser: bucket === wanted ? null : wanted,
    before: {from: Math.max(0, from - (to - from)), to: from},
    open: range !== 'custom' || params.get('to') === null,
  };
}

const known = (choices, value) => choices.some(([one]) => one === value) ? value : null;

function whole(text) {
  const number = Number(text);
  return text && Number.isSafeInteger(number) && number >= 0 ? number : null;
}

const NOTHING = {sessions: 0, by_status: {}, duration_p50_ms: null, duration_p95_ms: null};

/** Every bucket of a span in order, also those in which nothing was done. */
export function withoutHoles(buckets, from, to, bucket) {
  const known = new Map(buckets.map(one => [one.start_us, one]));
  const all = [];
  for (let at = bucketOf(from, bucket); at < to; at += LENGTHS[bucket]) {
    all.push(known.get(at) ?? {...NOTHING, start_us: at, end_us: at + LENGTHS[bucket]});
  }
  return all;
}

/** How sessions ended, as they lie on top of one another; those that have not ended are one. */
export const ENDS = [
  {id: 'completed', name: 'Completed', color: 'good', statuses: ['completed']},
  {id: 'cancelled', name: 'Cancelled', color: 'edge', statuses: ['cancelled']},
  {id: 'running', name: 'Not ended', color: 'run', statuses: ['pending', 'in_progress', 'paused', 'canceling']},
  {id: 'timed_out', name: 'Timed out', color: 'tool', mark: 'striped', statuses: ['timed_out']},
  {id: 'failed', name: 'Failed', color: 'bad', mark: 'striped', statuses: ['failed']},
];

/** Sessions per bucket by how they ended; what there is none of is left out. */
export function byEnd(buckets) {
  return ENDS.map(({statuses, ...end}) => ({
    ...end,
    statuses,
    values: buckets.map(({by_status: of}) => statuses.reduce((sum, status) => sum + (of[status] ?? 0), 0)),
  })).filter(({values}) => values.some(value => value > 0));
}

/** How a number changed: `{text, words}`, or null where there is nothing to say. */
export function change(now, before) {
  if (now === null || before === null || (now === 0 && before === 0)) return null;
  if (before === 0) return {text: 'none before', words: 'none before'};
  const part = (now - before) / before;
  if (Math.abs(part) < 0.005) return {text: 'as before', words: 'as before'};
  if (part >= 9) {
    const times = `${Math.round(part + 1)} times`;
    return {text: `↑ ${times}`, words: `${times} as much as before`};
  }
  const percent = Math.abs(part) * 100;
  const amount = `${percent < 10 ? percent.toFixed(1) : Math.round(percent)} %`;
  return {text: `${part > 0 ? '↑' : '↓'} ${amount}`, words: `${amount} ${part > 0 ? 'more' : 'less'} than before`};
}

/** `4.5 %` of a whole, – without one */
export function share(part, all) {
  if (!all) return '–';
  const percent = part / all * 100;
  return `${percent > 0 && percent < 10 ? percent.toFixed(1) : Math.round(percent)} %`;
}

const rateOf = tool => tool.calls ? tool.errors / tool.calls : 0;
const TOOL_ORDERS = {
  server: (a, b) => a.server_name.localeCompare(b.server_name),
  tool: (a, b) => a.tool_name.localeCompare(b.tool_name),
  calls: (a, b) => a.calls - b.calls,
  errors: (a, b) => a.errors - b.errors,
  rate: (a, b) => rateOf(a) - rateOf(b) || a.errors - b.errors,
};
export const isToolOrder = name => Object.hasOwn(TOOL_ORDERS, name);

/** Tools in an order; ties stay as the server gave them, with most calls first. */
export function orderedTools(tools, by, order) {
  const compare = TOOL_ORDERS[by] ?? TOOL_ORDERS.calls;
  return [...tools].sort((a, b) => order === 'asc' ? compare(a, b) : compare(b, a));
}

/** A search for a name as it stands: quotes would end the phrase, and too short a text cannot be searched. */
export function phrase(name) {
  const bare = name.replace(/["\s]+/g, ' ').trim().slice(0, 190);
  return bare.length >= 3 ? `"${bare}"` : null;
}

/** `2026-11-24 13:00` of an hour, `Tue 2026-11-24` of a day, `week of 2026-11-23` of a week */
export function bucketName(us, bucket) {
  const date = new Date(us / 1_000);
  if (bucket === 'hour') return `${dayOf(us)} ${date.toISOString().slice(11, 16)}`;
  return bucket === 'week' ? `Week of ${dayOf(us)}` : `${WEEKDAYS[date.getUTCDay()]} ${dayOf(us)}`;
}

/** `Nov 24`, or the time of an hour that does not begin a day */
export function bucketShort(us, bucket) {
  const date = new Date(us / 1_000);
  return bucket === 'hour' && us % DAY !== 0 ? date.toISOString().slice(11, 16)
    : `${MONTHS[date.getUTCMonth()]} ${date.getUTCDate()}`;
}

// The arithmetic of charts: which marks an axis bears, how values stack, and which points get a name. Pure functions.

const SECOND = 1_000;
const MINUTE = 60_000;
const HOUR = 3_600_000;
const DAY = 86_400_000;
const INTERVALS = 4;

const TIME_STEPS = [1, 2, 5, 10, 20, 50, 100, 200, 500, SECOND, 2_000, 5_000, 10_000, 15_000, 30_000,
  MINUTE, 2 * MINUTE, 5 * MINUTE, 10 * MINUTE, 15 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR,
  DAY, 2 * DAY, 5 * DAY, 10 * DAY, 20 * DAY, 50 * DAY, 100 * DAY, 1_000 * DAY, 10_000 * DAY];
const TIME_MAGNITUDES = [1, 10, 100, SECOND, 10 * SECOND, MINUTE, 10 * MINUTE, HOUR, 10 * HOUR, DAY, 10 * DAY, 100 * DAY,
  1_000 * DAY, 10_000 * DAY];

const trimmed = number => String(Math.round(number * 100) / 100);

/** `5 s`, `1.5 h`: a duration in its largest unit, as a mark of an axis says it. */
export function timeMark(ms) {
  if (ms === 0) return '0';
  if (ms < SECOND) return `${trimmed(ms)} ms`;
  if (ms < MINUTE) return `${trimmed(ms / SECOND)} s`;
  if (ms < HOUR) return `${trimmed(ms / MINUTE)} min`;
  return ms < DAY ? `${trimmed(ms / HOUR)} h` : `${trimmed(ms / DAY)} d`;
}

/** `1.5k`, `2M` */
export function countMark(number) {
  if (number < 1_000) return trimmed(number);
  if (number < 1_000_000) return `${trimmed(number / 1_000)}k`;
  return number < 1_000_000_000 ? `${trimmed(number / 1_000_000)}M` : `${trimmed(number / 1_000_000_000)}G`;
}

/** `512 B`, `64 MB`, by 1024 */
export function bytesMark(number) {
  if (number === 0) return '0';
  const at = Math.min(4, Math.floor(Math.log2(number) / 10));
  return `${trimmed(number / 1_024 ** at)} ${['B', 'KB', 'MB', 'GB', 'TB'][at]}`;
}

function countStep(max) {
  const magnitude = 10 ** Math.floor(Math.log10(max / INTERVALS));
  const step = [1, 2, 5, 10].map(times => times * magnitude).find(one => max / one <= INTERVALS);
  return Math.max(1, step);
}

const UNITS = {
  count: {step: countStep, mark: countMark},
  ms: {step: max => TIME_STEPS.find(one => max / one <= INTERVALS) ?? TIME_STEPS.at(-1), mark: timeMark},
  bytes: {step: max => Math.max(1, 2 ** Math.ceil(Math.log2(max / INTERVALS))), mark: bytesMark},
};

/**
 * The marks of an axis that begins at 0 and takes a largest value: `{low, high, marks: [{at, text}]}`.
 *
 * @param max the largest value
 * @param unit count, ms or bytes
 */
export function marksOf(max, unit) {
  const {step: stepOf, mark} = UNITS[unit];
  const step = stepOf(max > 0 ? max : 1);
  const number = Math.max(1, Math.ceil(max / step));
  return {
    low: 0,
    high: number * step,
    marks: Array.from({length: number + 1}, (_, at) => ({at: at * step, text: mark(at * step)})),
  };
}

/** The same for durations by magnitude: places are logarithms. */
export function magnitudesOf(min, max) {
  const first = TIME_MAGNITUDES.findLastIndex(one => one <= Math.max(1, min));
  let last = TIME_MAGNITUDES.findIndex(one => one >= max);
  if (last < 0) last = TIME_MAGNITUDES.length - 1;
  const shown = TIME_MAGNITUDES.slice(first, Math.max(last, first + 1) + 1);
  return {
    low: Math.log10(shown[0]),
    high: Math.log10(shown.at(-1)),
    marks: shown.map(one => ({at: Math.log10(one), text: timeMark(one)})),
  };
}

/** Where a duration stands on an axis of magnitudes. */
export const magnitude = ms => ms === null ? null : Math.log10(Math.max(1, ms));

/** What lies on top of one another: for each series the sum of its values and of all below it. */
export function stacked(series) {
  const sums = [];
  return series.map(({values}) => values.map((value, at) => {
    sums[at] = (sums[at] ?? 0) + (value ?? 0);
    return sums[at];
  }));
}

/** The sum of all series at a point. */
export const totalAt = (series, at) => series.reduce((sum, {values}) => sum + (values[at] ?? 0), 0);

/**
 * Which points get a name so that names do not touch: their indices.
 *
 * @param points `[{from}]` in microseconds
 * @param bucket hour, day or week
 * @param room how many names there is room for
 */
export function namedPoints(points, bucket, room) {
  const enough = step => points.length / step <= Math.max(1, room);
  if (bucket === 'hour') {
    const step = [1, 2, 3, 6, 12, 24, 48, 96, 168, 336].find(enough) ?? 336;
    return [...points.keys()].filter(at => Math.round(points[at].from / 3_600_000_000) % step === 0);
  }
  const step = [1, 2, 7, 14, 28, 56, 112].find(enough) ?? Math.ceil(points.length / Math.max(1, room));
  return [...points.keys()].filter(at => at % step === 0);
}

/** The point whose middle is nearest to a place from 0 to 1, or -1. */
export function nearestPoint(points, span, place) {
  const at = span.from + place * (span.to - span.from);
  let best = -1;
  let bestFar = Infinity;
  for (const [index, {from, to}] of points.entries()) {
    const far = Math.abs((from + to) / 2 - at);
    if (far < bestFar) {
      best = index;
      bestFar = far;
    }
  }
  return best;
}

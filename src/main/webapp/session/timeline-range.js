// Which part of a timeline is shown, without the page: ranges `{from, to}` in milliseconds after its begin, where things
// lie in them, and round ticks.

const LEAST_RANGE_MS = 1;

/** A range that lies within `total` milliseconds and is not shorter than can be shown. */
export function fit({from, to}, total) {
  const most = Math.max(total, LEAST_RANGE_MS);
  const length = Math.min(most, Math.max(LEAST_RANGE_MS, to - from));
  const begin = Math.min(Math.max(0, from), most - length);
  return {from: begin, to: begin + length};
}

/** A range made longer (`factor` above 1) or shorter around a point, given as its share of the range. */
export function zoom({from, to}, factor, share, total) {
  const point = from + (to - from) * share;
  const length = Math.max(LEAST_RANGE_MS, (to - from) * factor);
  return fit({from: point - length * share, to: point + length * (1 - share)}, total);
}

export const shift = ({from, to}, share, total) =>
  fit({from: from + (to - from) * share, to: to + (to - from) * share}, total);

/** A range as the URL has it, or null if it has none that makes sense. */
export function readRange(params, total) {
  const from = Number.parseFloat(params.get('from'));
  const to = Number.parseFloat(params.get('to'));
  return Number.isFinite(from) && Number.isFinite(to) && to > from ? fit({from, to}, total) : null;
}

/** Where something lies in a range, as shares of its width: `{left, width, before, after}`; null width if outside. */
export function place({beginUs, endUs}, originUs, {from, to}) {
  const begin = ((beginUs - originUs) / 1_000 - from) / (to - from);
  const end = ((endUs - originUs) / 1_000 - from) / (to - from);
  if (end < 0) return {left: 0, width: null, before: true, after: false};
  if (begin > 1) return {left: 1, width: null, before: false, after: true};
  return {left: Math.max(0, begin), width: Math.min(1, end) - Math.max(0, begin), before: begin < 0, after: end > 1};
}

const STEPS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 15_000, 30_000, 60_000, 120_000, 300_000,
  600_000, 900_000, 1_800_000, 3_600_000, 7_200_000, 10_800_000, 21_600_000, 43_200_000, 86_400_000];

/** Round offsets in a range, about as many as wanted: `{step, at: [ms]}`. */
export function ticks({from, to}, wanted) {
  const rough = (to - from) / Math.max(1, wanted);
  const step = STEPS.find(one => one >= rough) ?? Math.ceil(rough / 86_400_000) * 86_400_000;
  const at = [];
  for (let ms = Math.ceil(from / step) * step; ms <= to; ms += step) at.push(ms);
  return {step, at};
}

const two = number => String(number).padStart(2, '0');

/** `250 ms`, `2.5 s`, `45 s`, `1:30`, `2:05:00`, `3 d 02:00`: as exact as the step between ticks needs. */
export function tickName(ms, step) {
  if (ms === 0) return '0';
  if (ms < 1_000) return `${ms} ms`;
  const decimals = step >= 1_000 ? 0 : step >= 100 ? 1 : step >= 10 ? 2 : 3;
  if (ms < 60_000) return `${(ms / 1_000).toFixed(decimals)} s`;
  const seconds = Math.floor(ms / 1_000);
  const rest = decimals ? (ms / 1_000 % 1).toFixed(decimals).slice(1) : '';
  const minutes = Math.floor(seconds / 60) % 60;
  if (seconds < 3_600) return `${minutes}:${two(seconds % 60)}${rest}`;
  const hours = Math.floor(seconds / 3_600);
  if (hours < 24) return `${hours}:${two(minutes)}:${two(seconds % 60)}${rest}`;
  return `${Math.floor(hours / 24)} d ${two(hours % 24)}:${two(minutes)}`;
}

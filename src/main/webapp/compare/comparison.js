// How two sessions differ, without the page: numbers, stages, tools, models, and the values of their alerts.
import {decode, measure, places} from '../session/json-text.js';
import {jqPath} from '../session/raw-tree.js';

const hasFailed = ({details = {}}) => details.success === false || Boolean(details.error_message);

/** Two numbers: by how much the right one is more, and in percent of the left one; null where one is unknown. */
export function change(left, right) {
  if (left === null || left === undefined || right === null || right === undefined) return null;
  const by = right - left;
  return {by, percent: left === 0 || by === 0 ? null : Math.round(by / left * 100)};
}

// ---------------------------------------------------------------- stages

// what a stage is called, and which of several at the same time it is
const stageKey = stage => `${stage.stage_name}\n${stage.parallel_index ?? ''}`;

/**
 * Stages side by side, in the order of both: those of the same name belong together, and of what is left between them
 * those at the same index.
 *
 * @returns `[{left, right}]`, either of them null where the other side has no such stage
 */
export function pairStages(left, right) {
  const pairs = [];
  const between = (leftTo, rightTo) => {
    for (; at.left < leftTo; at.left++) {
      const stage = left[at.left];
      const other = right[at.right];
      const isSame = at.right < rightTo && other.stage_index === stage.stage_index && other.parallel_index === stage.parallel_index;
      if (isSame) at.right++;
      pairs.push({left: stage, right: isSame ? other : null});
    }
    for (; at.right < rightTo; at.right++) pairs.push({left: null, right: right[at.right]});
  };
  const at = {left: 0, right: 0};
  for (const [one, other] of common(left.map(stageKey), right.map(stageKey))) {
    between(one, other);
    pairs.push({left: left[one], right: right[other]});
    at.left = one + 1;
    at.right = other + 1;
  }
  between(left.length, right.length);
  return pairs;
}

const MOST_CELLS = 4_000_000;

/** The longest run of equal members in the order of both: `[[place in one, place in other]]`. */
function common(one, other) {
  if (one.length * other.length > MOST_CELLS) return one.map((key, at) => [at, at]).filter(([at]) => one[at] === other[at]);
  const width = other.length + 1;
  const lengths = new Uint32Array((one.length + 1) * width);
  for (let i = one.length - 1; i >= 0; i--) {
    for (let j = other.length - 1; j >= 0; j--) {
      lengths[i * width + j] = one[i] === other[j] ? lengths[(i + 1) * width + j + 1] + 1
        : Math.max(lengths[(i + 1) * width + j], lengths[i * width + j + 1]);
    }
  }
  const found = [];
  for (let i = 0, j = 0; i < one.length && j < other.length;) {
    if (one[i] === other[j]) found.push([i++, j++]);
    else if (lengths[(i + 1) * width + j] >= lengths[i * width + j + 1]) i++;
    else j++;
  }
  return found;
}

// ---------------------------------------------------------------- tools and models

function gathered(entries, keyOf, start, add) {
  const found = new Map();
  for (const entry of entries) {
    const key = keyOf(entry.details ?? {});
    if (!found.has(key)) found.set(key, {...start(entry.details ?? {}), calls: 0, errors: 0, durationMs: 0});
    const one = found.get(key);
    one.calls++;
    if (hasFailed(entry)) one.errors++;
    one.durationMs += entry.duration_ms ?? 0;
    add?.(one, entry.details ?? {});
  }
  return found;
}

/** What of two gatherings belongs together: `[{key, left, right}]`, what both have first, then by calls. */
function paired(left, right) {
  const keys = [...new Set([...left.keys(), ...right.keys()])];
  const pairs = keys.map(key => ({key, left: left.get(key) ?? null, right: right.get(key) ?? null}));
  const side = ({left: one, right: other}) => one && other ? 0 : one ? 1 : 2;
  const calls = ({left: one, right: other}) => (one?.calls ?? 0) + (other?.calls ?? 0);
  return pairs.sort((one, other) => side(one) - side(other) || calls(other) - calls(one) || (one.key < other.key ? -1 : 1));
}

/** The tools that were called on each side: `[{key, left, right}]` with `{server, tool, calls, errors, durationMs}`. */
export function pairTools(left, right) {
  const of = entries => gathered(
    entries.filter(entry => entry.type === 'mcp' && entry.details?.communication_type !== 'tool_list'),
    details => `${details.server_name}\n${details.tool_name}`,
    details => ({server: details.server_name ?? '', tool: details.tool_name ?? ''}));
  return paired(of(left), of(right));
}

/** The models that were asked on each side, `{model, calls, errors, durationMs, input, output, total}`. */
export function pairModels(left, right) {
  const of = entries => gathered(
    entries.filter(entry => entry.type === 'llm'), details => details.model_name ?? '',
    details => ({model: details.model_name ?? '', input: null, output: null, total: null}),
    (one, details) => {
      one.input = sum(one.input, details.input_tokens);
      one.output = sum(one.output, details.output_tokens);
      one.total = sum(one.total, details.total_tokens);
    });
  return paired(of(left), of(right));
}

// unknown and something is something, unknown twice stays unknown
const sum = (one, other) => other === null || other === undefined ? one : (one ?? 0) + other;

// ---------------------------------------------------------------- the alerts

/** Every value of a JSON text that holds no others, by its path: a Map of path and text. */
export function leaves(text, begin = 0, names = [], found = new Map()) {
  const {end, total} = measure(text, begin);
  if (total === 0) {
    found.set(jqPath(names), text.slice(begin, end));
    return found;
  }
  places(text, begin).forEach(({name, begin: at}, index) => {
    leaves(text, at, [...names, name < 0 ? index : decode(text.slice(name, measure(text, name).end))], found);
  });
  return found;
}

/** The JSON of one member of an object, or null. */
export function memberOf(text, name) {
  const place = places(text, text.indexOf('{')).find(one => decode(text.slice(one.name, measure(text, one.name).end)) === name);
  return place ? text.slice(place.begin, measure(text, place.begin).end) : null;
}

/** How the values of two JSON texts differ: `{differing: [{path, left, right}], same}`; undefined is what is not there. */
export function differences(left, right) {
  const one = leaves(left);
  const other = leaves(right);
  const differing = [];
  let same = 0;
  for (const [path, value] of one) {
    if (other.get(path) === value) same++;
    else differing.push({path, left: value, right: other.get(path)});
  }
  for (const [path, value] of other) if (!one.has(path)) differing.push({path, left: undefined, right: value});
  return {differing, same};
}

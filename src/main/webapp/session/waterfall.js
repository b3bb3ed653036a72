// What a timeline shows, without the page: the tree of stages and their steps in time, where nothing was recorded, and
// which steps account for the time. Times are microseconds.

const NAME_LENGTH = 160;
const NAMED_GAPS = 8;
const LEAST_TAIL_US = 15_000_000;
const LEAST_GAP_US = 500_000;
const LEAST_GAP_SHARE = 0.005;
const FAILED = new Set(['failed', 'timed_out']);
const ENDED = new Set(['completed', 'failed', 'cancelled', 'timed_out', 'partial']);

const brief = text => String(text ?? '').slice(0, NAME_LENGTH);

/** `kubernetes › pods_log`, or what else a step is called. */
export function stepName(entry) {
  const {details = {}} = entry;
  if (entry.type === 'llm') return brief(details.model_name) || 'unknown model';
  const tool = details.communication_type === 'tool_list' ? 'list of tools' : brief(details.tool_name) || 'unknown tool';
  return `${brief(details.server_name) || 'unknown server'} › ${tool}`;
}

export const hasFailed = ({details = {}}) => details.success === false || Boolean(details.error_message);

/** An exchange is recorded when it is over: its time is its end, and it began by its duration earlier. */
function stepNode(entry) {
  const endUs = entry.timestamp_us;
  const durationMs = entry.duration_ms ?? entry.details?.duration_ms ?? null;
  return {
    key: `i:${entry.id}`,
    kind: entry.type,
    name: stepName(entry),
    entry,
    children: [],
    failed: hasFailed(entry),
    running: false,
    instant: durationMs === null,
    beginUs: endUs - Math.max(0, durationMs ?? 0) * 1_000,
    endUs,
    pathUs: 0,
  };
}

function stageNode(stage) {
  return {
    key: `s:${stage.execution_id}`,
    kind: 'stage',
    name: brief(stage.stage_name) || brief(stage.stage_id) || 'stage',
    stage,
    children: [],
    failed: FAILED.has(stage.status),
    running: false,
    instant: false,
    beginUs: stage.started_at_us ?? null,
    endUs: null,
    pathUs: 0,
  };
}

const byTime = (one, other) => (one.beginUs ?? Infinity) - (other.beginUs ?? Infinity)
  || (one.stage?.stage_index ?? 0) - (other.stage?.stage_index ?? 0)
  || (one.endUs ?? Infinity) - (other.endUs ?? Infinity) || 0;

/**
 * The tree of a session in time. Stages stand in their parents, steps in their stages; what belongs to no known stage
 * stands at the top. What has not ended goes on until `nowUs`.
 *
 * @returns `{root, beginUs, endUs, recordedUs, path, gaps}`: `recordedUs` is when something was last recorded; of a session
 *   that has long been silent, `endUs` is only a little after it, so that what was recorded can still be seen
 */
export function layout({session, stages, entries, nowUs}) {
  const byId = new Map(stages.map(stage => [stage.execution_id, stageNode(stage)]));
  const root = {key: 'root', kind: 'session', name: '', children: [], failed: false, running: false, pathUs: 0};
  for (const node of byId.values()) {
    const parent = byId.get(node.stage.parent_stage_execution_id);
    (parent && !isWithin(node, parent, byId) ? parent : root).children.push(node);
  }
  for (const entry of entries) (byId.get(entry.stage_execution_id) ?? root).children.push(stepNode(entry));

  const ended = ENDED.has(session.status);
  const recordedUs = newest(session, byId.values(), entries);
  const lastUs = ended ? Math.max(session.completed_at_us ?? 0, recordedUs) : Math.max(nowUs, recordedUs);
  root.beginUs = session.started_at_us ?? Infinity;
  root.endUs = lastUs;
  root.running = !ended;
  settle(root, lastUs, ended);
  if (!Number.isFinite(root.beginUs)) root.beginUs = lastUs;
  root.endUs = Math.max(root.endUs, root.beginUs);
  deepen(root, -1);
  const path = slowestPath(root);
  const gaps = insertGaps(root, recordedUs);
  const tail = Math.max(LEAST_TAIL_US, (recordedUs - root.beginUs) / 2);
  return {root, beginUs: root.beginUs, endUs: Math.min(root.endUs, recordedUs + tail), recordedUs, path, gaps};
}

// parents that lead back to the stage itself would make a ring
function isWithin(node, parent, byId) {
  const seen = new Set();
  for (let above = parent; above; above = byId.get(above.stage.parent_stage_execution_id)) {
    if (above === node || seen.has(above)) return true;
    seen.add(above);
  }
  return false;
}

function newest(session, nodes, entries) {
  let us = session.started_at_us ?? 0;
  for (const {stage} of nodes) us = Math.max(us, stage.started_at_us ?? 0, stage.completed_at_us ?? 0);
  for (const entry of entries) us = Math.max(us, entry.timestamp_us);
  return us;
}

// a stage is at least as long as what is in it
function settle(node, lastUs, ended) {
  let begin = node.beginUs ?? Infinity;
  let end = -Infinity;
  for (const child of node.children) {
    if (child.kind === 'stage') settle(child, lastUs, ended);
    if (child.beginUs === null) continue;
    begin = Math.min(begin, child.beginUs);
    end = Math.max(end, child.endUs);
  }
  if (node.kind === 'stage') {
    if (begin === Infinity) {
      node.beginUs = node.endUs = null;
    } else {
      node.running = !ended && !ENDED.has(node.stage.status);
      node.endUs = Math.max(begin, end, node.stage.completed_at_us ?? (node.running ? lastUs : end));
    }
  } else {
    node.endUs = Math.max(node.endUs, end);
  }
  if (begin !== Infinity) node.beginUs = begin;
  node.children.sort(byTime);
}

function deepen(node, depth) {
  node.depth = depth;
  for (const child of node.children) {
    child.parent = node;
    deepen(child, depth + 1);
  }
}

/**
 * Which steps the time went into, from the end back to the begin: what ended last is what was waited for, then what
 * ended last before that began, and so on, in each stage likewise. Where nothing was recorded the time is waiting.
 *
 * @returns segments from first to last, `{node, beginUs, endUs, waiting}`, without holes; also adds up `pathUs` of nodes
 */
export function slowestPath(root) {
  const segments = [];
  walk(root, root.beginUs, root.endUs, segments);
  segments.reverse();
  return segments;
}

function walk(node, fromUs, toUs, segments) {
  node.pathUs += toUs - fromUs;
  if (node.kind === 'llm' || node.kind === 'mcp') {
    segments.push({node, beginUs: fromUs, endUs: toUs, waiting: false});
    return;
  }
  const children = node.children.filter(child => child.beginUs !== null && child.kind !== 'gap')
    .sort((one, other) => other.endUs - one.endUs || one.beginUs - other.beginUs);
  let at = 0;
  let longest = null;
  let us = toUs;
  while (us > fromUs) {
    while (at < children.length && children[at].endUs >= us) {
      if (!longest || children[at].beginUs < longest.beginUs) longest = children[at];
      at++;
    }
    if (longest && longest.beginUs < us) {
      const begin = Math.max(fromUs, longest.beginUs);
      walk(longest, begin, us, segments);
      us = begin;
    } else {
      const end = at < children.length ? Math.max(fromUs, children[at].endUs) : fromUs;
      segments.push({node, beginUs: end, endUs: us, waiting: true});
      us = end;
    }
  }
}

/**
 * How much of the time went where, up to the last record, and the steps that took most:
 * `{totalUs, llmUs, mcpUs, waitingUs, slowest}`.
 */
export function account({path, recordedUs}, most = 3) {
  const sums = {totalUs: 0, llmUs: 0, mcpUs: 0, waitingUs: 0};
  const steps = new Map();
  for (const {node, beginUs, endUs, waiting} of path) {
    const us = Math.max(0, Math.min(endUs, recordedUs) - beginUs);
    sums.totalUs += us;
    sums[waiting ? 'waitingUs' : `${node.kind}Us`] += us;
    if (!waiting) steps.set(node, (steps.get(node) ?? 0) + us);
  }
  const slowest = [...steps].filter(([, us]) => us > 0).sort((one, other) => other[1] - one[1])
    .slice(0, most).map(([node]) => node);
  return {...sums, slowest};
}

/** Shares in whole percents that make 100 together; what is little but there is not told as nothing. */
export function percents(parts) {
  const total = parts.reduce((sum, part) => sum + part, 0);
  if (!total) return parts.map(() => 0);
  const exact = parts.map(part => part / total * 100);
  const whole = exact.map(Math.floor);
  const order = exact.map((value, at) => [value - whole[at], at]).sort((one, other) => other[0] - one[0]);
  const left = 100 - whole.reduce((sum, part) => sum + part, 0);
  for (let i = 0; i < left; i++) whole[order[i][1]]++;
  return whole;
}

// the longest times without a record become rows of their own, where they are in time
function insertGaps(root, recordedUs) {
  const found = [];
  gapsOf(root, found, recordedUs);
  const least = Math.max(LEAST_GAP_US, (root.endUs - root.beginUs) * LEAST_GAP_SHARE);
  const named = found.filter(gap => gap.endUs - gap.beginUs >= least)
    .sort((one, other) => other.endUs - other.beginUs - (one.endUs - one.beginUs)).slice(0, NAMED_GAPS);
  const parents = new Set();
  for (const gap of named) {
    gap.parent.children.push(gap);
    parents.add(gap.parent);
  }
  for (const parent of parents) parent.children.sort(byTime);
  return named;
}

function gapsOf(node, found, recordedUs) {
  const steps = node.children.filter(child => child.beginUs !== null);
  if (!steps.length || node.beginUs === null) return;
  let until = node.beginUs;
  const gap = (beginUs, endUs) => {
    if (endUs <= beginUs) return;
    found.push({
      key: `g:${node.key}:${beginUs}`, kind: 'gap', name: '', parent: node, depth: node.depth + 1, children: [],
      beginUs, endUs, failed: false, instant: false, running: node.running && endUs === node.endUs && endUs > recordedUs,
      pathUs: 0,
    });
  };
  for (const step of steps) {
    gap(until, step.beginUs);
    until = Math.max(until, step.endUs);
    if (step.kind === 'stage') gapsOf(step, found, recordedUs);
  }
  gap(until, node.endUs);
}

/** The rows in the order they are shown; what is in a closed stage is left out. */
export function rowsOf(root, closed) {
  const rows = [];
  const add = node => {
    for (const child of node.children) {
      rows.push(child);
      if (child.children.length && !closed.has(child.key)) add(child);
    }
  };
  add(root);
  return rows;
}

/**
 * Of rows those that have a part in a range, so that a part of a long session is not scrolled for; what is selected and
 * what it stands in are always there.
 */
export function rowsWithin(rows, beginUs, endUs, selectedKey) {
  const kept = new Set();
  for (const row of rows) {
    const within = row.beginUs !== null && row.beginUs <= endUs && row.endUs >= beginUs;
    if (!within && row.key !== selectedKey) continue;
    for (let node = row; node && !kept.has(node); node = node.parent) kept.add(node);
  }
  return rows.filter(row => kept.has(row));
}

/** The row with a key, wherever it is, or null. */
export function findNode(node, key) {
  if (node.key === key) return node;
  for (const child of node.children) {
    const found = findNode(child, key);
    if (found) return found;
  }
  return null;
}

/**
 * Everything small: for each kind the spans in which something of it went on, as shares of the whole. What lies closer
 * together than can be seen is one span, so that there are never more than `columns`.
 */
export function overview(root, beginUs, endUs, columns = 300) {
  const lanes = {stage: [], llm: [], mcp: [], failed: []};
  const total = Math.max(1, endUs - beginUs);
  const add = node => {
    for (const child of node.children) {
      if (child.beginUs === null || child.kind === 'gap') continue;
      const span = [(child.beginUs - beginUs) / total, (child.endUs - beginUs) / total];
      lanes[child.kind].push(span);
      if (child.failed && child.kind !== 'stage') lanes.failed.push(span);
      add(child);
    }
  };
  add(root);
  return Object.fromEntries(Object.entries(lanes).map(([kind, spans]) => [kind, merged(spans, 1 / columns)]));
}

function merged(spans, nearness) {
  const made = [];
  for (const [begin, end] of spans.sort((one, other) => one[0] - other[0])) {
    const last = made.at(-1);
    if (last && begin - last[1] < nearness) last[1] = Math.max(last[1], end);
    else made.push([begin, end]);
  }
  return made;
}

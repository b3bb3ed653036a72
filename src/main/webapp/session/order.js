// In which order a conversation is read: stage by stage, and within a stage by time.

/** Stages in their order with children after their parents, as `[{stage, depth}]`. */
export function tree(stages) {
  const known = new Set(stages.map(stage => stage.execution_id));
  const children = new Map();
  const roots = [];
  for (const stage of stages) {
    const parent = stage.parent_stage_execution_id;
    if (parent === null || parent === stage.execution_id || !known.has(parent)) roots.push(stage);
    else children.set(parent, [...children.get(parent) ?? [], stage]);
  }
  const listed = [];
  const seen = new Set();
  const list = (stage, depth) => {
    if (seen.has(stage.execution_id)) return;
    seen.add(stage.execution_id);
    listed.push({stage, depth});
    for (const child of children.get(stage.execution_id) ?? []) list(child, depth + 1);
  };
  for (const stage of roots) list(stage, 0);
  for (const stage of stages) list(stage, 0); // those that are their own ancestors
  return listed;
}

/**
 * What a conversation lists: each stage, then its steps. What belongs to no stage comes first if it was before the
 * stages, else last.
 *
 * @returns `{items, places}`: items are `{key, stage, depth}` or `{key, entry, number, previous, stageId}`, where
 *   `previous` is the turn before in the same stage; `places` tells where an interaction or a stage is
 */
export function order(stages, entries) {
  const listed = tree(stages);
  const groups = new Map(listed.map(({stage}) => [stage.execution_id, []]));
  const early = [];
  const late = [];
  const begin = Math.min(...stages.map(stage => stage.started_at_us ?? Infinity));
  const turns = new Map();
  entries.forEach((entry, at) => {
    const stageId = groups.has(entry.stage_execution_id) ? entry.stage_execution_id : null;
    const item = {key: entry.id, entry, number: at + 1, previous: turns.get(stageId) ?? null, stageId};
    if (entry.type === 'llm') turns.set(stageId, entry);
    (stageId !== null ? groups.get(stageId) : entry.timestamp_us < begin ? early : late).push(item);
  });
  const items = [];
  const group = (head, steps) => {
    items.push(head);
    for (const item of steps) items.push(item);
  };
  const whole = name => ({key: `stage:${name}`, stage: null, stageId: null, depth: 0});
  if (early.length) group(whole('before'), early);
  for (const {stage, depth} of listed) {
    group({key: `stage:${stage.execution_id}`, stage, stageId: stage.execution_id, depth}, groups.get(stage.execution_id));
  }
  if (late.length) group(whole('after'), late);
  return {items, places: new Map(items.map((item, at) => [item.key, at]))};
}

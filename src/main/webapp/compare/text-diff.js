// Lines of two texts side by side, and within lines that were changed the words that differ, without the page.

const PATIENCE_MS = 800;
const MOST_WORDS = 20_000;
const LEAST_COMMON = 0.35;

/**
 * @param diff the library that compares (jsdiff)
 * @returns `[{kind, left, right}]`; kind is same, changed, removed or added; a side is null or `{number, pieces}` with
 *   `[{text, differs}]`
 */
export function diffRows(diff, leftText, rightText) {
  const [one, other] = [lined(leftText), lined(rightText)];
  const parts = diff.diffLines(one, other, {timeout: PATIENCE_MS})
    // so different that comparing would take too long: one instead of the other
    ?? [{removed: true, value: one}, {added: true, value: other}];
  const rows = [];
  const number = {left: 0, right: 0};
  const side = (name, pieces) => ({number: ++number[name], pieces});
  let removed = [];
  const flush = added => {
    const both = Math.min(removed.length, added.length);
    for (let at = 0; at < both; at++) {
      const {left, right} = words(diff, removed[at], added[at]);
      rows.push({kind: 'changed', left: side('left', left), right: side('right', right)});
    }
    for (const line of removed.slice(both)) rows.push({kind: 'removed', left: side('left', [{text: line, differs: false}]), right: null});
    for (const line of added.slice(both)) rows.push({kind: 'added', left: null, right: side('right', [{text: line, differs: false}])});
    removed = [];
  };
  for (const part of parts) {
    const lines = part.value.replace(/\n$/, '').split('\n');
    if (!part.value) continue;
    if (part.removed) {
      flush([]);
      removed = lines;
    } else if (part.added) {
      flush(lines);
    } else {
      flush([]);
      for (const text of lines) {
        const pieces = [{text, differs: false}];
        rows.push({kind: 'same', left: side('left', pieces), right: side('right', pieces)});
      }
    }
  }
  flush([]);
  return rows;
}

// a last line without an end is a line like others
const lined = text => text.replace(/\r\n?/g, '\n').replace(/([^\n])$/, '$1\n');

function words(diff, left, right) {
  // the whole line was changed, and says so by itself
  const whole = {left: [{text: left, differs: false}], right: [{text: right, differs: false}]};
  if (left.length + right.length > MOST_WORDS) return whole;
  const parts = diff.diffWordsWithSpace(left, right, {timeout: PATIENCE_MS / 10});
  if (!parts) return whole;
  const common = parts.reduce((sum, part) => part.added || part.removed ? sum : sum + part.value.trim().length, 0);
  if (common < LEAST_COMMON * Math.max(left.length, right.length)) return whole;
  const of = without => parts.filter(part => !part[without]).map(part => ({text: part.value, differs: part.added || part.removed}));
  return {left: of('added'), right: of('removed')};
}

const AROUND = 3;
const LEAST_FOLD = 3;

/** Rows in groups, `[{isFolded, rows}]`: long runs of equal lines are folded but for some around what differs. */
export function folds(rows) {
  const isNear = new Uint8Array(rows.length);
  rows.forEach((row, at) => {
    if (row.kind !== 'same') isNear.fill(1, Math.max(0, at - AROUND), at + AROUND + 1);
  });
  const groups = [];
  rows.forEach((row, at) => {
    const isFolded = !isNear[at];
    if (groups.at(-1)?.isFolded !== isFolded) groups.push({isFolded, rows: []});
    groups.at(-1).rows.push(row);
  });
  return groups.map(group => group.isFolded && group.rows.length < LEAST_FOLD ? {...group, isFolded: false} : group);
}

/** Rows as one column: of what was changed first the lines that were, then those that are. */
export function unified(rows) {
  const lines = [];
  let later = [];
  for (const {kind, left, right} of rows) {
    if (kind !== 'changed') lines.push(...later.splice(0));
    if (kind === 'same') {
      lines.push({kind, ...right});
    } else {
      if (left) lines.push({kind: 'removed', ...left});
      if (right && kind === 'changed') later.push({kind: 'added', ...right});
      else if (right) lines.push({kind: 'added', ...right});
    }
  }
  return [...lines, ...later];
}

export const counts = rows => ({
  added: rows.filter(({kind}) => kind === 'added' || kind === 'changed').length,
  removed: rows.filter(({kind}) => kind === 'removed' || kind === 'changed').length,
});

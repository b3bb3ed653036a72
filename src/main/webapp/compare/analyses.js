// What two sessions came to, line by line.
import {html, useEffect, useMemo, useState} from '../vendor/preact.js';
import {plain, plural} from '../lib/core.js';
import {Button, Failure, Icon, Loading} from '../lib/ui.js';
import {counts, diffRows, folds, unified} from './text-diff.js';

const WIDE = '(min-width: 56rem)';
const AT_ONCE = 600;

function useWide() {
  const [isWide, setWide] = useState(() => matchMedia(WIDE).matches);
  useEffect(() => {
    const query = matchMedia(WIDE);
    const look = () => setWide(query.matches);
    query.addEventListener('change', look);
    return () => query.removeEventListener('change', look);
  }, []);
  return isWide;
}

export function AnalysisDiff({left, right}) {
  const [library, setLibrary] = useState({});
  const needed = Boolean(left && right && left !== right);
  useEffect(() => {
    if (needed && !library.diff) import('../vendor/diff.js').then(module => setLibrary({diff: module.default}), error => setLibrary({error}));
  }, [needed]);
  const rows = useMemo(() => needed && library.diff ? diffRows(library.diff, plain(left), plain(right)) : null, [needed, library.diff, left, right]);
  if (!left && !right) return html`<p class="quiet">Neither has a final analysis.</p>`;
  if (!left || !right) {
    return html`<p class="quiet">Only ${left ? 'the left' : 'the right'} session has a final analysis.</p><pre class="code only-one" tabindex="0" role="group" aria-label="The only final analysis">${plain(left || right).slice(0, 100_000)}</pre>`;
  }
  if (!needed) return html`<p class="row equal"><${Icon} name="check" /> Both final analyses are the same, character by character.</p>`;
  if (library.error) return html`<${Failure} error=${library.error} />`;
  if (!rows) return html`<${Loading} />`;
  return html`<${Diff} rows=${rows} />`;
}

function Diff({rows}) {
  const isWide = useWide();
  const [opened, setOpened] = useState(() => new Set());
  const [most, setMost] = useState(AT_ONCE);
  useEffect(() => {
    setOpened(new Set());
    setMost(AT_ONCE);
  }, [rows]);
  const {added, removed} = counts(rows);
  const Part = isWide ? Sided : Single;
  let left = most;
  const groups = folds(rows).map((group, at) => {
    const isFolded = group.isFolded && !opened.has(at);
    const shown = isFolded ? [] : group.rows.slice(0, Math.max(0, left));
    left -= shown.length;
    return {...group, at, isFolded, shown};
  });
  const hidden = groups.reduce((sum, group) => sum + (group.isFolded ? 0 : group.rows.length - group.shown.length), 0);
  if (!added && !removed) return html`<p class="row equal"><${Icon} name="check" /> Both final analyses say the same; only the ends of their lines differ.</p>`;
  return html`<p class="quiet"><span class="removed-word">− ${plural(removed, 'line')} only left or changed</span>, <span class="added-word">+ ${plural(added, 'line')} only right or changed</span>.</p>
    <table class=${`diff ${isWide ? 'sided-diff' : 'single-diff'}`} aria-label="Final analyses, line by line">
      <colgroup>${(isWide ? [1, 2] : [1]).map(side => html`<col key=${`number-${side}`} class="line-number-column" /><col key=${`text-${side}`} />`)}</colgroup>
      <thead><tr class="visually-hidden">${isWide ? ['Line left', 'Left', 'Line right', 'Right'].map(title => html`<th scope="col">${title}</th>`)
        : ['Line', 'Text'].map(title => html`<th scope="col">${title}</th>`)}</tr></thead>
      ${groups.map(group => group.isFolded
        ? html`<tbody key=${group.at}><tr class="fold"><td colspan=${isWide ? 4 : 2}><${Button} kind="quiet" icon="down" onClick=${() => setOpened(new Set([...opened, group.at]))}>${plural(group.rows.length, 'equal line')}</${Button}></td></tr></tbody>`
        : group.shown.length > 0 && html`<tbody key=${group.at}><${Part} rows=${group.shown} /></tbody>`)}
    </table>
    ${hidden > 0 && html`<${Button} icon="down" onClick=${() => setMost(most + AT_ONCE)}>Show more, ${plural(hidden, 'line')} left</${Button}>`}`;
}

const SIGNS = {removed: ['−', 'removed'], added: ['+', 'added']};

function Line({kind, side}) {
  const [sign, word] = SIGNS[kind] ?? ['', ''];
  const Mark = kind === 'removed' ? 'del' : 'ins';
  return html`<td class=${`diff-line ${side ? kind : 'none'}`}><span class="sign" aria-hidden="true">${sign}</span>${word && html`<span class="visually-hidden">${word}: </span>`}
    <span class="text">${side?.pieces.map(({text, differs}) => differs ? html`<${Mark}>${text}</${Mark}>` : text)}</span></td>`;
}

const Sided = ({rows}) => rows.map(({kind, left, right}) => html`<tr key=${`${left?.number}-${right?.number}`}>
  <td class="line-number">${left?.number}</td><${Line} side=${left} kind=${kind === 'same' || !left ? 'same' : 'removed'} />
  <td class="line-number">${right?.number}</td><${Line} side=${right} kind=${kind === 'same' || !right ? 'same' : 'added'} /></tr>`);

const Single = ({rows}) => unified(rows).map(line => html`<tr key=${`${line.kind}${line.number}`}>
  <td class="line-number">${line.number}</td><${Line} side=${line} kind=${line.kind} /></tr>`);

// A chart: drawn by uPlot, reached by keys and pointers through links above the picture, and told as a table as well.
import {html, useEffect, useId, useMemo, useRef, useState} from '../vendor/preact.js';
import {count} from './core.js';
import {magnitude, magnitudesOf, marksOf, nearestPoint, stacked, totalAt} from './scale.js';
import {Button, stylesheet} from './ui.js';

const WIDEST_BAR = 56;
const NARROWEST_BAR = 2;
const FILLED = 0.84;
const POINTS_SHOWN = 60;

/** The looks of charts, for views that must not be shown before. */
export const looks = () => stylesheet('../style/chart.css', import.meta.url);

let library;
/** The library comes with the first chart. */
const uplot = () => library ??= Promise.all([
  import('../vendor/uplot.js'),
  stylesheet('../vendor/uplot.css', import.meta.url),
  looks(),
]).then(([module]) => module.default);

const themeChange = matchMedia('(prefers-color-scheme: dark)');

/** Grows each time colours change. */
function useTheme() {
  const [theme, setTheme] = useState(0);
  useEffect(() => {
    const change = () => setTheme(n => n + 1);
    const watcher = new MutationObserver(change);
    watcher.observe(document.documentElement, {attributes: true, attributeFilter: ['data-theme']});
    themeChange.addEventListener('change', change);
    return () => {
      watcher.disconnect();
      themeChange.removeEventListener('change', change);
    };
  }, []);
  return theme;
}

const colour = name => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
const rem = () => parseFloat(getComputedStyle(document.documentElement).fontSize);

/** A colour with stripes, so that colours alone do not tell two series apart. */
function striped(name) {
  const size = Math.round(6 * devicePixelRatio);
  const tile = document.createElement('canvas');
  tile.width = tile.height = size;
  const pen = tile.getContext('2d');
  pen.fillStyle = colour(name);
  pen.fillRect(0, 0, size, size);
  pen.strokeStyle = colour('card');
  pen.lineWidth = size / 5;
  pen.beginPath();
  for (const shift of [-size, 0, size]) {
    pen.moveTo(shift - 1, size + 1);
    pen.lineTo(shift + size + 1, -1);
  }
  pen.stroke();
  return pen.createPattern(tile, 'repeat');
}

function seriesOptions(uPlot, kind, {color, mark}, few) {
  if (kind === 'bars') {
    return {
      paths: uPlot.paths.bars({size: [FILLED, WIDEST_BAR, NARROWEST_BAR], align: 0}),
      fill: mark === 'striped' ? striped(color) : colour(color),
      stroke: colour('card'),
      width: few ? 1 : 0,
      points: {show: false},
    };
  }
  return {
    stroke: colour(color),
    width: 2,
    dash: mark === 'dashed' ? [6, 4] : undefined,
    spanGaps: false,
    points: {show: few, size: 5, fill: colour(color), stroke: colour(color)},
  };
}

/** The picture alone: series in the order in which they are drawn, places given. */
function Picture({kind, xs, rows, series, span, axis, names, inset, flows}) {
  const here = useRef(null);
  const plot = useRef(null);
  const shown = useRef(null);
  shown.current = {span, axis, names};
  const theme = useTheme();
  const few = !flows && xs.length <= POINTS_SHOWN;
  const shape = [kind, theme, few, inset.left, ...series.map(one => one.id)].join(' ');

  useEffect(() => {
    let gone = false;
    let watcher;
    uplot().then(uPlot => {
      if (gone || !here.current) return; // the view was left meanwhile
      const font = `${0.75 * rem()}px ${getComputedStyle(document.body).fontFamily}`;
      const {width, height} = here.current.getBoundingClientRect();
      plot.current = new uPlot({
        width: Math.max(width, 1),
        height: Math.max(height, 1),
        padding: [inset.top, inset.right, 0, 0],
        legend: {show: false},
        cursor: {show: false},
        scales: {
          x: {time: false, range: () => [shown.current.span.from / 1_000, shown.current.span.to / 1_000]},
          y: {range: () => [shown.current.axis.low, shown.current.axis.high]},
        },
        series: [{}, ...series.map(one => seriesOptions(uPlot, kind, one, few))],
        axes: [
          {
            size: inset.bottom, gap: 4, font, stroke: colour('quiet'), grid: {show: false},
            ticks: {stroke: colour('line'), width: 1, size: 4},
            splits: drawn => {
              drawn.named = shown.current.names(drawn.width - inset.left - inset.right);
              return drawn.named.map(one => one.at / 1_000);
            },
            values: drawn => drawn.named.map(one => one.text),
          },
          {
            size: inset.left, gap: 6, font, stroke: colour('quiet'), grid: {stroke: colour('line'), width: 1},
            ticks: {show: false},
            splits: () => shown.current.axis.marks.map(mark => mark.at),
            values: () => shown.current.axis.marks.map(mark => mark.text),
          },
        ],
      }, [xs, ...rows], here.current);
      watcher = new ResizeObserver(([{contentRect}]) => {
        if (contentRect.width > 0) plot.current?.setSize({width: contentRect.width, height: contentRect.height});
      });
      watcher.observe(here.current);
    });
    return () => {
      gone = true;
      watcher?.disconnect();
      plot.current?.destroy();
      plot.current = null;
    };
  }, [shape]);

  useEffect(() => {
    plot.current?.setData([xs, ...rows]);
  }, [xs, rows]);

  return html`<div class="chart-picture" ref=${here} aria-hidden="true"></div>`;
}

const Swatch = ({color, mark}) => html`<span class=${`swatch ${mark ?? ''}`} style=${{'--swatch': `var(--${color})`}}
  aria-hidden="true"></span>`;

/** What stands at a point, beside it. */
const Tip = ({series, at, title, format, place, total}) => html`<div class=${`chart-tip ${place > 0.5 ? 'before' : ''}`}
  style=${{insetInlineStart: `${place * 100}%`}} aria-hidden="true"><strong>${title}</strong>
  <table><tbody>${series.toReversed().map(one => html`<tr key=${one.id}><td><${Swatch} ...${one} /> ${one.name}</td>
    <td class="number">${format(one.values[at])}</td></tr>`)}
  ${total !== null && html`<tr><td>All</td><td class="number">${format(total)}</td></tr>`}</tbody></table></div>`;

const percent = part => `${part * 100}%`;

/** Links above the columns of a picture and the parts of each; one is a stop of the Tab key, arrows go on. */
function Columns({points, series, sums, span, axis, say, linkOf, kind, onLook, label}) {
  const here = useRef(null);
  const [stop, setStop] = useState('');
  const width = span.to - span.from;
  const high = axis.high - axis.low;
  const links = [];
  for (const [at, point] of points.entries()) {
    const left = percent((point.from - span.from) / width);
    const wide = percent((point.to - point.from) / width);
    links.push({id: `${at}:`, at, href: linkOf(at, null), label: say(at, null), style: {left, width: wide, top: 0, bottom: 0}});
    if (kind !== 'bars') continue;
    for (const [index, {values}] of series.entries()) {
      if (!values[at]) continue;
      links.push({
        id: `${at}:${index}`, at, href: linkOf(at, index), label: say(at, index),
        style: {left, width: wide, bottom: percent((sums[index][at] - values[at]) / high), height: percent(values[at] / high)},
      });
    }
  }
  const current = links.some(link => link.id === stop) ? stop : links.at(-1)?.id;
  const press = event => {
    const [at, index] = event.target.dataset.id.split(':');
    const aim = wanted => {
      const target = here.current.querySelector(`[data-id="${wanted}"]`);
      if (target) target.focus();
      return target;
    };
    const column = to => aim(`${to}:${index}`) ?? aim(`${to}:`);
    const ofColumn = links.filter(link => link.at === Number(at)).map(link => link.id);
    const rung = ofColumn.indexOf(event.target.dataset.id);
    const moves = {
      ArrowRight: () => column(Number(at) + 1),
      ArrowLeft: () => column(Number(at) - 1),
      ArrowUp: () => aim(ofColumn[rung + 1]),
      ArrowDown: () => aim(ofColumn[rung - 1]),
      Home: () => column(0),
      End: () => column(points.length - 1),
      Escape: () => onLook(-1),
    };
    if (moves[event.key] && !event.altKey && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      moves[event.key]();
    }
  };
  return html`<div class="chart-columns" role="group" aria-label=${`${label}: bars, moved between by the arrow keys`}
    ref=${here}
    onKeyDown=${press} onPointerLeave=${() => onLook(-1)} onFocusOut=${() => onLook(-1)}>
    ${links.map(link => html`<a key=${link.id} data-id=${link.id} href=${link.href} aria-label=${link.label}
      style=${link.style}
      class=${link.id.endsWith(':') ? 'column' : 'part'} tabindex=${link.id === current ? 0 : -1} draggable="false"
      onPointerEnter=${() => onLook(link.at)} onFocus=${() => {
        setStop(link.id);
        onLook(link.at);
      }}></a>`)}</div>`;
}

/** Where nothing can be followed, the arrow keys move a cursor, and what stands there is said. */
function Reader({points, span, say, at, onLook, label}) {
  const last = points.length - 1;
  const shown = at < 0 ? last : at;
  const press = event => {
    const to = {ArrowRight: shown + 1, ArrowLeft: shown - 1, Home: 0, End: last, Escape: -1}[event.key];
    if (to === undefined) return;
    event.preventDefault();
    onLook(event.key === 'Escape' ? -1 : Math.max(0, Math.min(last, to)));
  };
  const point = points[at];
  return html`<div class="chart-reader" role="slider" tabindex="0" aria-label=${label} aria-readonly="true"
    aria-valuemin="0"
    aria-valuemax=${Math.max(0, last)} aria-valuenow=${Math.max(0, shown)} aria-valuetext=${last < 0 ? 'no value yet' : say(shown, null)}
    onKeyDown=${press} onFocus=${() => onLook(last)} onBlur=${() => onLook(-1)} onPointerLeave=${() => onLook(-1)}
    onPointerMove=${event => {
      const box = event.currentTarget.getBoundingClientRect();
      onLook(nearestPoint(points, span, (event.clientX - box.left) / box.width));
    }}>${point && html`<span class="chart-line"
      style=${{insetInlineStart: percent(((point.from + point.to) / 2 - span.from) / (span.to - span.from))}}>
      </span>`}</div>`;
}

/** Everything the picture shows, as a table. */
const Values = ({title, points, series, name, nameHead, format, linkOf, summed}) => html`<div class="chart-values"
  role="region" tabindex="0" aria-label=${`${title}, as a table`}>
  <table><thead><tr><th scope="col">${nameHead}</th>
    ${series.map(one => html`<th key=${one.id} scope="col" class="number">
    ${one.name}</th>`)}${summed && html`<th scope="col" class="number">All</th>`}</tr></thead>
    <tbody>${points.map((point, at) => html`<tr key=${point.from}>
      <th scope="row">${linkOf ? html`<a href=${linkOf(at, null)}>${name(point)}</a>` : name(point)}</th>
      ${series.map((one, index) => html`<td key=${one.id} class="number">
        ${linkOf && summed && one.values[at] ? html`<a
          href=${linkOf(at, index)}>${format(one.values[at])}</a>` : format(one.values[at])}</td>`)}
      ${summed && html`<td class="number">${format(totalAt(series, at))}</td>`}</tr>`)}</tbody></table></div>`;

/**
 * A chart over time, with a legend, and the same as a table on demand.
 *
 * @param title what it shows
 * @param kind bars that lie on top of one another, or lines
 * @param points spans of time, `[{from, to}]` in microseconds
 * @param series `[{id, name, color, mark, values}]`: `color` is a variable of the style sheet, `mark` striped or dashed
 * @param span the whole time shown, `{from, to}`
 * @param unit count, ms or bytes
 * @param format writes a value
 * @param name names a point
 * @param names `room in pixels => [{at, text}]`: what stands below
 * @param linkOf `(point, series or null) => href`, or nothing
 * @param byMagnitude whether durations that differ greatly stand by magnitude
 * @param level of the heading
 * @param least the axis reaches at least so far
 */
export function Chart({
  title, kind = 'lines', points, series, span, unit = 'count', format = count, name, nameHead = 'Time', names, linkOf,
  byMagnitude = false, level = 2, children, class: more = '', least = 0,
}) {
  const [look, setLook] = useState(-1);
  const [asTable, setAsTable] = useState(false);
  const id = useId();
  const summed = kind === 'bars';
  const sums = useMemo(() => summed ? stacked(series) : series.map(one => one.values), [series]);
  const known = sums.flat().filter(value => value !== null && value !== undefined);
  const axis = byMagnitude ? magnitudesOf(known.length ? Math.min(...known) : 1, Math.max(1_000, ...known))
    : marksOf(Math.max(least, ...known), unit);
  const xs = useMemo(() => points.map(({from, to}) => (from + to) / 2_000), [points]);
  const rows = useMemo(() => {
    const place = value => byMagnitude ? magnitude(value) : summed && value === 0 ? null : value;
    const placed = sums.map(values => values.map(place));
    return summed ? placed.toReversed() : placed; // the highest is drawn first, and lower ones over it
  }, [sums, byMagnitude]);
  const order = summed ? series.toReversed() : series;
  const unitPx = rem();
  const longest = Math.max(...axis.marks.map(mark => mark.text.length));
  const inset = {top: 8, right: 8, bottom: Math.round(1.7 * unitPx), left: Math.round((longest * 0.45 + 0.9) * unitPx)};
  const said = (at, index) => {
    const values = (index === null ? series : [series[index]])
      .filter(one => !summed || one.values[at])
      .map(one => `${one.name} ${format(one.values[at])}`);
    const all = summed && index === null ? `${format(totalAt(series, at))}: ` : '';
    return `${name(points[at])}, ${all}${values.join(', ') || 'none'}`;
  };
  const shown = look < points.length ? look : -1;
  const over = {top: `${inset.top}px`, right: `${inset.right}px`, bottom: `${inset.bottom}px`, left: `${inset.left}px`};
  return html`<section class=${`card chart ${more}`} aria-labelledby=${id}>
    <header class="spread">${level === 2 ? html`<h2 id=${id}>${title}</h2>` : html`<h3 id=${id}>${title}</h3>`}
      <div class="row">${children}<${Button} kind="quiet" icon=${asTable ? 'stats' : 'columns'} pressed=${asTable}
        label=${`Show ${title} as a table`} onClick=${() => setAsTable(!asTable)} /></div></header>
    ${(summed || series.length > 1) && html`<ul class="chart-legend"
      aria-hidden=${asTable ? 'true' : null}>${series.map(one => html`<li key=${one.id}>
      <${Swatch} ...${one} />${one.name}</li>`)}</ul>`}
    ${asTable ? html`<${Values} ...${{title, points, series, name, nameHead, format, linkOf, summed}} />` : html`
      <div class="chart-body">
      <${Picture} kind=${kind} xs=${xs} rows=${rows} series=${order} span=${span} axis=${axis} names=${names}
        inset=${inset} flows=${!linkOf} />
      <div class="chart-over" style=${over}>
        ${linkOf ? html`<${Columns} ...${{points, series, sums, span, axis, kind, linkOf}} say=${said}
          onLook=${setLook} label=${title} />`
          : html`<${Reader} points=${points} span=${span} say=${said} at=${shown} onLook=${setLook} label=${title} />`}
        ${shown >= 0 && html`<${Tip} series=${series} at=${shown} title=${name(points[shown])} format=${format}
          total=${summed ? totalAt(series, shown) : null}
          place=${((points[shown].from + points[shown].to) / 2 - span.from) / (span.to - span.from)} />`}
      </div></div>`}
  </section>`;
}

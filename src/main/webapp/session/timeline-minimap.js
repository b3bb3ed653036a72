// The whole session in small, with the range that is shown: drag to choose another, its middle to move it.
import {html, useMemo, useRef} from '../vendor/preact.js';
import {duration} from '../lib/core.js';
import {fit, shift} from './timeline-range.js';
import {useDrag} from './timeline-touch.js';
import {overview} from './waterfall.js';

const LANES = [['stage', 2, 3], ['llm', 8, 8], ['mcp', 19, 8], ['failed', 30, 4]];
const WIDTH = 1_000;

function Picture({plan}) {
  return useMemo(() => {
    const lanes = overview(plan.root, plan.beginUs, plan.endUs);
    return html`<svg viewBox="0 0 ${WIDTH} 36" preserveAspectRatio="none" aria-hidden="true">${LANES.map(([kind, y, height]) => html`
      <g key=${kind} class=${kind}>${lanes[kind].map(([begin, end]) => html`
        <rect x=${begin * WIDTH} y=${y} width=${Math.max(2, (end - begin) * WIDTH)} height=${height} />`)}</g>`)}</svg>`;
  }, [plan]);
}

export function Minimap({plan, total, range, setRange}) {
  const here = useRef(null);
  const drag = useDrag(here, (begin, end) => setRange(fit({from: begin * total, to: end * total}, total)));
  const left = Math.min(100, range.from / Math.max(1, total) * 100);
  const right = Math.min(100, range.to / Math.max(1, total) * 100);
  return html`<div class="minimap" role="group" aria-label="Range that is shown" ref=${here} ...${drag.handlers}>
    <${Picture} plan=${plan} />
    <div class="outside" style=${{left: 0, width: `${left}%`}}></div>
    <div class="outside" style=${{left: `${right}%`, right: 0}}></div>
    <${Handle} name="Begin of the range" edge="from" at=${left} ...${{here, total, range, setRange}} />
    <${Handle} name="Range" edge="both" at=${left} width=${right - left} ...${{here, total, range, setRange}} />
    <${Handle} name="End of the range" edge="to" at=${right} ...${{here, total, range, setRange}} />
    ${drag.selection && html`<div class="drag" style=${{left: `${drag.selection[0] * 100}%`, width: `${(drag.selection[1] - drag.selection[0]) * 100}%`}}></div>`}
  </div>`;
}

/** An edge of the range, or its middle: dragged, or moved by the arrow keys. */
function Handle({name, edge, at, width, here, total, range, setRange}) {
  const grabbed = useRef(null);
  const moved = by => {
    const length = range.to - range.from;
    if (edge === 'both') return fit({from: range.from + by, to: range.to + by}, total);
    if (edge === 'from') return fit({from: Math.min(range.from + by, range.to - length * 0.02), to: range.to}, total);
    return fit({from: range.from, to: Math.max(range.to + by, range.from + length * 0.02)}, total);
  };
  const step = (range.to - range.from) * 0.1;
  const keys = {
    ArrowLeft: () => moved(-step), ArrowDown: () => moved(-step), ArrowRight: () => moved(step), ArrowUp: () => moved(step),
    PageUp: () => shift(range, 1, total), PageDown: () => shift(range, -1, total),
    Home: () => moved(edge === 'to' ? range.from - range.to : -range.from),
    End: () => moved(edge === 'from' ? range.to - range.from : total - range.to),
  };
  const value = edge === 'to' ? range.to : range.from;
  return html`<div class=${`handle ${edge}`} role="slider" tabindex="0" aria-label=${name} aria-valuemin="0" aria-valuemax=${Math.round(total)}
    aria-valuenow=${Math.round(value)} aria-valuetext=${edge === 'both' ? `${duration(range.from)} to ${duration(range.to)}` : duration(value)}
    style=${{left: `${at}%`, width: width === undefined ? null : `${width}%`}}
    onKeyDown=${event => {
      if (!keys[event.key] || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      event.stopPropagation();
      setRange(keys[event.key]());
    }}
    onPointerDown=${event => {
      // all of it being shown there is nothing to move, and dragging chooses a part
      if (edge === 'both' && range.to - range.from >= total * 0.999) return;
      event.stopPropagation();
      grabbed.current = {x: event.clientX, range};
      event.currentTarget.setPointerCapture(event.pointerId);
    }}
    onPointerMove=${event => {
      if (!grabbed.current) return;
      const by = (event.clientX - grabbed.current.x) / here.current.clientWidth * total;
      const {from, to} = grabbed.current.range;
      const least = total * 0.002;
      if (edge === 'both') setRange(fit({from: from + by, to: to + by}, total));
      else if (edge === 'from') setRange(fit({from: Math.min(from + by, to - least), to}, total));
      else setRange(fit({from, to: Math.max(to + by, from + least)}, total));
    }}
    onPointerUp=${() => {
      grabbed.current = null;
    }}
    onPointerCancel=${() => {
      grabbed.current = null;
    }}></div>`;
}

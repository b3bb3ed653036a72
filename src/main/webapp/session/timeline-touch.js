// How a range is chosen by hand: by dragging over an axis, and by a wheel.
import {useEffect, useRef, useState} from '../vendor/preact.js';

const shareOf = (event, element) => {
  const {left, width} = element.getBoundingClientRect();
  return Math.min(1, Math.max(0, (event.clientX - left) / Math.max(1, width)));
};

const LEAST_DRAG = 0.005;

/** Selecting a part of an element by dragging: `{handlers, selection: [begin, end]}` in shares of its width. */
export function useDrag(of, onSelect) {
  const [selection, setSelection] = useState(null);
  const from = useRef(null);
  const span = event => [from.current, shareOf(event, of.current)].sort((one, other) => one - other);
  const handlers = {
    onPointerDown(event) {
      if (event.button !== 0) return;
      from.current = shareOf(event, of.current);
      of.current.setPointerCapture(event.pointerId);
    },
    onPointerMove(event) {
      if (from.current !== null) setSelection(span(event));
    },
    onPointerUp(event) {
      if (from.current === null) return;
      const [begin, end] = span(event);
      from.current = null;
      setSelection(null);
      if (end - begin > LEAST_DRAG) onSelect(begin, end);
    },
    onPointerCancel() {
      from.current = null;
      setSelection(null);
    },
  };
  return {handlers, selection};
}

/** Turning a wheel with Ctrl, or sideways, which otherwise would zoom or move the page. */
export function useWheel(of, axis, onTurn) {
  const current = useRef(onTurn);
  current.current = onTurn;
  useEffect(() => {
    const turn = event => {
      const sideways = event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY);
      if (!event.ctrlKey && !sideways) return;
      event.preventDefault();
      current.current(event, shareOf(event, axis.current));
    };
    const element = of.current;
    element.addEventListener('wheel', turn, {passive: false});
    return () => element.removeEventListener('wheel', turn);
  }, []);
}

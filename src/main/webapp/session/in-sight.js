// Scrolling to a row of a long list that is drawn only where one looks.

import {useEffect, useRef, useState} from '../vendor/preact.js';

const FRAMES = 6;

const STICKY = ['.session-bar', 'header.top'];

/** Where the part of the window begins that nothing covers which sticks to its top. */
function openTop() {
  for (const element of STICKY.map(name => document.querySelector(name)).filter(Boolean)) {
    const {position, top} = getComputedStyle(element);
    if (position === 'sticky') return Number.parseFloat(top) + element.offsetHeight;
  }
  return 0;
}

/** The same, kept up to date: below it other things can stick. */
export function useOpenTop() {
  const [top, setTop] = useState(openTop);
  useEffect(() => {
    const look = () => setTop(openTop());
    const sizes = new ResizeObserver(look);
    for (const element of document.querySelectorAll(STICKY.join())) sizes.observe(element);
    addEventListener('resize', look);
    look();
    return () => {
      sizes.disconnect();
      removeEventListener('resize', look);
    };
  }, []);
  return top;
}

/**
 * Brings a row into sight, between what sticks above and what sticks below. Rows far away are drawn only once they are
 * near, and may then be higher than was thought: so it looks again for a few frames.
 *
 * @param windowed the control of the list
 * @param index which row
 * @param row, above, below give the elements, or null; above and below may be left out. A view that was left is asked
 *   once more: what it pointed to is gone before its effects are ended
 * @returns what stops it
 */
export function keepInSight(windowed, index, {row, above, below}) {
  windowed.reveal(index);
  let frames = 0;
  let due;
  const look = () => {
    if (++frames > FRAMES) return;
    const place = row()?.getBoundingClientRect();
    if (place) {
      const ceiling = above?.()?.getBoundingClientRect().bottom ?? 0;
      const floor = below?.()?.getBoundingClientRect().top ?? innerHeight;
      if (place.top < ceiling) scrollBy({top: place.top - ceiling - 8, behavior: 'instant'});
      else if (place.bottom > floor && place.top > ceiling + 8) {
        scrollBy({top: Math.min(place.bottom - floor + 8, place.top - ceiling - 8), behavior: 'instant'});
      }
    }
    due = requestAnimationFrame(look);
  };
  due = requestAnimationFrame(look);
  return () => cancelAnimationFrame(due);
}

/**
 * Whether a row of a list is in sight: only then is it sure to be in the page, where a name of it may be pointed to.
 *
 * @returns `[isSeen, onSee]`, the latter for the list
 */
export function useSeen(index) {
  const range = useRef([0, -1]);
  const current = useRef(index);
  const [, redraw] = useState(false);
  current.current = index;
  const isIn = () => current.current >= range.current[0] && current.current <= range.current[1];
  return [isIn(), (first, last) => {
    range.current = [first, last];
    redraw(isIn());
  }];
}

// Scrolling to a row of a long list that is drawn only where one looks.

const FRAMES = 6;

/** How high the header of the page is, below which other things stick; higher where the screen is narrow. */
export const headerHeight = () => document.querySelector('header.top')?.offsetHeight ?? 0;

/**
 * Brings a row into sight, between what sticks above and what sticks below. Rows far away are drawn only once they are
 * near, and may then be higher than was thought: so it looks again for a few frames.
 *
 * @param windowed the control of the list
 * @param index which row
 * @param row, above, below give the elements, or null; above and below may be left out
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

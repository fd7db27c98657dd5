/**
 * Which rows of a long list are visible. Browsers lay out no element higher than some 17 million
 * pixels (Firefox): a list that is longer is drawn in a lower one, whose scroll bar stands for the
 * whole and whose wheel still moves by pixels.
 */

/** CSS pixels; half of what Firefox can do. */
export const MAX_HEIGHT = 8_000_000;

/** Rows around the visible ones that exist, too. */
const OVERSCAN = 6;

export interface RowSpace {
  readonly count: number;
  readonly rowHeight: number;
  /** Height of what can be seen of the rows. */
  readonly view: number;
}

/** Where the list stands. */
export interface RowScroll {
  /** Pixels from the first row's top to what is seen first, in a list of full height. */
  readonly offset: number;
  /** What the element's scrollTop stands at. */
  readonly top: number;
}

export const AT_TOP: RowScroll = { offset: 0, top: 0 };

export function heightOf({ count, rowHeight }: RowSpace): number {
  return Math.min(count * rowHeight, MAX_HEIGHT);
}

/** The element was scrolled to `top`: by a wheel, a key, or by its bar. */
export function scrolledTo(space: RowSpace, { offset, top: before }: RowScroll, top: number) {
  if (!isScaled(space)) return { offset: top, top };
  const moved = top - before;
  // A pixel of the bar is many screens; anything less is a hand that moves by rows.
  const isBar = Math.abs(moved) > 2 * space.view;
  return { offset: within(space, isBar ? top * ratio(space) : offset + moved), top };
}

/**
 * Where the element's scrollTop belongs: after many small moves it has gone further than the bar
 * should say. Where the list goes on there is room for a hand to go on, too.
 */
export function settled(space: RowSpace, { offset }: RowScroll): RowScroll {
  if (!isScaled(space)) return { offset, top: offset };
  const room = 2 * space.view;
  const above = Math.min(offset, room);
  const below = Math.min(lastOffset(space) - offset, room);
  const lastTop = heightOf(space) - space.view;
  const top = Math.round(offset / ratio(space));
  return { offset, top: Math.max(above, Math.min(top, lastTop - below)) };
}

/** Whether the element cannot be scrolled on though the list goes on. */
export function isStuck(space: RowSpace, { offset, top }: RowScroll): boolean {
  if (!isScaled(space)) return false;
  const isAtTop = top <= 0 && offset > 0;
  return isAtTop || (top >= heightOf(space) - space.view && offset < lastOffset(space));
}

/** As little as makes a row visible. */
export function showRow(space: RowSpace, scroll: RowScroll, row: number): RowScroll {
  const start = row * space.rowHeight;
  const isAbove = start < scroll.offset;
  const isBelow = start + space.rowHeight > scroll.offset + space.view;
  if (!isAbove && !isBelow) return scroll;
  const offset = isAbove ? start : start + space.rowHeight - space.view;
  return settled(space, { ...scroll, offset: within(space, offset) });
}

/** The rows that exist, the last one not among them. */
export function visibleRows({ count, rowHeight, view }: RowSpace, { offset }: RowScroll) {
  const first = Math.max(0, Math.floor(offset / rowHeight) - OVERSCAN);
  const end = Math.min(count, Math.ceil((offset + view) / rowHeight) + OVERSCAN);
  return { first: Math.min(first, count), end: Math.max(end, 0) };
}

/** Where in the element a row stands. */
export function placeOfRow({ rowHeight }: RowSpace, { offset, top }: RowScroll, row: number) {
  return row * rowHeight - offset + top;
}

function isScaled({ count, rowHeight }: RowSpace): boolean {
  return count * rowHeight > MAX_HEIGHT;
}

function ratio(space: RowSpace): number {
  return lastOffset(space) / (heightOf(space) - space.view);
}

function lastOffset({ count, rowHeight, view }: RowSpace): number {
  return Math.max(0, count * rowHeight - view);
}

function within(space: RowSpace, offset: number): number {
  return Math.min(lastOffset(space), Math.max(0, offset));
}

/** Ties the arithmetic of a long list (model/row-window) to the element that is scrolled. */
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import {
  AT_TOP,
  heightOf,
  isStuck,
  placeOfRow,
  type RowScroll,
  type RowSpace,
  scrolledTo,
  settled,
  showRow,
  visibleRows,
} from "../../model/data/row-window";

/** A wheel turns in bursts; the bar is put right between them. */
const REST_MILLISECONDS = 150;

export interface RowWindow {
  /** CSS pixels of the element that holds the rows. */
  readonly height: number;
  /** The rows that exist, the last one not among them. */
  readonly first: number;
  readonly end: number;
  /** Where a row's top stands within that element. */
  readonly placeOf: (row: number) => number;
  readonly show: (row: number) => void;
}

export interface RowWindowOptions {
  readonly count: number;
  readonly rowHeight: number;
  /** Of what stays at the top while the rows are scrolled. */
  readonly headHeight?: number;
  /** Another content starts at its top. */
  readonly content: unknown;
}

export function useRowWindow(
  element: { readonly current: HTMLElement | null },
  { count, rowHeight, headHeight = 0, content }: RowWindowOptions,
): RowWindow {
  const [view, setView] = useState(0);
  const [scroll, setScroll] = useState<RowScroll>(AT_TOP);
  const now = useRef<RowScroll>(AT_TOP);
  const space: RowSpace = { count, rowHeight, view };
  const current = useRef(space);
  current.current = space;

  /** Let the list stand elsewhere, and the element with it. */
  const moveTo = (next: RowScroll) => {
    now.current = next;
    setScroll(next);
    if (element.current && element.current.scrollTop !== next.top) {
      element.current.scrollTop = next.top;
      // Half a pixel may be rounded away; what it says counts from here on.
      now.current = { ...next, top: element.current.scrollTop };
      setScroll(now.current);
    }
  };

  useLayoutEffect(() => {
    const scroller = element.current;
    if (!scroller) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const rest = () => moveTo(settled(current.current, now.current));
    const onScroll = () => {
      clearTimeout(timer);
      if (scroller.scrollTop === now.current.top) return;
      now.current = scrolledTo(current.current, now.current, scroller.scrollTop);
      if (isStuck(current.current, now.current)) rest();
      else setScroll(now.current);
      timer = setTimeout(rest, REST_MILLISECONDS);
    };
    const measure = () => setView(Math.max(0, scroller.clientHeight - headHeight));
    const observer = new ResizeObserver(measure);
    measure();
    observer.observe(scroller);
    scroller.addEventListener("scroll", onScroll, { passive: true });
    return () => {
      clearTimeout(timer);
      observer.disconnect();
      scroller.removeEventListener("scroll", onScroll);
    };
  }, [headHeight]);

  useEffect(() => moveTo(AT_TOP), [content]);

  return {
    height: heightOf(space),
    ...visibleRows(space, scroll),
    placeOf: (row) => placeOfRow(space, scroll, row),
    show: (row) => moveTo(showRow(current.current, now.current, row)),
  };
}

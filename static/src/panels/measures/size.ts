/** The size of an element as it is laid out, in CSS pixels. */
import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useState } from "preact/hooks";

export interface Box {
  readonly left: number;
  readonly width: number;
  readonly height: number;
}

const NOTHING: Box = { left: 0, width: 0, height: 0 };

/** Its own size; the left edge is that within the window. */
export function useBox(ref: RefObject<HTMLElement | null>): Box {
  const [box, setBox] = useState(NOTHING);
  useLayoutEffect(() => {
    const element = ref.current;
    if (!element) return;
    return watched(element, setBox);
  }, [ref]);
  return box;
}

/**
 * Where the timeline's axis stands: what is drawn below it has the same one. Without a timeline
 * the box is empty. Another element may have the axis when one of `inputs` changes.
 */
export function useTimelineBox(inputs: readonly unknown[]): Box {
  const [box, setBox] = useState(NOTHING);
  // After all is drawn: the timeline may be drawn anew at the same time.
  useEffect(() => {
    const chart = document.querySelector<HTMLElement>(".timeline-chart");
    if (chart) return watched(chart, setBox);
    setBox(NOTHING);
    return;
  }, inputs);
  return box;
}

function watched(element: HTMLElement, say: (box: Box) => void): () => void {
  const measure = () => {
    const { left, width, height } = element.getBoundingClientRect();
    say({ left, width, height });
  };
  measure();
  const observer = new ResizeObserver(measure);
  observer.observe(element);
  // Panels beside it move it without another size.
  window.addEventListener("resize", measure);
  return () => {
    observer.disconnect();
    window.removeEventListener("resize", measure);
  };
}

/** A line between two parts of the page that can be dragged, or moved by the arrow keys. */
import type { JSX } from "preact";
import { useRef } from "preact/hooks";

export interface SplitterProps {
  readonly name: string;
  /** The side on which the resized part stands. */
  readonly side: "left" | "right" | "below";
  readonly low: number;
  readonly high: number;
  /** The part's size as it is on the screen. */
  readonly measure: () => number;
  /** null goes back to what the window proposes. */
  readonly onResize: (size: number | null) => void;
}

const KEY_STEP = 24;

export function Splitter(props: SplitterProps): JSX.Element {
  const { name, side, low, high, measure, onResize } = props;
  const drag = useRef<{ readonly at: number; readonly size: number } | null>(null);
  const isVertical = side !== "below";
  const place = (event: PointerEvent) => (isVertical ? event.clientX : event.clientY);
  // Away from the edge of the window the part grows.
  const sign = side === "left" ? 1 : -1;
  const onKeyDown = (event: KeyboardEvent) => {
    const grow = side === "left" ? "ArrowRight" : side === "right" ? "ArrowLeft" : "ArrowUp";
    const shrink = side === "left" ? "ArrowLeft" : side === "right" ? "ArrowRight" : "ArrowDown";
    if (event.key === grow) onResize(measure() + KEY_STEP);
    else if (event.key === shrink) onResize(measure() - KEY_STEP);
    else if (event.key === "Home") onResize(null);
    else return;
    event.preventDefault();
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a line that can be moved is no thematic break
    <div
      class={`splitter is-${side}`}
      role="separator"
      tabIndex={0}
      aria-label={name}
      aria-orientation={isVertical ? "vertical" : "horizontal"}
      aria-valuemin={low}
      aria-valuemax={high}
      aria-valuenow={Math.round(measure())}
      title="Drag to resize, double-click to reset"
      onKeyDown={onKeyDown}
      onDblClick={() => onResize(null)}
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        drag.current = { at: place(event), size: measure() };
      }}
      onPointerMove={(event) => {
        const start = drag.current;
        if (start) onResize(start.size + sign * (place(event) - start.at));
      }}
      onPointerUp={() => {
        drag.current = null;
      }}
      onPointerCancel={() => {
        drag.current = null;
      }}
    />
  );
}

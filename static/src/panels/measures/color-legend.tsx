/** The legend of a color scale: its ends, its middle, and what has no number. */
import type { JSX } from "preact";
import { css, type Rgb } from "../../model/color/palette";

export interface ColorLegendProps {
  /** What the colors say. */
  readonly title: string;
  readonly low: string;
  readonly high: string;
  /** 0 to 1. */
  readonly color: (share: number) => Rgb;
}

const STOPS = 12;

export function ColorLegend({ title, low, high, color }: ColorLegendProps): JSX.Element {
  const stops = Array.from({ length: STOPS }, (_, at) => css(color(at / (STOPS - 1))));
  return (
    <div class="heat-legend" role="img" aria-label={`${title}: colors from ${low} to ${high}`}>
      <span class="heat-legend-title">{title}</span>
      <span
        class="heat-legend-bar"
        style={{ backgroundImage: `linear-gradient(to right, ${stops})` }}
      />
      <span class="heat-legend-ends number">
        <span>{low}</span>
        <span>{high}</span>
      </span>
    </div>
  );
}

/** In the legend: what a hollow point is. */
import type { JSX } from "preact";
import { hollowWords } from "../../store/selectors/matching";
import { useSelect } from "../context";

export function HollowPoints(): JSX.Element | null {
  const words = useSelect(hollowWords);
  if (!words) return null;
  return (
    <p class="legend-hollow hint" role="note" aria-label="Hollow points">
      <svg viewBox="0 0 12 12" aria-hidden="true">
        <circle cx="6" cy="6" r="4" />
      </svg>
      hollow: {words}
    </p>
  );
}

/** Where several views have a small window: the panels' buttons, and the colors in short. */
import type { JSX } from "preact";
import { hex } from "../../model/color/palette";
import { categoryName } from "../appearance/legend-text";
import { usePanel } from "../context";
import { PanelButton } from "../page/panel-button";

/** More colors than these have no room, and the panel has them all. */
const MOST_COLORS = 12;

export function Rail(): JSX.Element {
  return (
    <nav class="rail" aria-label="Panels over the views">
      <PanelButton panel="left" icon="sideLeft" name="Projection and colors" />
      <PanelButton panel="right" icon="sideRight" name="Inspector" />
      <Colors />
    </nav>
  );
}

/** The legend, as far as it fits. */
function Colors(): JSX.Element | null {
  const { derived } = usePanel();
  const legend = derived.legend.value;
  if (legend.kind !== "categories") return null;
  return (
    <ul class="rail-colors" aria-label="Colors">
      {legend.entries.slice(0, MOST_COLORS).map(({ key, name, color }) => (
        <li key={key} title={categoryName(name)}>
          <i style={{ background: hex(color) }} />
          <span>{categoryName(name)}</span>
        </li>
      ))}
    </ul>
  );
}

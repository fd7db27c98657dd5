/** Reads the plot's colors from the style sheet, so that there is one list of colors. */
import type { Theme } from "../../render/scene/types";

export function cloudTheme(): Theme {
  const style = getComputedStyle(document.documentElement);
  const color = (name: string) => style.getPropertyValue(`--plot-${name}`).trim();
  return {
    background: color("background"),
    text: color("text"),
    textHalo: color("text-halo"),
    ghost: color("ghost"),
    selectedRing: color("selected-ring"),
    hoverRing: color("hover-ring"),
    axes: color("axes"),
  };
}

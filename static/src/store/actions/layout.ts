/** Panels are resized, folded away and opened. */
import { type Arrangement, type PanelName, SIZE_RANGE } from "../state/layout";
import type { Action } from "../store";

export function resizePanel(panel: PanelName, size: number | null): Action {
  return (state) => {
    const [low, high] = SIZE_RANGE[panel];
    const fitting = size === null ? null : Math.round(Math.min(high, Math.max(low, size)));
    const { arrangement } = state;
    const sizes = { ...arrangement.sizes, [panel]: fitting };
    return { ...state, arrangement: { ...arrangement, sizes } };
  };
}

export function togglePanel(panel: PanelName, isOpen?: boolean): Action {
  return (state) => {
    const { arrangement } = state;
    const open = { ...arrangement.open, [panel]: isOpen ?? !arrangement.open[panel] };
    return { ...state, arrangement: { ...arrangement, open } };
  };
}

/** As it was left the last time. */
export function restoreArrangement(arrangement: Arrangement): Action {
  return (state) => ({ ...state, arrangement });
}

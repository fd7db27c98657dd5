/** Resizes, closes and opens panels. */
import type { MeasureName } from "../../model/data/measurement";
import { isCompact } from "../selectors/layout";
import { type PanelName, type SheetName, SIZE_RANGE } from "../state/layout";
import type { Action } from "../store";

export function resizePanel(panel: PanelName, size: number | null): Action {
  return (state) => {
    const [low, high] = SIZE_RANGE[panel];
    const fitting = size === null ? null : Math.round(Math.min(high, Math.max(low, size)));
    const { layout } = state;
    const sizes = { ...layout.sizes, [panel]: fitting };
    return { ...state, layout: { ...layout, sizes } };
  };
}

export function togglePanel(panel: PanelName, isOpen?: boolean): Action {
  return (state) => {
    const { layout } = state;
    if (panel !== "table" && isCompact(state)) {
      const wanted = isOpen ?? layout.drawer !== panel;
      const left = layout.drawer === panel ? null : layout.drawer;
      return { ...state, layout: { ...layout, drawer: wanted ? panel : left } };
    }
    const open = { ...layout.open, [panel]: isOpen ?? !layout.open[panel] };
    return { ...state, layout: { ...layout, open } };
  };
}

/** Show all views of a narrow window one over the other, or the active one alone. */
export function overlayViews(isOverlaid: boolean): Action {
  return (state) => ({ ...state, layout: { ...state.layout, isOverlaid } });
}

/** Show a measure of all steps below the plot; null folds them away. */
export function showMeasure(measure: MeasureName | null): Action {
  return (state) => ({ ...state, layout: { ...state.layout, measure } });
}

/** Show a sheet of a narrow window; that one again folds it away. */
export function toggleSheet(sheet: SheetName): Action {
  return (state) => {
    const { layout } = state;
    const next = layout.sheet === sheet ? null : sheet;
    return { ...state, layout: { ...layout, sheet: next } };
  };
}

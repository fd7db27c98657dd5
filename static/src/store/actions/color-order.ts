/** Arranges the colors of many categories once both they and their places are known. */
import { N_COLORS, N_DISTINCT } from "../../model/color/palette";
import { arrangeColors } from "../../model/view/color-order";
import { colorColumn, shownDataset } from "../selectors/shown";
import type { State } from "../state/state";

/** In the step that brings the last of the two, so that no color is seen to change. */
export function withColorsArranged(state: State): State {
  const data = shownDataset(state);
  const column = data && colorColumn(state, data);
  const codes = column && data?.columns[column.index]?.codes;
  const { shown } = state.work;
  if (!codes || !shown || codes.categories.n_categories <= N_DISTINCT) return state;
  const colored = codes.categories.names.slice(0, N_COLORS);
  if (colored.every((name) => state.colorOrder.has(name))) return state;
  const colorOrder = arrangeColors(codes, shown.positions, state.colorOrder);
  return { ...state, colorOrder };
}

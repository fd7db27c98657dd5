/** Which panels are open, as the window has room for them. */
import type { PanelName } from "../state/layout";
import type { State } from "../state/state";

/** Several views in a small window: the panels lie over them, and only while they are wanted. */
export function isCompact({ page, views }: State): boolean {
  return page.isSmall && views.order.length > 1;
}

export function isPanelOpen(state: State, panel: PanelName): boolean {
  const { layout } = state;
  return panel !== "table" && isCompact(state) ? layout.drawer === panel : layout.open[panel];
}

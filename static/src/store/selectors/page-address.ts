/** The page's address: what a link, a bookmark and the browser's own address say of all views. */
import { encodePage } from "../../model/view/page-url";
import type { RootState } from "../state/root-state";
import { stateOf } from "../state/state";
import { selection } from "./shown";

/** The part after the #; `isWhole` has every selected row, however many there are. */
export function pageAddress(root: RootState, isWhole = false): string {
  const views = root.order.map((id) => stateOf(root, id));
  const written = views.map((state) => ({ view: state.view, selection: selection(state) }));
  const active = root.order.indexOf(root.active);
  return encodePage(written, active, root.page.page.isCameraLinked, isWhole);
}

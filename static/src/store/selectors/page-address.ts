/** The page's address: what a link, a bookmark and the browser's own address say of all views. */
import { encodePage } from "../../model/view/page-url";
import type { RootState } from "../state/root-state";
import { type State, stateOf } from "../state/state";
import { selection } from "./shown";

/** The part after the #, of what each view sees. */
export function addressOf(states: readonly State[], isWhole = false): string {
  const [first] = states;
  if (!first) return "";
  const { views, page } = first;
  const written = states.map((state) => ({ view: state.view, selection: selection(state) }));
  const active = views.order.indexOf(views.active);
  return encodePage(written, active, page.isCameraLinked, isWhole, page.matchBy);
}

/** The same with every selected row, however many there are. */
export function wholeAddress(root: RootState): string {
  return addressOf(
    root.order.map((id) => stateOf(root, id)),
    true,
  );
}

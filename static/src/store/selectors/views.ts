/** The views of the page, as one of them sees them. */
import type { State } from "../state/state";

/** A, B, C, … in the order of the page. */
export function viewLetter({ views }: State): string {
  return String.fromCharCode(65 + Math.max(0, views.order.indexOf(views.own)));
}

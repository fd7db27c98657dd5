/** Handles requests to select all shown points or to invert the selection. */
import { POINT_FLAG } from "../../model/view/point-flags";
import { combine, type Selection } from "../../model/view/selection";
import { select } from "../../store/actions/selection";
import type { Derived } from "../../store/derived/derived";
import type { Handlers } from "../../store/handlers";
import { selection } from "../../store/selectors/shown";
import type { Store } from "../../store/store";

export function selectionRequests(
  store: Store,
  derived: Derived,
): Handlers<"select-shown" | "invert-selection"> {
  return {
    "select-shown": () => store.dispatch(select(shownRows(derived.flags.peek()))),
    "invert-selection"() {
      const old = selection(store.state.peek());
      store.dispatch(select(combine(shownRows(derived.flags.peek()), old, "subtract")));
    },
  };
}

/** All rows that are neither filtered out nor hidden. */
function shownRows(flags: Uint8Array): Selection {
  const away = POINT_FLAG.ghost | POINT_FLAG.hidden;
  const rows = new Uint32Array(flags.length);
  let n = 0;
  for (let row = 0; row < flags.length; row++) {
    if (((flags[row] as number) & away) === 0) rows[n++] = row;
  }
  return rows.slice(0, n);
}

/** Selections that depend on what is shown just now. */
import { POINT_FLAG } from "../../model/view/point-flags";
import { combine, type Selection } from "../../model/view/selection";
import { select } from "../../store/actions/selection";
import type { Derived } from "../../store/derived/derived";
import { selection } from "../../store/selectors/shown";
import type { Store } from "../../store/store";

export function startSelectionRequests(store: Store, derived: Derived): () => void {
  return store.onRequest((intent) => {
    if (intent.kind !== "select-shown" && intent.kind !== "invert-selection") return;
    const shown = shownRows(derived.flags.peek());
    const old = selection(store.state.peek());
    const next = intent.kind === "select-shown" ? shown : combine(shown, old, "subtract");
    store.dispatch(select(next));
  });
}

/** All rows that are neither filtered out nor out of sight. */
export function shownRows(flags: Uint8Array): Selection {
  const away = POINT_FLAG.ghost | POINT_FLAG.hidden;
  const rows = new Uint32Array(flags.length);
  let n = 0;
  for (let row = 0; row < flags.length; row++) {
    if (((flags[row] as number) & away) === 0) rows[n++] = row;
  }
  return rows.slice(0, n);
}

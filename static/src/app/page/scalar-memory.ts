/** Stores in the browser which scalar is shown, and whether the chart is open. */
import { effect } from "@preact/signals";
import { restoreScalars } from "../../store/actions/scalars";
import type { Store } from "../../store/store";
import { recall, remember } from "../browser/storage";

const TAG = "scalar";
const CLOSED = "scalars-closed";

export function startScalarMemory(store: Store): () => void {
  store.dispatch(restoreScalars(recall(TAG), recall(CLOSED) === null));
  const scalars = store.select((state) => state.scalars);
  return effect(() => {
    const { tag, isOpen } = scalars.value;
    remember(TAG, tag);
    remember(CLOSED, isOpen ? null : "1");
  });
}

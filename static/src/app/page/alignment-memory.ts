/** Stores in the browser whether steps keep their orientation. */
import { effect } from "@preact/signals";
import { setSetting } from "../../store/actions/view";
import type { Store } from "../../store/store";
import { recall, remember } from "../browser/storage";

const FREE = "free-orientation";

export function startAlignmentMemory(store: Store): () => void {
  if (recall(FREE) !== null) store.dispatch(setSetting("keepOrientation", false));
  const keeps = store.select(({ view }) => view.keepOrientation);
  return effect(() => {
    remember(FREE, keeps.value ? null : "1");
  });
}

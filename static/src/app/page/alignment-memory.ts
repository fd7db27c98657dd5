/** Remembers whether steps keep their orientation; a link that says it stands before that. */
import { effect } from "@preact/signals";
import { setKeepOrientation } from "../../store/actions/quality";
import type { Store } from "../../store/store";
import { recall, remember } from "../browser/storage";

const FREE = "free-orientation";

export function startAlignmentMemory(store: Store): () => void {
  if (recall(FREE) !== null) store.dispatch(setKeepOrientation(false));
  const keeps = store.select(({ view }) => view.keepOrientation);
  return effect(() => {
    remember(FREE, keeps.value ? null : "1");
  });
}

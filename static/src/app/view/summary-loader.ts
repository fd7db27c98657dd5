/** Finds where the selection differs from the others, once it rests. */
import { computed } from "@preact/signals";
import type { Api } from "../../api/api";
import { messageOf } from "../../api/errors";
import { summaryAsked, summaryFailed, summaryFound } from "../../store/actions/summary";
import { selection, shownDataset } from "../../store/selectors/shown";
import { comparedWith } from "../../store/selectors/summary";
import type { State } from "../../store/state/state";
import type { Store } from "../../store/store";
import { latest, pause } from "../browser/latest";
import { numbering } from "../browser/numbering";

/** A lasso that is being drawn selects anew in every frame. */
const REST_MILLISECONDS = 120;

export function startSummary(store: Store, api: Api): () => void {
  const numberOf = numbering();
  const asked = computed(() => {
    const state = store.state.value;
    const rows = selection(state);
    if (rows.length < 2 || state.page.inspector !== "inspect" || !state.work.shown) return "";
    const other = comparedWith(state)?.rows;
    return [numberOf(rows), other ? numberOf(other) : "rest", ...contentOf(state)].join(" ");
  });
  let answered = "";
  return latest(
    asked,
    async (key, signal) => {
      const state = store.state.peek();
      const info = shownDataset(state)?.info;
      // Coming back to a tab finds the answer where it was.
      if (key === "" || !info || (key === answered && state.summary.answer.value)) return;
      store.dispatch(summaryAsked());
      await pause(REST_MILLISECONDS, signal);
      const other = comparedWith(state)?.rows;
      const groups = [selection(state), ...(other ? [other] : [])];
      const found = await api.points.contrast(info, groups, signal);
      signal.throwIfAborted();
      answered = key;
      store.dispatch(summaryFound(found));
    },
    (error) => store.dispatch(summaryFailed(messageOf(error))),
  );
}

/** Tags change what columns say. */
function contentOf({ work, datasets }: State): unknown[] {
  const id = work.shown?.dataset ?? "";
  return [id, datasets[id]?.revision, datasets[id]?.tags];
}

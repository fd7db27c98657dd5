/** Asks how long the suggested method will take, once it is suggested. */
import type { Api } from "../../api/api";
import { estimatesLoaded } from "../../store/actions/data";
import { suggestion } from "../../store/selectors/first-minute";
import { shownDataset } from "../../store/selectors/shown";
import type { Store } from "../../store/store";
import { latest } from "../browser/latest";

export function startEstimates(store: Store, api: Api): () => void {
  const wanted = store.select((state) => {
    const data = shownDataset(state);
    return data && !data.estimates && suggestion(state) ? data.info.id : "";
  });
  return latest(
    wanted,
    async (id, signal) => {
      if (id === "") return;
      const estimates = await api.datasets.estimates(id, signal);
      // Not `signal`: that it has come is what ends the question.
      store.dispatch(estimatesLoaded(id, estimates));
    },
    // Without it the suggestion names no time.
    () => undefined,
  );
}

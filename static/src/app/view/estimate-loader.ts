/** Asks how long methods will take, once one of them is suggested. */
import type { Api } from "../../api/api";
import { estimatesLoaded } from "../../store/actions/data";
import type { Handlers } from "../../store/handlers";
import { shownDataset } from "../../store/selectors/shown";
import type { Store } from "../../store/store";

export function estimateRequests(store: Store, api: Api): Handlers<"load-estimates"> {
  return {
    async "load-estimates"() {
      const data = shownDataset(store.state.peek());
      if (!data || data.estimates) return;
      // Without an answer the suggestion names no time.
      const found = await api.datasets.estimates(data.info.id).catch(() => ({}));
      store.dispatch(estimatesLoaded(data.info.id, found));
    },
  };
}

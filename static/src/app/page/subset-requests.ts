/** Shows some points as a dataset of their own. */
import type { Api } from "../../api/api";
import { entryWithId, placeOf } from "../../model/data/listing";
import { goTo } from "../../store/actions/place";
import { clearSelection } from "../../store/actions/selection";
import type { Handlers } from "../../store/handlers";
import { listingOf } from "../../store/selectors/listing";
import { shownDataset } from "../../store/selectors/shown";
import type { RootStore } from "../../store/store";
import { loadListing } from "./listing-loader";

export function subsetRequests(root: RootStore, api: Api): Handlers<"project-only"> {
  return {
    async "project-only"({ rows }, view) {
      const info = shownDataset(view.state.peek())?.info;
      if (!info || rows.length === 0) return;
      const id = await api.datasets.subset(info, rows);
      await loadListing(root, api);
      const listing = listingOf(view.state.peek());
      const entry = listing && entryWithId(listing, id);
      if (!entry) return;
      view.dispatch(clearSelection());
      view.dispatch(goTo(placeOf(entry)));
    },
  };
}

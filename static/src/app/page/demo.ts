/** Opens the demo data. */
import type { Api } from "../../api/api";
import { placeOf } from "../../model/data/listing";
import { goTo } from "../../store/actions/place";
import type { Handlers } from "../../store/handlers";
import { listingOf } from "../../store/selectors/listing";
import type { RootStore } from "../../store/store";
import { loadListing } from "./listing-loader";

export function demoRequests(root: RootStore, api: Api): Handlers<"open-demo"> {
  return {
    async "open-demo"(_, view) {
      const [first] = await api.catalog.openDemo();
      await loadListing(root, api);
      const { entries } = listingOf(view.state.peek()) ?? { entries: [] };
      const entry = entries.find(({ id }) => id === first);
      const last = entries.findLast(({ run, name }) => run === entry?.run && name === entry?.name);
      if (last) view.dispatch(goTo(placeOf(last)));
    },
  };
}

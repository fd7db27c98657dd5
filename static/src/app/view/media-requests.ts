/** Finds out why an image or a sound of a point cannot be shown: its element does not say. */
import type { Api } from "../../api/api";
import { mediaExplained } from "../../store/actions/selection";
import type { Handlers } from "../../store/handlers";
import type { Store } from "../../store/store";

export function mediaRequests(store: Store, api: Api): Handlers<"explain-media"> {
  return {
    async "explain-media"({ key, place }) {
      store.dispatch(mediaExplained(key, await api.media.problem(place)));
    },
  };
}

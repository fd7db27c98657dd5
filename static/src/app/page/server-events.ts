/** Hears the server: news of the log, of projections, and whether it is there at all. */
import type { Api } from "../../api/api";
import { messageOf } from "../../api/errors";
import type { Place } from "../../model/data/listing";
import { isWorking } from "../../model/projection/projection";
import { connectionChanged } from "../../store/actions/page";
import {
  listingFailed,
  listingLoaded,
  methodsFailed,
  methodsLoaded,
} from "../../store/actions/place";
import { projectionHeard } from "../../store/actions/projection";
import { wantedProjection } from "../../store/selectors/request";
import type { Store } from "../../store/store";
import type { ProjectionLoader } from "../view/projection-loader";
import type { Sharing } from "./selection-sync";

export async function loadLog(
  store: Store,
  api: Api,
  wanted: Partial<Place> = {},
  isOpen = false,
): Promise<void> {
  try {
    store.dispatch(listingLoaded(await api.catalog.listing(), wanted, isOpen));
  } catch (error) {
    store.dispatch(listingFailed(messageOf(error)));
  }
}

export async function loadMethods(store: Store, api: Api): Promise<void> {
  try {
    store.dispatch(methodsLoaded(await api.catalog.methods()));
  } catch (error) {
    store.dispatch(methodsFailed(messageOf(error)));
  }
}

export function startListening(
  store: Store,
  api: Api,
  pictures: ProjectionLoader,
  sharing: Sharing,
): () => void {
  return api.events.listen({
    onLog(version) {
      const { listing } = store.state.peek().log;
      if (listing.status === "ready" && listing.value.version === version) return;
      void loadLog(store, api);
    },
    onProjection(projection) {
      // Other pages work on the same server: what this one never asked for is none of its business.
      if (store.state.peek().work.projections[projection.id]) {
        store.dispatch(projectionHeard(projection));
      }
    },
    onSelection: sharing.hear,
    onConnection(isConnected) {
      store.dispatch(connectionChanged(isConnected));
    },
    onResume() {
      void catchUp(store, api, pictures);
    },
  });
}

/** After a gap: whatever was missed meanwhile is asked for once. */
async function catchUp(store: Store, api: Api, pictures: ProjectionLoader): Promise<void> {
  await loadLog(store, api);
  const { methods } = store.state.peek().log;
  if (methods.status !== "ready") await loadMethods(store, api);
  const projection = wantedProjection(store.state.peek());
  if (projection && isWorking(projection)) {
    await api.projections
      .get(projection.id)
      .then((news) => store.dispatch(projectionHeard(news)))
      // A server that was started anew does not know it any more: it is asked for again below.
      .catch(() => undefined);
  }
  if (store.state.peek().work.request.status === "failed") pictures.retry();
}

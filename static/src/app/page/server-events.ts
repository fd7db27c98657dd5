/** Applies the events of the server: listing, projections, selection, connection. */

import type { Api } from "../../api/api";
import { isWorking } from "../../model/data/work";

import { connectionChanged, connectionCrowded } from "../../store/actions/page";
import { projectionHeard } from "../../store/actions/projection";
import { isLooking, listingOf, methodsOf } from "../../store/selectors/listing";
import { requestedProjection } from "../../store/selectors/request";
import type { State } from "../../store/state/state";
import type { ViewId } from "../../store/state/view-id";
import { activeScope, type RootStore, viewStates } from "../../store/store";
import { loadListing, loadMethods } from "./listing-loader";
import type { SelectionSync } from "./selection-sync";

/** Asks again for what a view wants. */
export type Retry = (view: ViewId) => void;

export function startListening(
  root: RootStore,
  api: Api,
  retry: Retry,
  selections: Pick<SelectionSync, "hear">,
): () => void {
  const store = activeScope(root);
  return api.events.listen({
    onLog(version) {
      if (listingOf(store.state.peek())?.version !== version) void loadListing(root, api);
    },
    onProjection(projection) {
      // Other pages work on the same server: what this one never asked for does not concern it.
      if (store.state.peek().work.projections[projection.id]) {
        store.dispatch(projectionHeard(projection));
      }
    },
    onSelection: selections.hear,
    onConnection(isConnected) {
      store.dispatch(connectionChanged(isConnected));
      // Between the listing and the stream, the server may have looked at the rest.
      if (isConnected && isLooking(store.state.peek())) void loadListing(root, api);
    },
    onCrowded() {
      store.dispatch(connectionCrowded());
    },
    onResume() {
      void catchUp(root, api, retry);
    },
  });
}

/** After a gap: fetch what may have been missed. */
async function catchUp(root: RootStore, api: Api, retry: Retry): Promise<void> {
  const store = activeScope(root);
  await loadListing(root, api);
  if (!methodsOf(store.state.peek())) await loadMethods(root, api);
  const views = viewStates(root);
  for (const id of new Set([...views.peek().values()].flatMap(workingOn))) {
    await api.projections
      .get(id)
      .then((news) => store.dispatch(projectionHeard(news)))
      // A restarted server does not know it any more: it is requested again below.
      .catch(() => undefined);
  }
  for (const [view, { work }] of views.peek()) if (work.request.status === "failed") retry(view);
}

function workingOn(state: State): readonly string[] {
  const projection = requestedProjection(state);
  return projection && isWorking(projection) ? [projection.id] : [];
}

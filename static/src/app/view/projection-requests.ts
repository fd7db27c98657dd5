/** Handles requests to run, stop, pause and resume a projection. */
import type { Api } from "../../api/api";
import { projectionHeard, requestDraft } from "../../store/actions/projection";
import type { Handlers } from "../../store/handlers";
import { requestKey, wantedProjection } from "../../store/selectors/request";
import type { Store } from "../../store/store";

export function projectionRequests(
  store: Store,
  api: Api,
  retry: () => void,
): Handlers<"run" | "stop" | "pause" | "resume"> {
  const act = ({ kind }: { readonly kind: "stop" | "pause" | "resume" }) =>
    control(store, api, kind);
  return {
    run() {
      const before = store.state.peek();
      store.dispatch(requestDraft());
      const after = store.state.peek();
      const isSame =
        requestKey(before, before.view.request) === requestKey(after, after.view.request);
      const isMissing = !wantedProjection(after) || after.work.request.status === "failed";
      // The same request again means: it failed or was stopped, and should be tried once more.
      if (isSame && isMissing) retry();
    },
    stop: act,
    pause: act,
    resume: act,
  };
}

async function control(store: Store, api: Api, what: "stop" | "pause" | "resume"): Promise<void> {
  const projection = wantedProjection(store.state.peek());
  if (!projection) return;
  await api.projections[what](projection.id);
  // Paused work may send no event for a while.
  store.dispatch(projectionHeard(await api.projections.get(projection.id)));
}

/** Passes on to a running method what is changed in its form, once the hand rests. */
import type { Api } from "../../api/api";
import { ApiError, messageOf } from "../../api/errors";
import { type Params, withoutDefaults } from "../../model/projection/method";
import type { Projection } from "../../model/projection/projection";
import { projectionModified } from "../../store/actions/live-parameters";
import { notify } from "../../store/actions/page";
import { pendingChanges, updatable } from "../../store/selectors/live-parameters";
import { wantedProjection } from "../../store/selectors/request";
import type { Store } from "../../store/store";
import { latest, pause } from "../browser/latest";

/** A slider on its way passes many values. */
const REST_MILLISECONDS = 250;

export function startLiveParameters(store: Store, api: Api): () => void {
  // One after the other: each answer has the id that the next change has to name.
  let last: Promise<void> = Promise.resolve();
  const queue = (task: () => Promise<void>) => {
    last = last.then(task).catch((error: unknown) => say(store, error));
  };
  const wanted = store.select((state) => {
    const changes = pendingChanges(state);
    return changes ? JSON.stringify(changes) : "";
  });
  const stopWatching = latest(
    wanted,
    async (key, signal) => {
      if (key === "") return;
      await pause(REST_MILLISECONDS, signal);
      queue(async () => {
        const changes = pendingChanges(store.state.peek());
        if (changes) await modify(store, api, (id) => api.projections.update(id, changes), changes);
      });
    },
    () => undefined,
  );
  const stopHearing = store.onRequest((intent) => {
    if (intent.kind !== "run-action") return;
    queue(() => modify(store, api, (id) => api.projections.act(id, intent.action)));
  });
  return () => {
    stopWatching();
    stopHearing();
  };
}

async function modify(
  store: Store,
  api: Api,
  send: (projection: string) => Promise<Projection>,
  changes: Params = {},
): Promise<void> {
  const found = updatable(store.state.peek());
  if (!found) return;
  const { projection } = found;
  const news = await send(projection.id);
  const state = store.state.peek();
  if (wantedProjection(state)?.id !== projection.id) {
    // Left meanwhile, and stopped under a name that it no longer has.
    api.projections.stop(news.id).catch(() => undefined);
    return;
  }
  const params = { ...state.view.request.params, ...changes };
  store.dispatch(projectionModified(projection.id, news, withoutDefaults(found.method, params)));
}

/** Work that ended in the same moment can not be changed any more: the form says so already. */
function say(store: Store, error: unknown): void {
  if (error instanceof ApiError && (error.status === 409 || error.status === 404)) return;
  store.dispatch(notify("error", messageOf(error)));
}

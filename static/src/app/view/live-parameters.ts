/** Sends changed live parameters and actions to the running method. */
import type { Api } from "../../api/api";
import { ApiError } from "../../api/errors";
import { type Params, withoutDefaults } from "../../model/projection/method";
import type { Projection } from "../../model/projection/projection";
import { projectionModified } from "../../store/actions/live-parameters";
import type { Handlers } from "../../store/handlers";
import { pendingChanges, updatable } from "../../store/selectors/live-parameters";
import { wantedProjection } from "../../store/selectors/request";
import type { Store } from "../../store/store";
import { latest, pause } from "../browser/latest";
import { report } from "../report";

/** A slider that is dragged passes many values. */
const REST_MILLISECONDS = 250;

export interface LiveParameters {
  readonly handlers: Handlers<"run-action">;
  stop(): void;
}

export function startLiveParameters(store: Store, api: Api): LiveParameters {
  // One after the other: each answer has the id that the next change has to name.
  let last: Promise<void> = Promise.resolve();
  const queue = (task: () => Promise<void>) => {
    last = last.then(task).catch((error: unknown) => say(store, error));
    return last;
  };
  const wanted = store.select((state) => {
    const changes = pendingChanges(state);
    return changes ? JSON.stringify(changes) : "";
  });
  const stop = latest(
    wanted,
    async (key, signal) => {
      if (key === "") return;
      await pause(REST_MILLISECONDS, signal);
      await queue(async () => {
        const changes = pendingChanges(store.state.peek());
        if (changes) await modify(store, api, (id) => api.projections.update(id, changes), changes);
      });
    },
    () => undefined,
  );
  return {
    handlers: {
      "run-action": ({ action }) =>
        queue(() => modify(store, api, (id) => api.projections.act(id, action))),
    },
    stop,
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
  const modified = await send(projection.id);
  const state = store.state.peek();
  if (wantedProjection(state)?.id !== projection.id) {
    // The view has moved on meanwhile and stopped it under its former id.
    api.projections.stop(modified.id).catch(() => undefined);
    return;
  }
  const params = withoutDefaults(found.method, { ...state.view.request.params, ...changes });
  store.dispatch(projectionModified(projection.id, modified, params));
}

/** Work that ended in the same moment cannot be changed any more: the form says so already. */
function say(store: Store, error: unknown): void {
  if (error instanceof ApiError && (error.status === 409 || error.status === 404)) return;
  report(store)(error);
}

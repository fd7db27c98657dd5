/** Asks how near points are to their neighbors, and follows the work. */

import type { Api } from "../../api/api";
import { messageOf } from "../../api/errors";
import { isWorking } from "../../model/data/work";

import { nearnessFailed, nearnessHeard, nearnessStopped } from "../../store/actions/checks";
import type { Handlers } from "../../store/handlers";
import { nearnessKey } from "../../store/selectors/checks";
import { shownDataset } from "../../store/selectors/shown";
import type { Store } from "../../store/store";
import { latest, pause } from "../browser/latest";

const LOOK_MILLISECONDS = 300;

export interface NearnessLoader {
  readonly handlers: Handlers<"stop-nearness">;
  stop(): void;
}

export function startNearness(store: Store, api: Api): NearnessLoader {
  const asked = store.select((state) => {
    const key = state.checks.asked;
    return key === nearnessKey(state) ? key : "";
  });
  const stop = latest(
    asked,
    async (key, signal) => {
      const state = store.state.peek();
      const info = shownDataset(state)?.info;
      if (key === "" || !info || info.n_points < 2) return;
      const { k, metric } = state.view;
      const how = { k: Math.min(k, info.n_points - 1), metric };
      let work = await api.nearness.start(info.id, how, signal);
      for (;;) {
        signal.throwIfAborted();
        store.dispatch(nearnessHeard(work));
        if (!isWorking(work)) return;
        await pause(LOOK_MILLISECONDS, signal);
        work = await api.nearness.get(work.id, signal);
      }
    },
    (error) => store.dispatch(nearnessFailed(messageOf(error))),
  );
  return {
    handlers: {
      async "stop-nearness"() {
        const { work } = store.state.peek().checks;
        store.dispatch(nearnessStopped());
        if (work) await api.nearness.stop(work.id);
      },
    },
    stop,
  };
}

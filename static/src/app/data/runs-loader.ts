/** Fetches training runs: all of them for the table, and those that several views show. */
import { computed } from "@preact/signals";
import type { Api } from "../../api/api";
import { messageOf } from "../../api/errors";
import { allRunsChanged, runsLoaded } from "../../store/actions/runs";
import type { Handlers } from "../../store/handlers";
import { runsOfViews } from "../../store/selectors/views";
import { LOADING } from "../../store/state/loadable";
import { activeScope, type RootStore } from "../../store/store";
import { latest } from "../browser/latest";

export interface Runs {
  readonly handlers: Handlers<"load-runs">;
  stop(): void;
}

export function startRuns(root: RootStore, api: Api): Runs {
  const store = activeScope(root);
  const shown = computed(() => runsOfViews(root.state.value).join("\n"));
  const stop = latest(
    shown,
    async (_, signal) => {
      const names = runsOfViews(root.state.peek());
      const { known } = store.state.peek().runs;
      // One view needs no word of how its run differs from others.
      if (names.length < 2 || names.every((name) => known[name])) return;
      const found = await api.runs.list(names, signal);
      signal.throwIfAborted();
      store.dispatch(runsLoaded(found));
    },
    // The captions of views do without.
    () => undefined,
  );
  return {
    handlers: {
      async "load-runs"() {
        if (store.state.peek().runs.all.status !== "ready") store.dispatch(allRunsChanged(LOADING));
        try {
          store.dispatch(allRunsChanged({ status: "ready", value: await api.runs.list(null) }));
        } catch (error) {
          store.dispatch(allRunsChanged({ status: "failed", message: messageOf(error) }));
        }
      },
    },
    stop,
  };
}

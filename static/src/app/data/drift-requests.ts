/** Handles what is asked about the drift between two views; its code comes when it is first asked. */
import type { Api } from "../../api/api";
import type { Handlers } from "../../store/handlers";
import type { RootStore } from "../../store/store";

export interface DriftRequests {
  readonly handlers: Handlers<
    "show-drift" | "stop-drift" | "load-drift" | "load-drift-groups" | "load-drift-neighbors"
  >;
  stop(): void;
}

export function startDrift(root: RootStore, api: Api): DriftRequests {
  const ending = new AbortController();
  const finder = async () => {
    const { DriftFinder } = await import("./drift-finder");
    return new DriftFinder(root, api, ending.signal);
  };
  return {
    handlers: {
      "show-drift": async ({ from, to }, view) => (await finder()).show(view, from, to),
      "stop-drift": async () => (await finder()).stop(),
      "load-drift": async (_, view) => (await finder()).load(view),
      "load-drift-groups": async () => (await finder()).loadGroups(),
      "load-drift-neighbors": async ({ point }) => (await finder()).loadNeighbors(point),
    },
    stop: () => ending.abort(),
  };
}

/**
 * Looks for clusters: when a person asks, and by itself for many points without groups, once the
 * first picture stands and nothing else works.
 */
import { effect, untracked } from "@preact/signals";
import type { Api } from "../../api/api";
import type { Dataset } from "../../model/data/dataset";
import { clustersChanged } from "../../store/actions/clusters";
import { setSetting } from "../../store/actions/view";
import type { Handlers } from "../../store/handlers";
import { clusterSearch, unaskedClusters } from "../../store/selectors/clusters";
import { finishedProjection } from "../../store/selectors/quality";
import { shownDataset } from "../../store/selectors/shown";
import { STOPPED } from "../../store/state/clusters";
import type { State } from "../../store/state/state";
import { activeScope, type RootStore, viewStates } from "../../store/store";

/** A first picture that stays so long is not about to be replaced. */
const REST_MILLISECONDS = 1200;

export interface ClusterFinder {
  readonly handlers: Handlers<"find-clusters" | "stop-clusters">;
  stop(): void;
}

export function startClusters(root: RootStore, api: Api): ClusterFinder {
  const store = activeScope(root);
  const views = viewStates(root);
  const tried = new Set<string>();
  const timers = new Set<ReturnType<typeof setTimeout>>();
  const ending = new AbortController();
  const find = async (state: State, projection: string | null, isAsked: boolean) => {
    const info = shownDataset(state)?.info;
    if (!info) return;
    const { Search } = await import("./cluster-search");
    const search = new Search(store, api, info, isAsked, ending.signal);
    await search.run(metricFor(state, info), projection);
  };
  const stopWatching = effect(() => {
    const states = [...views.value.values()];
    untracked(() => {
      for (const state of states) {
        const content = unaskedClusters(state);
        if (content === null || tried.has(content)) continue;
        tried.add(content);
        const timer = setTimeout(() => {
          timers.delete(timer);
          void find(state, null, false);
        }, REST_MILLISECONDS);
        timers.add(timer);
      }
    });
  });
  return {
    handlers: {
      "find-clusters": ({ inPicture }, view) => {
        const state = view.state.peek();
        const projection = inPicture ? (finishedProjection(state)?.id ?? null) : null;
        view.dispatch(setSetting("clusterNames", true));
        return find(state, projection, true);
      },
      async "stop-clusters"(_, view) {
        const state = view.state.peek();
        const search = clusterSearch(state);
        const content = shownDataset(state)?.info.content;
        if (!content || search?.status !== "working") return;
        view.dispatch(clustersChanged(content, STOPPED));
        if (search.id !== "") await api.clusters.stop(search.id);
      },
    },
    stop() {
      ending.abort();
      stopWatching();
      for (const timer of timers) clearTimeout(timer);
    },
  };
}

/** As the lists of nearest neighbors are: but places in two or three dimensions have no direction. */
function metricFor({ view }: State, { n_dims }: Dataset): string {
  return n_dims <= 3 ? "euclidean" : view.metric;
}

/**
 * Looks for clusters: when a person asks, and by itself for many points without groups, once the
 * first picture stands and nothing else works.
 */
import { effect, untracked } from "@preact/signals";
import type { Api } from "../../api/api";
import { messageOf } from "../../api/errors";
import type { ClusterAnswer } from "../../model/data/clusters";
import type { Dataset } from "../../model/data/dataset";
import { isWorking } from "../../model/data/work";
import { clustersChanged } from "../../store/actions/clusters";
import { columnsMade } from "../../store/actions/data";
import { notify } from "../../store/actions/page";
import { setSetting } from "../../store/actions/view";
import type { Handlers } from "../../store/handlers";
import { clusterSearch, unaskedClusters } from "../../store/selectors/clusters";
import { finishedProjection } from "../../store/selectors/quality";
import { shownDataset } from "../../store/selectors/shown";
import type { ClusterSearch } from "../../store/state/clusters";
import type { State } from "../../store/state/state";
import { activeScope, type RootStore, type Store, viewStates } from "../../store/store";
import { pause } from "../browser/latest";

/** Between two looks at a search: short at first, as small data is done at once. */
const LOOK_MILLISECONDS = [150, 300, 600, 1000];
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

class Search {
  constructor(
    private readonly store: Store,
    private readonly api: Api,
    private readonly info: Dataset,
    private readonly isAsked: boolean,
    private readonly ending: AbortSignal,
  ) {}

  /** It never rejects: the state says why there are no clusters. */
  async run(metric: string, projection: string | null): Promise<void> {
    const { id: dataset } = this.info;
    this.say({ ...NOTHING_YET, isAsked: this.isAsked });
    try {
      let answer = await this.api.clusters.find({
        dataset,
        metric,
        projection,
        background: !this.isAsked,
      });
      for (let look = 0; isWorking(answer); look++) {
        this.say(asSearch(answer, this.isAsked));
        const wait = LOOK_MILLISECONDS[Math.min(look, LOOK_MILLISECONDS.length - 1)] ?? 0;
        await pause(wait, this.ending);
        if (!this.isWanted(answer.id)) return;
        answer = await this.api.clusters.get(answer.id);
      }
      await this.end(answer);
    } catch (error) {
      if (!this.ending.aborted) this.fail(messageOf(error));
    }
  }

  private async end(answer: ClusterAnswer): Promise<void> {
    if (answer.state === "cancelled") {
      this.say(STOPPED);
      return;
    }
    if (answer.state === "failed") {
      this.fail(answer.error?.message ?? "The search for clusters failed.");
      return;
    }
    const [info, degree] = await Promise.all([
      this.api.datasets.get(this.info.id),
      this.api.clusters.degree(answer.id, this.info.n_points),
    ]);
    this.store.dispatch(columnsMade(info));
    this.say({ ...asSearch(answer, this.isAsked), degree });
  }

  private fail(message: string): void {
    this.say({ ...NOTHING_YET, status: "failed", message, isAsked: this.isAsked });
    if (this.isAsked) {
      this.store.dispatch(notify("error", `Clusters were not found: ${message}`));
    }
  }

  private say(search: ClusterSearch): void {
    this.store.dispatch(clustersChanged(this.info.content, search));
  }

  private isWanted(id: string): boolean {
    const now = this.store.state.peek().clusters[this.info.content];
    return now?.id === id && now.status === "working";
  }
}

const NOTHING_YET: ClusterSearch = {
  id: "",
  status: "working",
  phase: "",
  done: 0,
  total: 0,
  message: "",
  result: null,
  degree: null,
  isAsked: false,
};

/** It is not begun again by itself. */
const STOPPED: ClusterSearch = { ...NOTHING_YET, status: "failed", message: "It was stopped." };

function asSearch(answer: ClusterAnswer, isAsked: boolean): ClusterSearch {
  const { id, phase, done, total, result } = answer;
  const status = isWorking(answer) ? "working" : "done";
  return { ...NOTHING_YET, id, status, phase, done, total, result, isAsked };
}

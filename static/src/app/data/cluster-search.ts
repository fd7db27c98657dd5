/** One search for clusters; its code comes with the first one. */
import type { Api } from "../../api/api";
import { messageOf } from "../../api/errors";
import type { ClusterAnswer } from "../../model/data/clusters";
import type { Dataset } from "../../model/data/dataset";
import { isWorking } from "../../model/data/work";
import { clustersChanged } from "../../store/actions/clusters";
import { columnsMade } from "../../store/actions/data";
import { notify } from "../../store/actions/page";
import { type ClusterSearch, NOTHING_YET, STOPPED } from "../../store/state/clusters";
import type { Store } from "../../store/store";
import { pause } from "../browser/latest";

/** Between two looks at a search: short at first, as small data is done at once. */
const LOOK_MILLISECONDS = [150, 300, 600, 1000];

export class Search {
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

function asSearch(answer: ClusterAnswer, isAsked: boolean): ClusterSearch {
  const { id, phase, done, total, result } = answer;
  const status = isWorking(answer) ? "working" : "done";
  return { ...NOTHING_YET, id, status, phase, done, total, result, isAsked };
}

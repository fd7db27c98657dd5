/** Compares the datasets of two views, and makes columns of what changed. */
import type { Api } from "../../api/api";
import { messageOf } from "../../api/errors";
import { refOf } from "../../model/data/dataset";
import { type DriftAnswer, driftColumns } from "../../model/data/drift";
import { isWorking } from "../../model/data/work";
import type { RowMap } from "../../model/view/matching";
import { columnsMade } from "../../store/actions/data";
import { driftChanged, driftDetails } from "../../store/actions/drift";
import { notify } from "../../store/actions/page";
import { setSetting } from "../../store/actions/view";
import { shownDriftColumns, shownDriftId } from "../../store/selectors/drift";
import { type Drift, NEW_DRIFT } from "../../store/state/drift";
import { matchKey, rowsBetween } from "../../store/state/matches";
import { pointSpaceOf } from "../../store/state/point-space";
import type { State } from "../../store/state/state";
import { activeScope, type RootStore, type Store } from "../../store/store";
import { pause } from "../browser/latest";

/** Between two looks at a comparison: short at first, as small data is done at once. */
const LOOK_MILLISECONDS = [100, 200, 400, 800];
const WAITING = { value: null, isLoading: true, error: null } as const;

export class DriftFinder {
  private readonly store: Store;

  constructor(
    root: RootStore,
    private readonly api: Api,
    private readonly ending: AbortSignal,
  ) {
    // The comparison belongs to all views, so any of their stores will do.
    this.store = activeScope(root);
  }

  /** It never rejects: the state and a notice say why there is none. */
  async show(view: Store, from: string, to: string): Promise<void> {
    const state = this.store.state.peek();
    const asked: Drift = { ...NEW_DRIFT, from, to };
    this.say(asked);
    try {
      const metric = metricFor(state, from, to);
      const match = matchedBy(state, from, to);
      let answer = await this.api.drift.compare({ a: from, b: to, metric, match });
      for (let look = 0; isWorking(answer); look++) {
        if (!this.isWanted(asked)) return;
        this.say(asDrift(answer));
        const wait = LOOK_MILLISECONDS[Math.min(look, LOOK_MILLISECONDS.length - 1)] ?? 0;
        await pause(wait, this.ending);
        answer = await this.api.drift.get(answer.id);
      }
      if (!this.isWanted(asked) || answer.state === "cancelled") return;
      if (answer.state === "failed") {
        this.fail(asked, answer.error?.message ?? "The comparison failed.");
        return;
      }
      const rows = await this.rowsOf(answer);
      await this.describe(from, to);
      this.say({ ...asDrift(answer), rows });
      colorByDrift(view, answer.id);
    } catch (error) {
      if (!this.ending.aborted && this.isWanted(asked)) this.fail(asked, messageOf(error));
    }
  }

  async stop(): Promise<void> {
    const { drift } = this.store.state.peek();
    if (drift?.status !== "working") return;
    this.store.dispatch(driftChanged(null));
    if (drift.id !== "") await this.api.drift.stop(drift.id);
  }

  /** What is known of columns that were there when the page was opened. */
  async load(view: Store): Promise<void> {
    const id = shownDriftId(view.state.peek());
    if (id === "" || this.store.state.peek().drift?.id === id) return;
    const answer = await this.api.drift.get(id);
    // What was asked for meanwhile comes by itself, and says what is to be done then.
    const { drift } = this.store.state.peek();
    const isOvertaken = drift?.status === "working" || drift?.id === id;
    if (answer.state !== "done" || isOvertaken) return;
    const rows = await this.rowsOf(answer);
    if (this.store.state.peek().drift?.status !== "working") this.say({ ...asDrift(answer), rows });
  }

  async loadNeighbors(point: number): Promise<void> {
    const { drift } = this.store.state.peek();
    if (!drift?.result || drift.point === point) return;
    const { id } = drift;
    const say = (neighbors: Drift["neighbors"]) => {
      if (this.store.state.peek().drift?.point === point)
        this.store.dispatch(driftDetails(id, { point, neighbors }));
    };
    this.store.dispatch(driftDetails(id, { point, neighbors: WAITING }));
    try {
      const value = await this.api.drift.neighbors(id, point);
      say({ value, isLoading: false, error: null });
    } catch (error) {
      say({ value: null, isLoading: false, error: messageOf(error) });
    }
  }

  async loadGroups(): Promise<void> {
    const { drift } = this.store.state.peek();
    if (!drift?.result || drift.groups.value || drift.groups.isLoading) return;
    const { id } = drift;
    const say = (groups: Drift["groups"]) => this.store.dispatch(driftDetails(id, { groups }));
    say(WAITING);
    try {
      say({ value: await this.api.drift.groups(id), isLoading: false, error: null });
    } catch (error) {
      say({ value: null, isLoading: false, error: messageOf(error) });
    }
  }

  /** Where the points of the first dataset are in the second. */
  private async rowsOf({ id, result }: DriftAnswer): Promise<RowMap> {
    return result?.by_row === false ? await this.api.drift.rows(id) : "same";
  }

  /** Both datasets as they are now, and those that had the columns of another comparison. */
  private async describe(from: string, to: string): Promise<void> {
    const known = Object.values(this.store.state.peek().datasets);
    const before = known.filter(({ info }) => driftColumns(info.columns).length > 0);
    const ids = new Set([from, to, ...before.map(({ info }) => info.id)]);
    const all = [...ids].filter((id) => this.store.state.peek().datasets[id]);
    const found = await Promise.all(all.map((id) => this.api.datasets.get(id)));
    for (const info of found) this.store.dispatch(columnsMade(info));
  }

  private fail(asked: Drift, message: string): void {
    this.say({ ...asked, status: "failed", message });
    this.store.dispatch(notify("error", `The two views were not compared: ${message}`));
  }

  private say(drift: Drift): void {
    this.store.dispatch(driftChanged(drift));
  }

  /** Whether nobody has stopped it or asked for another one since. */
  private isWanted({ from, to }: Drift): boolean {
    const now = this.store.state.peek().drift;
    return now?.status === "working" && now.from === from && now.to === to;
  }
}

/** By what the points of the two are matched on the page. */
function matchedBy({ datasets, matches, page }: State, from: string, to: string): string {
  const spaceOf = (id: string) => {
    const info = datasets[id]?.info;
    return info ? pointSpaceOf(info.run, info.name, info.n_points) : "";
  };
  const [a, b] = [spaceOf(from), spaceOf(to)];
  const isByRow = rowsBetween(page.matchBy, matches, a, b) === "same";
  return (isByRow ? null : matches[matchKey(a, b)]?.answer?.by) ?? "row";
}

/** The metric of the lists of neighbors; but places in two or three dimensions have no direction. */
function metricFor(state: State, from: string, to: string): string {
  const dims = [from, to].map((id) => state.datasets[id]?.info.n_dims ?? 0);
  return dims.some((n) => n <= 3) ? "euclidean" : state.view.metric;
}

function colorByDrift(view: Store, id: string): void {
  const [kept] = shownDriftColumns(view.state.peek());
  if (kept?.made_by === id) view.dispatch(setSetting("color", refOf(kept)));
}

function asDrift({ id, datasets, phase, done, total, result, ...answer }: DriftAnswer): Drift {
  const [from = "", to = ""] = datasets;
  const status = isWorking(answer) ? "working" : "done";
  return { ...NEW_DRIFT, id, from, to, status, phase, done, total, result };
}

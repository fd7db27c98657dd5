/** Draws in each view the trails of what changed since the step before, and paths of selected points. */
import { effect, signal, untracked } from "@preact/signals";
import type { Api } from "../../api/api";
import type { PointPaths, StepTrails } from "../../model/projection/trails";
import { trailPainter } from "../../render/overlay/trails";
import { selection } from "../../store/selectors/shown";
import { MOST_PATHS, shownSeries, showsTrails } from "../../store/selectors/step-motion";
import type { State } from "../../store/state/state";
import { type RootStore, viewStates } from "../../store/store";
import { createOnce } from "../data/once";
import { ViewPainter } from "./view-painter";
import type { RunningViews } from "./view-runner";

/** Steps whose trails are kept: those of a series that is played again. */
const MOST_KEPT = 64;

type Input = readonly [StepTrails | null, PointPaths | null];

export function startStepTrails(root: RootStore, views: RunningViews, api: Api): () => void {
  const states = viewStates(root);
  const came = signal(0);
  const trails = new Fetched<StepTrails>(came);
  const paths = new Fetched<PointPaths>(came);
  const painter = new ViewPainter<Input>(views, {
    name: "trails",
    isSame: (a, b) => a[0] === b[0] && a[1] === b[1],
    painterOf: (input) => trailPainter(...input),
  });

  function inputOf(state: State): Input | null {
    const series = shownSeries(state);
    const { shown } = state.work;
    if (!series || !shown || !showsTrails(state)) return null;
    const { dims } = shown.positions;
    const { id, step } = series;
    const rows = selection(state).slice(0, MOST_PATHS);
    return [
      trails.get(`${id} ${step} ${dims}`, () => api.series.trails(id, step, dims)),
      rows.length === 0
        ? null
        : paths.get(`${id} ${step} ${dims} ${rows.join()}`, () =>
            api.series.paths(id, step, rows, dims),
          ),
    ];
  }

  const stop = effect(() => {
    came.value;
    const all = states.value;
    untracked(() => {
      for (const [id, state] of all) painter.paint(id, inputOf(state));
      painter.forget(all);
    });
  });
  return stop;
}

/** What was fetched, by its key; null until it has come. */
class Fetched<T> {
  private readonly found = new Map<string, T>();
  /** Where it does not come, the banner says that the server is away; it is tried again later. */
  private readonly once = createOnce(() => undefined);

  constructor(private readonly came: { value: number; peek(): number }) {}

  get(key: string, ask: () => Promise<T>): T | null {
    const known = this.found.get(key);
    if (known === undefined) this.once(key, () => this.fetch(key, ask)).catch(() => undefined);
    return known ?? null;
  }

  private async fetch(key: string, ask: () => Promise<T>): Promise<void> {
    this.found.set(key, await ask());
    for (const oldest of this.found.keys()) {
      if (this.found.size <= MOST_KEPT) break;
      this.found.delete(oldest);
    }
    this.came.value = this.came.peek() + 1;
  }
}

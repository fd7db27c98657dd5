/** Paints the density of all points in each view whose points are drawn from more. */
import { effect, signal, untracked } from "@preact/signals";
import type { Api } from "../../api/api";
import { messageOf } from "../../api/errors";
import type { CountedDensity, Density } from "../../model/data/density";
import { densityPainter } from "../../render/overlay/density-image";
import { densityHeard } from "../../store/actions/density";
import { sampledPicture } from "../../store/selectors/density";
import { activeScope, type RootStore, viewStates } from "../../store/store";
import { pause } from "../browser/latest";
import { createOnce } from "../data/once";
import { ViewPainter } from "./view-painter";
import type { RunningViews } from "./view-runner";

/** Until it is asked again how much is counted. */
const PAUSE_MILLISECONDS = 400;

interface Input {
  readonly dataset: string;
  readonly density: CountedDensity;
  /** The grids that have come, by their sides. */
  readonly known: ReadonlyMap<number, Uint32Array>;
}

export function startDensityBehind(root: RootStore, views: RunningViews, api: Api): () => void {
  const states = viewStates(root);
  const came = signal(0);
  const levels = new Map<string, ReadonlyMap<number, Uint32Array>>();
  const once = createOnce(() => undefined);
  const ended = new AbortController();
  const hear = (dataset: string, density: Density) =>
    activeScope(root).dispatch(densityHeard(dataset, density));

  /** Ask until all points are counted; what goes wrong is said where the density is named. */
  async function count(dataset: string): Promise<void> {
    try {
      for (;;) {
        const density = await api.datasets.density(dataset, ended.signal);
        hear(dataset, density);
        if (density.state === "done") return;
        await pause(PAUSE_MILLISECONDS, ended.signal);
      }
    } catch (error) {
      if (ended.signal.aborted) return;
      hear(dataset, { state: "failed", message: messageOf(error) });
      throw error;
    }
  }

  function want(dataset: string, side: number): void {
    if (levels.get(dataset)?.has(side)) return;
    once(`${dataset} ${side}`, async () => {
      const counts = await api.datasets.densityLevel(dataset, side, ended.signal);
      levels.set(dataset, new Map(levels.get(dataset)).set(side, counts));
      came.value++;
    }).catch(() => undefined);
  }

  function inputOf(dataset: string, density: CountedDensity): Input {
    const known = levels.get(dataset) ?? new Map<number, Uint32Array>();
    levels.set(dataset, known);
    return { dataset, density, known };
  }

  const painter = new ViewPainter<Input>(views, {
    name: "density",
    isSame: (a, b) => a.known === b.known,
    painterOf: ({ dataset, density, known }) =>
      densityPainter(density, known, (side) => want(dataset, side)),
  });

  const stop = effect(() => {
    came.value;
    const all = states.value;
    untracked(() => {
      for (const [id, state] of all) {
        const dataset = sampledPicture(state);
        const density = dataset === null ? undefined : state.datasets[dataset]?.density;
        const isCounted = dataset !== null && density?.state === "done";
        painter.paint(id, isCounted ? inputOf(dataset, density) : null);
        if (dataset !== null && !density)
          once(dataset, () => count(dataset)).catch(() => undefined);
      }
      painter.forget(all);
    });
  });
  return () => {
    ended.abort();
    stop();
  };
}

/** In a corner of the plot: what the grey behind the points is. */
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { counted, percent } from "../../model/text/format";
import { sampledPicture } from "../../store/selectors/density";
import type { State } from "../../store/state/state";
import { useSelect, useStore } from "../context";

export function DensityNote(): JSX.Element | null {
  const store = useStore();
  const dataset = useSelect(sampledPicture);
  const text = useSelect(noteOf);
  const isDone = useSelect((state) => densityOf(state)?.state === "done");
  useEffect(() => {
    if (dataset !== null) store.request({ kind: "draw-density" });
  }, [dataset, store]);
  if (text === "") return null;
  return (
    <p class="density-note number" role="status">
      {isDone && <span class="density-ramp" aria-hidden="true" />}
      {text}
    </p>
  );
}

function densityOf(state: State) {
  return state.datasets[sampledPicture(state) ?? ""]?.density;
}

function noteOf(state: State): string {
  const info = state.datasets[sampledPicture(state) ?? ""]?.info;
  if (!info?.n_all) return "";
  const all = `all ${counted(info.n_all, "point")}`;
  const density = densityOf(state);
  if (density?.state === "failed") return `No density of ${all}: ${density.message}`;
  if (density?.state !== "done") return `Counting ${all}: ${percent(density?.done ?? 0)}`;
  const lost = density.n_points - density.n_placed;
  return `density of ${all}${lost ? `, ${counted(lost, "point")} of them without a position` : ""}`;
}

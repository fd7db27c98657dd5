/** Where the density of all points belongs behind those that are drawn. */
import type { State } from "../state/state";

/** The dataset whose own coordinates are shown, and of which only some points are; else null. */
export function sampledPicture({ work: { shown }, datasets, quality }: State): string | null {
  if (shown?.method !== "given" || shown.positions.dims !== 2) return null;
  // Other dimensions, preprocessing and alignment give the points other places.
  const isMoved = Object.entries(shown.params).some(
    ([name, set]) => set && name !== "n_components",
  );
  if (isMoved || quality.references[shown.projection]) return null;
  const info = datasets[shown.dataset]?.info;
  return info?.n_all && info.n_dims === 2 ? info.id : null;
}

/** Which projection the next one starts from and is aligned to. */

import type { References } from "../../model/projection/alignment";
import { currentValue } from "../../model/projection/method";
import { count } from "../../model/text/format";
import type { Request } from "../../model/view/view";
import type { State } from "../state/state";
import { entryOf, methodNamed } from "./listing";
import { finishedProjection } from "./quality";

export interface Reference {
  readonly references: References;
  /** In words: "step 2,000". */
  readonly name: string;
}

/** Whether the results of the open method can be aligned. */
export function offersOrientation(state: State): boolean {
  return methodNamed(state, state.view.method)?.free_orientation ?? false;
}

/** The projection on the screen, where it is one of another step, made in the same way. */
export function referenceFor(state: State, dataset: string, request: Request): Reference | null {
  const projection = finishedProjection(state);
  const { shown } = state.work;
  if (!state.view.keepOrientation || !projection || !shown || shown.dataset === dataset)
    return null;
  const entry = entryOf(state, dataset);
  const method = methodNamed(state, request.method);
  const isSame =
    projection.method === request.method &&
    projection.n_points === entry?.n_points &&
    projection.n_components === request.dims;
  if (!isSame || !method?.free_orientation) return null;
  // Only a sample is laid out, so the positions of the other points are no initialization.
  const isWhole = method.parameters.every(
    (each) => each.group !== "scale" || currentValue(each, request.params) === each.default,
  );
  return {
    references: { align_to: projection.id, ...(isWhole && { initial: projection.id }) },
    name: nameOf(state, shown.dataset, entry?.run ?? ""),
  };
}

function nameOf({ datasets }: State, id: string, here: string): string {
  const info = datasets[id]?.info;
  if (!info) return "the previous projection";
  const run = info.run === here ? "" : `${info.run}, `;
  return info.step === null ? info.name : `${run}step ${count(info.step)}`;
}

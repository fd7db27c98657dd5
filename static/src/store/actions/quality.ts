/** Quality of projections: scores, failures, alignment references. */
import { type Figure, figureColumn } from "../../model/projection/quality";
import type { QualityState } from "../state/quality";
import type { Action } from "../store";

/** Scores of a million points take four megabytes: those of the last few projections stay. */
const MAX_FIGURED = 8;

function change(part: (quality: QualityState) => Partial<QualityState>): Action {
  return (state) => ({ ...state, quality: { ...state.quality, ...part(state.quality) } });
}

/** The projection that has the positions that are drawn of another one (see `projectionKey`). */
export function twinFound(key: string, twin: string): Action {
  return change(({ twins }) => ({ twins: { ...twins, [key]: twin } }));
}

export function figureLoaded(projection: string, figure: Figure, values: Float32Array): Action {
  return change(({ figures }) => {
    const { [projection]: own, ...others } = figures;
    const data = {
      column: figureColumn(figure, values),
      numbers: { kind: "numbers" as const, values },
    };
    const kept = Object.entries(others).slice(-(MAX_FIGURED - 1));
    return { figures: { ...Object.fromEntries(kept), [projection]: { ...own, [figure]: data } } };
  });
}

export function measuringFailed(projection: string, message: string): Action {
  return change(({ failures }) => ({ failures: { ...failures, [projection]: message } }));
}

export function measuringAsked(projection: string): Action {
  return change(({ failures }) => {
    const { [projection]: _, ...others } = failures;
    return { failures: others };
  });
}

/** `name` says in words what a projection was aligned to. */
export function referenceNoted(projection: string, name: string): Action {
  return change(({ references }) => ({ references: { ...references, [projection]: name } }));
}

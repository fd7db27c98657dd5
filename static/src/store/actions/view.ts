/** How the points look: colors, labels, size, camera. */
import type { CameraState } from "../../model/camera/camera";
import type { ScaleChoice } from "../../model/color/color";
import type { RampChoice } from "../../model/color/color-style";
import type { ColumnRef } from "../../model/data/dataset";
import { MAX_NEIGHBORS, type Metric } from "../../model/projection/neighbors";
import type { ColumnChoice, DrawAs, View } from "../../model/view/view";
import type { Action } from "../store";

function change(part: Partial<View>): Action {
  return (state) => ({ ...state, view: { ...state.view, ...part } });
}

/**
 * Another column is another question: how it is scaled starts anew. undefined is what the dataset
 * itself proposes.
 */
export function colorBy(column: ColumnChoice): Action {
  return change({ color: column, scale: "auto" });
}

export function setScale(scale: ScaleChoice): Action {
  return change({ scale });
}

export function setRamp(part: Partial<RampChoice>): Action {
  return (state) => change({ ramp: { ...state.view.ramp, ...part } })(state);
}

/** Give a category a color of one's own ("#rrggbb"); null gives it back the usual one. */
export function setSwatch(column: string, key: string, color: string | null): Action {
  return (state) => {
    const { [key]: _, ...others } = state.view.swatches[column] ?? {};
    const own = color === null ? others : { ...others, [key]: color };
    return change({ swatches: { ...state.view.swatches, [column]: own } })(state);
  };
}

export function resetSwatches(column: string): Action {
  return (state) => {
    const { [column]: _, ...swatches } = state.view.swatches;
    return change({ swatches })(state);
  };
}

export function sizeBy(column: ColumnRef | null): Action {
  return change({ sizeBy: column });
}

export function opacityBy(column: ColumnRef | null): Action {
  return change({ opacityBy: column });
}

export function labelBy(column: ColumnRef | null): Action {
  return change({ label: column });
}

export function setPointNames(pointNames: boolean): Action {
  return change({ pointNames });
}

export function setCategoryLabels(categoryLabels: boolean): Action {
  return change({ categoryLabels });
}

/** Images are single things: with them there is no density, and with a density no images. */
export function setSprites(sprites: boolean): Action {
  return change(sprites ? { sprites, drawAs: "auto" } : { sprites });
}

export function setDrawAs(drawAs: DrawAs): Action {
  return change(drawAs === "density" ? { drawAs, sprites: false } : { drawAs });
}

export function setSmoothing(smoothing: number): Action {
  return change({ smoothing });
}

export function setPointScale(pointScale: number): Action {
  return change({ pointScale });
}

export function setOpacityScale(opacityScale: number): Action {
  return change({ opacityScale });
}

export function setK(k: number): Action {
  return change({ k: Math.min(MAX_NEIGHBORS, Math.max(1, Math.round(k))) });
}

export function setMetric(metric: Metric): Action {
  return change({ metric });
}

export function projectionChosen(sight: Partial<Pick<View, "turning" | "lens" | "fog">>): Action {
  return change(sight);
}

export function setLines(lines: boolean): Action {
  return change({ lines });
}

export function cameraMoved(camera: CameraState): Action {
  return change({ camera });
}

/** A link's view, taken over in one step. */
export function restoreView(view: Partial<View>): Action {
  return change(view);
}

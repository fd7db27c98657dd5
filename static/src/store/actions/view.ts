/** How the points look: colors, labels, size, camera. */
import type { CameraState } from "../../model/camera";
import type { ScaleChoice } from "../../model/color";
import type { ColumnRef } from "../../model/dataset";
import { MAX_NEIGHBORS, type Metric } from "../../model/neighbors";
import type { View } from "../../model/view";
import type { Action } from "../store";

function change(part: Partial<View>): Action {
  return (state) => ({ ...state, view: { ...state.view, ...part } });
}

/** Another column has other categories, so what was isolated means nothing there. */
export function colorBy(column: ColumnRef | null): Action {
  return change({ color: column, scale: "auto", isolated: [] });
}

export function setScale(scale: ScaleChoice): Action {
  return change({ scale, isolated: [] });
}

export function labelBy(column: ColumnRef | null): Action {
  return change({ label: column });
}

/** Isolate a category, or let it go again. */
export function toggleIsolated(slot: number): Action {
  return (state) => {
    const { isolated } = state.view;
    const next = isolated.includes(slot)
      ? isolated.filter((each) => each !== slot)
      : [...isolated, slot].sort((a, b) => a - b);
    return change({ isolated: next })(state);
  };
}

export function showAllCategories(): Action {
  return change({ isolated: [] });
}

export function setCategoryLabels(categoryLabels: boolean): Action {
  return change({ categoryLabels });
}

export function setSprites(sprites: boolean): Action {
  return change({ sprites });
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

export function cameraMoved(camera: CameraState): Action {
  return change({ camera });
}

/** A link's view, taken over in one step. */
export function restoreView(view: Partial<View>): Action {
  return change(view);
}

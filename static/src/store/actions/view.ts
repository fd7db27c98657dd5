/** Changes the settings of a view and its camera. */
import type { CameraState } from "../../model/camera/camera";
import type { RampChoice } from "../../model/color/color-style";
import { type SettingKey, type ViewSettings, withSetting } from "../../model/view/settings";
import type { View } from "../../model/view/view";
import type { Action } from "../store";
import { withColorsArranged } from "./color-order";

function change(part: Partial<View>): Action {
  return (state) => ({ ...state, view: { ...state.view, ...part } });
}

/** Change one setting of the table in model/view/settings.ts, and what follows from it. */
export function setSetting<K extends SettingKey>(key: K, value: ViewSettings[K]): Action {
  return (state) => {
    const next = { ...state, view: withSetting(state.view, key, value) };
    return key === "color" ? withColorsArranged(next) : next;
  };
}

export function setRamp(part: Partial<RampChoice>): Action {
  return (state) => setSetting("ramp", { ...state.view.ramp, ...part })(state);
}

/** Give a category a color of its own ("#rrggbb"); null restores the default color. */
export function setSwatch(column: string, key: string, color: string | null): Action {
  return (state) => {
    const { [key]: _, ...others } = state.view.swatches[column] ?? {};
    const own = color === null ? others : { ...others, [key]: color };
    return setSetting("swatches", { ...state.view.swatches, [column]: own })(state);
  };
}

export function resetSwatches(column: string): Action {
  return (state) => {
    const { [column]: _, ...swatches } = state.view.swatches;
    return setSetting("swatches", swatches)(state);
  };
}

export function cameraMoved(camera: CameraState): Action {
  return withCamera({ camera }, false);
}

/** Take over the view of a link or a bookmark in one step. */
export function restoreView(view: Partial<View>): Action {
  return withCamera(view, Boolean(view.camera));
}

function withCamera(part: Partial<View>, isCameraMeant: boolean): Action {
  return (state) => ({ ...change(part)(state), work: { ...state.work, isCameraMeant } });
}

/** Where points and coordinates are on the screen, for those who paint over the points. */
import { projectPoint, type View } from "../../model/camera/camera";
import type { Vec3 } from "../../model/camera/quaternion";
import { classOf } from "../scene/flag-facts";
import type { Scene } from "../scene/scene";
import { pointAt } from "../scene/transition";
import type { Places } from "../scene/types";

export function placesOf(scene: Scene, view: View): Places {
  const seen = (point: Vec3 | null) => {
    const found = point && projectPoint(view, point);
    return found && found.depth >= 0 && found.depth <= 1 ? found : null;
  };
  return {
    pointAt(index) {
      const kind = classOf(scene.flags[index] ?? 0);
      return seen(kind === "hidden" || kind === "ghost" ? null : pointAt(scene.transition, index));
    },
    placeAt(values, offset) {
      const { dims, fit } = scene.transition.to;
      const part = (k: 0 | 1 | 2) =>
        k < dims ? ((values[offset + k] ?? Number.NaN) - fit.center[k]) * fit.scale : 0;
      return seen([part(0), part(1), part(2)]);
    },
  };
}

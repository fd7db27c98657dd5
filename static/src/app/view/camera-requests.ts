/** Handles requests for the camera of a view. */
import { HOME_2D, HOME_3D, roll } from "../../model/camera/camera";
import type { Cloud } from "../../render/scene/types";
import { cameraMoved } from "../../store/actions/view";
import type { Handlers } from "../../store/handlers";
import type { Store } from "../../store/store";

const HOME_MILLISECONDS = 500;
const ROLL_MILLISECONDS = 120;

export function cameraRequests(store: Store, cloud: Cloud): Handlers<"fly" | "home" | "roll"> {
  return {
    fly({ indices }) {
      if (indices.length === 0) return;
      cloud.flyTo(Array.from(indices));
      store.dispatch(cameraMoved(cloud.camera()));
    },
    home() {
      const home = cloud.camera().mode === "2d" ? HOME_2D : HOME_3D;
      cloud.setCamera(home, { animateMilliseconds: HOME_MILLISECONDS });
      store.dispatch(cameraMoved(home));
    },
    roll({ degrees }) {
      const turned = roll(cloud.camera(), (degrees * Math.PI) / 180);
      cloud.setCamera(turned, { animateMilliseconds: ROLL_MILLISECONDS });
      store.dispatch(cameraMoved(turned));
    },
  };
}

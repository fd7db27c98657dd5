/** How much of the cloud the camera sees. */
import { projectPoint, type View } from "../../model/camera/camera";
import { classOf } from "./flag-facts";
import type { Scene } from "./scene";
import { pointAt } from "./transition";

/** So many points say it well enough, and take no time. */
const SAMPLE = 5000;

/** The share of the drawn points, ghosts too, that are in view, 0 to 1; 1 where none is drawn. */
export function shareInView(scene: Scene, view: View): number {
  const stride = Math.max(1, Math.ceil(scene.nPoints / SAMPLE));
  // Where there are few in a sample, whether there are any at all is worth a look at all of them.
  const share = shareOf(scene, view, stride);
  return share > 0 || stride === 1 ? share : shareOf(scene, view, 1);
}

function shareOf(scene: Scene, view: View, stride: number): number {
  const { width, height } = view.viewport;
  let nDrawn = 0;
  let nInView = 0;
  for (let index = 0; index < scene.nPoints; index += stride) {
    if (classOf(scene.flags[index] ?? 0) === "hidden") continue;
    const point = pointAt(scene.transition, index);
    if (point === null) continue;
    nDrawn++;
    const { x, y, depth } = projectPoint(view, point);
    const isInside = x >= 0 && x <= width && y >= 0 && y <= height && depth >= 0 && depth <= 1;
    if (isInside) nInView++;
  }
  return nDrawn === 0 ? 1 : nInView / nDrawn;
}

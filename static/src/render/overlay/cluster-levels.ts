/** Which names of clusters are seen: a coarse one until it is large on the screen, then its parts. */
import { projectPoint, type View } from "../../model/camera/camera";
import type { Scene } from "../scene/scene";
import { pointAt } from "../scene/transition";
import type { PointLabel } from "../scene/types";

/** CSS pixels: a cluster whose points lie so far from its middle is many names large. */
const LARGE = 90;

/** Smaller ones are a dot on the screen, and their names would hide others. */
const SMALL = 6;

export function isLevelSeen(label: PointLabel, scene: Scene, view: View): boolean {
  const { cluster } = label;
  if (!cluster) return true;
  const own = sizeOnScreen(label.index, cluster.radius, scene, view);
  if (cluster.hasParts && own >= LARGE) return false;
  if (cluster.above && sizeOnScreen(cluster.above.index, cluster.above.radius, scene, view) < LARGE)
    return false;
  return own >= SMALL;
}

function sizeOnScreen(index: number, radius: number, scene: Scene, view: View): number {
  const point = pointAt(scene.transition, index);
  if (point === null) return 0;
  const { magnification } = projectPoint(view, point);
  return radius * scene.transition.to.fit.scale * view.pixelsPerUnit * magnification;
}

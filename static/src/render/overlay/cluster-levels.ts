/** Which names of clusters are seen: a coarse one until it is large on the screen, then its parts. */
import { projectPoint, type View } from "../../model/camera/camera";
import type { Scene } from "../scene/scene";
import { pointAt } from "../scene/transition";
import type { PointLabel } from "../scene/types";

/** CSS pixels: a cluster whose points lie so far from its middle is many names large. */
const LARGE = 45;

/** CSS pixels: a smaller one would vanish under its name, which stands beside it instead. */
const COVERED = 16;

export function isLevelSeen(label: PointLabel, scene: Scene, view: View): boolean {
  const { cluster } = label;
  if (!cluster) return true;
  if (cluster.hasParts && sizeOnScreen(label.index, cluster.radius, scene, view) >= LARGE) {
    return false;
  }
  const { above } = cluster;
  return above === null || sizeOnScreen(above.index, above.radius, scene, view) >= LARGE;
}

/** How a name stands: on its cluster, or where that is small at some distance from its middle. */
export function standing(
  { index, cluster }: PointLabel,
  scene: Scene,
  view: View,
): { readonly isCentered: boolean; readonly reach: number } {
  if (!cluster) return { isCentered: false, reach: 0 };
  const reach = sizeOnScreen(index, cluster.reach, scene, view);
  // Most points lie within one and a half of their mean distance.
  return { isCentered: reach >= COVERED, reach: reach * 1.5 };
}

function sizeOnScreen(index: number, radius: number, scene: Scene, view: View): number {
  const point = pointAt(scene.transition, index);
  if (point === null) return 0;
  const { magnification } = projectPoint(view, point);
  return radius * scene.transition.to.fit.scale * view.pixelsPerUnit * magnification;
}

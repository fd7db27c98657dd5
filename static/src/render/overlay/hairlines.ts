/** Thin lines from where points are drawn to where they would be elsewhere, with a ring there. */
import { projectPoint } from "../../model/camera/camera";
import { classOf } from "../scene/scene";
import { pointAt } from "../scene/transition";
import type { Painter } from "../scene/types";

export interface Hairlines {
  readonly rows: ArrayLike<number>;
  /** In the unit of the positions, as many numbers a row as these have. */
  readonly ends: Float32Array;
}

const RING = 2.5;
/** So few can be drawn stronger, as none hides another. */
const FEW = 30;

/** What filters or a person hides has no line. */
export function hairlinePainter({ rows, ends }: Hairlines): Painter {
  return (context, scene, view, theme) => {
    const { dims, fit } = scene.transition.to;
    const place = (at: number, k: number) =>
      k < dims ? ((ends[at * dims + k] ?? Number.NaN) - fit.center[k as 0 | 1 | 2]) * fit.scale : 0;
    const rings: (readonly [number, number])[] = [];
    context.beginPath();
    for (let at = 0; at < rows.length; at++) {
      const row = rows[at] ?? 0;
      const kind = classOf(scene.flags[row] ?? 0);
      const start = kind === "hidden" || kind === "ghost" ? null : pointAt(scene.transition, row);
      if (start === null) continue;
      const from = projectPoint(view, start);
      const to = projectPoint(view, [place(at, 0), place(at, 1), place(at, 2)]);
      const isInside = [from, to].every(({ depth }) => depth >= 0 && depth <= 1);
      if (!isInside) continue;
      context.moveTo(from.x, from.y);
      context.lineTo(to.x, to.y);
      rings.push([to.x, to.y]);
    }
    const areFew = rings.length <= FEW;
    context.lineWidth = areFew ? 1.25 : 0.75;
    context.strokeStyle = theme.text;
    context.globalAlpha = areFew ? 0.85 : 0.55;
    context.stroke();
    context.beginPath();
    for (const [x, y] of rings) {
      context.moveTo(x + RING, y);
      context.arc(x, y, RING, 0, 2 * Math.PI);
    }
    context.fillStyle = theme.background;
    context.globalAlpha = 1;
    context.fill();
    context.lineWidth = 1;
    context.stroke();
  };
}

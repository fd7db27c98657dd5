/** Thin lines from where points are drawn to where they would be elsewhere, with a ring there. */
import type { Painter } from "../scene/types";

export interface Hairlines {
  readonly rows: ArrayLike<number>;
  /** In the unit of the positions. */
  readonly ends: Float32Array;
  /** Numbers a row. */
  readonly dims: 2 | 3;
}

const RING = 2.5;
/** So few can be drawn stronger, as none hides another. */
const FEW = 30;

/** What filters or a person hides has no line. */
export function hairlinePainter({ rows, ends, dims }: Hairlines): Painter {
  return (context, places, theme) => {
    const rings: { readonly x: number; readonly y: number }[] = [];
    context.beginPath();
    for (let at = 0; at < rows.length; at++) {
      const from = places.pointAt(rows[at] ?? 0);
      const to = places.placeAt(ends, at * dims);
      if (!from || !to) continue;
      context.moveTo(from.x, from.y);
      context.lineTo(to.x, to.y);
      rings.push(to);
    }
    const areFew = rings.length <= FEW;
    context.lineWidth = areFew ? 1.25 : 0.75;
    context.strokeStyle = theme.text;
    context.globalAlpha = areFew ? 0.85 : 0.55;
    context.stroke();
    context.beginPath();
    for (const { x, y } of rings) {
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

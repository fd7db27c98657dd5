/** The density of all points, as a quiet image where they lie. */
import { type CountedDensity, sideFor, strengths } from "../../model/data/density";
import type { Painter } from "../scene/types";

/** Of the strongest cell: the points that are drawn stay what is seen first. */
const OPACITY = 0.36;

/**
 * @param levels The grids that have come, by their sides.
 * @param want Asks for a grid; the painter is set again when it has come.
 */
export function densityPainter(
  { bounds, sides }: CountedDensity,
  levels: ReadonlyMap<number, Uint32Array>,
  want: (side: number) => void,
): Painter {
  const [lowX, highX, lowY, highY] = bounds;
  const corners = [lowX, lowY, highX, lowY, lowX, highY];
  let image: { readonly key: string; readonly canvas: HTMLCanvasElement } | null = null;
  return (context, places, theme) => {
    const [at, right, up] = [0, 2, 4].map((offset) => places.placeAt(corners, offset));
    if (!at || !right || !up) return;
    const best = sideFor(sides, Math.hypot(right.x - at.x, right.y - at.y));
    want(best);
    // What is there already is better than nothing, the nearest to what is wanted.
    const side = [...levels.keys()].sort((a, b) => Math.abs(a - best) - Math.abs(b - best))[0];
    const counts = side === undefined ? undefined : levels.get(side);
    if (side === undefined || !counts) return;
    const key = `${side} ${theme.text}`;
    if (image?.key !== key) image = { key, canvas: imageOf(counts, side, theme.text) };
    context.save();
    context.transform(
      (right.x - at.x) / side,
      (right.y - at.y) / side,
      (up.x - at.x) / side,
      (up.y - at.y) / side,
      at.x,
      at.y,
    );
    context.globalAlpha = OPACITY;
    context.drawImage(image.canvas, 0, 0);
    context.restore();
  };
}

function imageOf(counts: Uint32Array, side: number, color: string): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = side;
  const context = canvas.getContext("2d");
  if (!context) return canvas;
  const image = context.createImageData(side, side);
  strengths(counts).forEach((strength, cell) => {
    image.data[4 * cell + 3] = strength;
  });
  context.putImageData(image, 0, 0);
  // The color of the page's text, as strong as the cell.
  context.globalCompositeOperation = "source-in";
  context.fillStyle = color;
  context.fillRect(0, 0, side, side);
  return canvas;
}

/** Exports the view as SVG: every point as a circle and every label as text. */
import { projectPoint, type View } from "../../model/camera/camera";
import { xmlText } from "../../model/text/well-formed";
import type { Appearance } from "../scene/appearance";
import { classOf } from "../scene/flag-facts";
import type { Scene } from "../scene/scene";
import { pointAt } from "../scene/transition";
import { FLAG, type Painter, type Theme } from "../scene/types";
import { sizeFactor } from "../scene/weights";
import type { PlacedText } from "./label-painter";
import { placesOf } from "./places";
import { createSvgPaper } from "./svg-paper";

/** Programs are slow to open more circles than these: then the points are one image in the SVG. */
export const MAX_CIRCLES = 60_000;

interface Dot {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
  readonly depth: number;
  readonly rank: number;
  readonly color: string;
  readonly opacity: number;
  readonly isHollow: boolean;
}

/** The shader draws none smaller: there would be no hole. */
const SMALLEST_HOLLOW = 2.75;

const RANK = { hidden: -1, ghost: 0, below: 1, plain: 2, neighbor: 3, selected: 4 } as const;

export function svgOf(
  scene: Scene,
  view: View,
  appearance: Appearance,
  theme: Theme,
  labels: readonly PlacedText[],
  font: string,
  /** An image of the points as a data URL, where they are too many for circles. */
  raster: string | null,
  painters: Iterable<Painter> = [],
): string {
  const { width, height } = view.viewport;
  const points = raster
    ? `<image width="${width}" height="${height}" href="${raster}"/>`
    : dotsOf(scene, view, appearance, theme).map(circle).join("\n");
  const paper = createSvgPaper();
  for (const paint of painters) paint(paper, placesOf(scene, view), theme);
  const texts = labels.map(
    ({ text, x, y, size, weight, alpha }) =>
      `<text x="${round(x)}" y="${round(y)}" font-size="${size}" font-weight="${weight}" opacity="${round(alpha)}">${escaped(text)}</text>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">
<rect width="100%" height="100%" fill="${theme.background}"/>
<g>
${points}
</g>
<g>
${paper.text()}
</g>
<g font-family="${escaped(font)}" fill="${theme.text}" stroke="${theme.textHalo}" stroke-width="4" stroke-linejoin="round" paint-order="stroke" dominant-baseline="central">
${texts.join("\n")}
</g>
</svg>
`;
}

/** Farthest first, and what is emphasized over the rest, as the renderer draws them. */
function dotsOf(scene: Scene, view: View, appearance: Appearance, theme: Theme): readonly Dot[] {
  const { width, height } = view.viewport;
  const dots: Dot[] = [];
  for (let index = 0; index < scene.nPoints; index++) {
    const kind = classOf(scene.flags[index] ?? 0);
    const point = kind === "hidden" ? null : pointAt(scene.transition, index);
    if (point === null) continue;
    const { x, y, depth, magnification } = projectPoint(view, point);
    const size = appearance.pointSize * magnification * sizeFactor(scene.weights, index);
    const radius = Math.min(size, appearance.maxPointSize) / 2;
    if (depth < 0 || depth > 1) continue;
    if (x < -radius || y < -radius || x > width + radius || y > height + radius) continue;
    const isGhost = kind === "ghost";
    const isHollow = !isGhost && ((scene.flags[index] ?? 0) & FLAG.hollow) !== 0;
    const drawn = isGhost ? radius * 0.62 : kind === "selected" ? radius * 1.2 : radius;
    const weight = (scene.weights.opacity?.[index] ?? 255) / 255;
    dots.push({
      x,
      y,
      depth,
      rank: RANK[kind],
      radius: isHollow ? Math.max(drawn, SMALLEST_HOLLOW) : drawn,
      isHollow,
      color: isGhost ? theme.ghost : colorOf(scene, index),
      opacity: isGhost
        ? appearance.ghostOpacity
        : kind === "plain" || kind === "below"
          ? appearance.opacity * weight
          : 1,
    });
  }
  return dots.sort((a, b) => a.rank - b.rank || b.depth - a.depth);
}

/** A hollow point is a ring as wide as the renderer draws it. */
function circle({ x, y, radius, color, opacity, isHollow }: Dot): string {
  if (isHollow) {
    const width = Math.min(Math.max(1.4, radius * 0.34), radius - 0.8);
    return `<circle cx="${round(x)}" cy="${round(y)}" r="${round(radius - width / 2)}" fill="none" stroke="${color}" stroke-width="${round(width)}" stroke-opacity="${round(opacity)}"/>`;
  }
  return `<circle cx="${round(x)}" cy="${round(y)}" r="${round(radius)}" fill="${color}" fill-opacity="${round(opacity)}"/>`;
}

function colorOf({ coloring: { codes, palette } }: Scene, index: number): string {
  const at = (codes[index] ?? 0) * 4;
  const part = (k: number) => (palette[at + k] ?? 128).toString(16).padStart(2, "0");
  return `#${part(0)}${part(1)}${part(2)}`;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

function escaped(text: string): string {
  return xmlText(text).replace(/[&<>"]/g, (letter) => `&#${letter.charCodeAt(0)};`);
}

/**
 * How large and how opaque points are when nobody says: beautiful at two thousand, readable at a
 * million. Pure numbers, so that the screen, picking and export agree.
 */
import type { View } from "../model/camera";

export interface Appearance {
  /** CSS pixels across a plain dot at the target's depth. */
  readonly pointSize: number;
  readonly maxPointSize: number;
  readonly opacity: number;
  /** Whether points hide what is behind them; see-through points would do so by mistake. */
  readonly isSolid: boolean;
  /** CSS pixels along the longer side of a sprite. */
  readonly spriteSize: number;
  readonly maxSpriteSize: number;
  /** 1 when few points are emphasized, so each can wear a full ring; towards 0 rings would be a blot. */
  readonly ringStrength: number;
}

export interface AppearanceInput {
  readonly nPoints: number;
  readonly nEmphasized: number;
  readonly zoom: number;
  readonly pointScale: number;
  readonly opacityScale: number;
}

/** Half of the ball is empty in typical projections: points stand about 1.5 times closer. */
const FILL = 0.45;

export function appearanceOf(view: View, input: AppearanceInput): Appearance {
  const { nPoints, nEmphasized, zoom, pointScale, opacityScale } = input;
  const n = Math.max(1, nPoints);
  const side = Math.min(view.viewport.width, view.viewport.height);
  // Mean distance of neighbors on the screen at zoom 1, were the ball's square filled evenly.
  const spacing = side / Math.sqrt(n);
  // Zooming in must both separate points and make them easier to see and hit: the square root does.
  const growth = zoom ** 0.5;
  const pointSize = clamp(1.5 * spacing ** 0.56, 1.5, 13) * growth * pointScale;
  // Near the eye or far in, a dot is still a dot: larger ones only hide each other.
  const maxPointSize = clamp(9 * growth, 22, 40) * Math.max(1, pointScale);
  const size = Math.min(pointSize, maxPointSize);
  const coverage = (Math.PI * (size / 2) ** 2) / ((spacing * zoom) ** 2 * FILL);
  // In 3D what is in front hides what is behind; in 2D transparency shows how many lie on each other.
  const automatic = clamp(0.96 * Math.max(1, coverage) ** -0.55, 0.14, 0.96);
  const opacity = (view.perspective > 0 ? 1 : automatic) * opacityScale;
  const spriteSize = clamp(1.9 * spacing ** 0.75, 9, 52) * zoom ** 0.7 * pointScale;
  return {
    pointSize: size,
    maxPointSize,
    opacity: clamp(opacity, 0.02, 1),
    isSolid: view.perspective > 0 && opacity > 0.7,
    spriteSize: Math.min(spriteSize, 192),
    maxSpriteSize: 240,
    ringStrength: clamp(1 - Math.log10(Math.max(1, nEmphasized) / 14) / 1.7, 0, 1),
  };
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}

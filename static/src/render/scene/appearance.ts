/**
 * Computes the automatic size and opacity of points: beautiful at two thousand, readable at a
 * million. Pure numbers, so that the screen, picking and export agree.
 */
import type { View } from "../../model/camera/camera";

export interface Appearance {
  /** CSS pixels across a plain dot at the target's depth. */
  readonly pointSize: number;
  readonly maxPointSize: number;
  readonly opacity: number;
  /** Opacity of points that are filtered out: many ghosts are a haze, not a wall. */
  readonly ghostOpacity: number;
  /** Whether points hide what is behind them; translucent points must not. */
  readonly isSolid: boolean;
  /** CSS pixels along the longer side of a sprite. */
  readonly spriteSize: number;
  readonly maxSpriteSize: number;
  /** 1: each emphasized point has a full ring; 0: a thin line; -1: no ring, because they are too many. */
  readonly ringStrength: number;
}

export interface AppearanceInput {
  readonly nPoints: number;
  readonly nEmphasized: number;
  readonly nGhosts?: number;
  /** The part of the points that is drawn: less than 1 only while the picture moves. */
  readonly share?: number;
  /** Whether points differ in opacity; translucent ones must hide nothing. */
  readonly isUneven?: boolean;
  readonly zoom: number;
  readonly pointScale: number;
  readonly opacityScale: number;
}

/** Half of the ball is empty in typical projections: points are about 1.5 times closer. */
const FILL = 0.45;

/** Of a plain point's size; shaders/points.vert has the same. */
const GHOST_SIZE = 0.62;

export function appearanceOf(view: View, input: AppearanceInput): Appearance {
  const { nPoints, nEmphasized, zoom, pointScale, opacityScale } = input;
  const { nGhosts = 0, share = 1, isUneven = false } = input;
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
  // In 3D what is in front hides what is behind; in 2D opacity shows how many points overlap.
  const automatic = clamp(0.96 * Math.max(1, coverage) ** -0.55, 0.14, 0.96);
  const isDeep = view.depth > 0;
  const full = (isDeep ? 1 : automatic) * opacityScale;
  // Fewer points are drawn more opaque, so that a movement does not make the picture paler.
  const opacity = share < 1 ? 1 - (1 - Math.min(0.99, full)) ** (1 / share) : full;
  const ghostSize = size * GHOST_SIZE;
  const ghostSpacing = (side * zoom) / Math.sqrt(Math.max(1, nGhosts));
  const ghostCoverage = (Math.PI * (ghostSize / 2) ** 2) / (ghostSpacing ** 2 * FILL);
  const spriteSize = clamp(1.9 * spacing ** 0.75, 9, 52) * zoom ** 0.7 * pointScale;
  return {
    pointSize: size,
    maxPointSize,
    opacity: clamp(opacity, 0.02, 1),
    ghostOpacity: clamp(0.6 * Math.max(1, ghostCoverage) ** -0.75, 0.035, 0.6),
    isSolid: isDeep && full > 0.7 && !isUneven,
    spriteSize: Math.min(spriteSize, 192),
    maxSpriteSize: 240,
    ringStrength: clamp(1 - Math.log10(Math.max(1, nEmphasized) / 14) / 1.7, -1, 1),
  };
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}

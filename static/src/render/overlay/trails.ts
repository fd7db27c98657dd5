/** Lines from where points were at the step before, and the way of some points through all steps. */
import type { PointPaths, StepTrails } from "../../model/projection/trails";
import type { Painter, Paper, Places } from "../scene/types";

/** So few can be drawn stronger, as none hides another. */
const FEW = 100;
const TICK = 2;

interface Spot {
  readonly x: number;
  readonly y: number;
}

/** What filters or a person hides has no line. */
export function trailPainter(trails: StepTrails | null, paths: PointPaths | null): Painter {
  return (context, places, theme) => {
    context.strokeStyle = theme.text;
    if (trails) paintTrails(context, places, trails);
    context.strokeStyle = theme.selectedRing;
    context.fillStyle = theme.selectedRing;
    if (paths) paintPaths(context, places, paths);
    context.globalAlpha = 1;
  };
}

/** Thin where a point was and stronger where it is: the line says which way it went. */
function paintTrails(context: Paper, places: Places, { rows, from, dims }: StepTrails): void {
  const lines: (readonly [Spot, Spot, Spot])[] = [];
  for (let at = 0; at < rows.length; at++) {
    const start = places.placeAt(from, at * dims);
    const end = places.pointAt(rows[at] ?? 0);
    if (!start || !end) continue;
    lines.push([start, { x: (start.x + end.x) / 2, y: (start.y + end.y) / 2 }, end]);
  }
  const strength = lines.length <= FEW ? 1 : 0.6;
  for (const half of [0, 1] as const) {
    context.beginPath();
    for (const line of lines) {
      context.moveTo(line[half].x, line[half].y);
      context.lineTo(line[half === 0 ? 1 : 2].x, line[half === 0 ? 1 : 2].y);
    }
    context.lineWidth = half === 0 ? 0.5 : 1;
    context.globalAlpha = (half === 0 ? 0.5 : 0.85) * strength;
    context.stroke();
  }
}

/** A dot at each step, and a line between those that have the point. */
function paintPaths(context: Paper, places: Places, paths: PointPaths): void {
  const { rows, nSteps, dims } = paths;
  const ticks: Spot[] = [];
  context.beginPath();
  for (let at = 0; at < rows.length; at++) {
    // Where a filter hides the point, its way is hidden, too.
    if (!places.pointAt(rows[at] ?? 0)) continue;
    let isDrawing = false;
    for (let step = 0; step < nSteps; step++) {
      const spot = places.placeAt(paths.places, (step * rows.length + at) * dims);
      if (spot && isDrawing) context.lineTo(spot.x, spot.y);
      else if (spot) context.moveTo(spot.x, spot.y);
      isDrawing = spot !== null;
      if (spot) ticks.push(spot);
    }
  }
  context.lineWidth = 1.5;
  context.globalAlpha = 0.9;
  context.stroke();
  context.beginPath();
  for (const { x, y } of ticks) {
    context.moveTo(x + TICK, y);
    context.arc(x, y, TICK, 0, 2 * Math.PI);
  }
  context.fill();
}

/** Measures, places and draws labels on the overlay. */
import { projectPoint, type View } from "../../model/camera/camera";
import type { Appearance } from "../scene/appearance";
import { classOf } from "../scene/flag-facts";
import type { Scene } from "../scene/scene";
import { pointAt } from "../scene/transition";
import type { PointLabel, Theme } from "../scene/types";
import { isLevelSeen, standing } from "./cluster-levels";
import { type LabelCandidate, placeLabels } from "./labels";

/** Of the text's size. */
const LINE_HEIGHT = 1.3;

export interface LabelFont {
  readonly family: string;
  /** CSS pixels. */
  readonly size: number;
}

/** A label is a hint; the whole text is in the inspector. */
const MAX_CHARACTERS = 64;

/** How much the farthest label fades in 3D. */
const DEPTH_FADE = 0.72;

/** ... and that of a cluster, which is no point in the depth but a place on the map. */
const CLUSTER_FADE = 0.3;

/** The opacity of a ghost's label: it is context, as the point itself is. */
const GHOST_FADE = 0.3;

/** A label as it is written. */
export interface PlacedText {
  readonly text: string;
  /** Left edge and vertical middle; CSS pixels. */
  readonly x: number;
  readonly y: number;
  readonly size: number;
  readonly weight: number;
  readonly alpha: number;
}

interface PlacedLabel extends PlacedText {
  readonly label: PointLabel;
  readonly width: number;
}

interface Prepared {
  readonly label: PointLabel;
  readonly text: string;
  readonly width: number;
}

export class LabelPainter {
  private prepared: readonly Prepared[] = [];
  private labels: readonly PointLabel[] = [];
  private measuredFont = "";
  private painted: readonly PlacedLabel[] = [];

  setLabels(labels: readonly PointLabel[]): void {
    this.labels = labels;
    this.measuredFont = "";
  }

  paint(
    context: CanvasRenderingContext2D,
    scene: Scene,
    view: View,
    appearance: Appearance,
    theme: Theme,
    font: LabelFont,
  ): void {
    context.textAlign = "left";
    context.textBaseline = "middle";
    context.lineJoin = "round";
    this.painted = this.place(context, scene, view, appearance, font);
    for (const { text, x, y, size, weight, alpha } of this.painted) {
      context.font = `${weight} ${size}px ${font.family}`;
      context.globalAlpha = alpha;
      context.strokeStyle = theme.textHalo;
      context.lineWidth = weight > 600 ? 5 : 4;
      context.strokeText(text, x, y);
      context.fillStyle = theme.text;
      context.fillText(text, x, y);
    }
    context.globalAlpha = 1;
  }

  /** The name of a cluster at a place of the last picture; null where there is none. */
  clusterAt(x: number, y: number): PointLabel | null {
    const found = this.painted.findLast(
      (text) =>
        text.label.cluster &&
        x >= text.x &&
        x <= text.x + text.width &&
        Math.abs(y - text.y) <= (text.size * LINE_HEIGHT) / 2,
    );
    return found?.label ?? null;
  }

  /** The place of each label; emphasized ones last, so that nothing is written over them. */
  place(
    context: CanvasRenderingContext2D,
    scene: Scene,
    view: View,
    appearance: Appearance,
    font: LabelFont,
  ): readonly PlacedLabel[] {
    this.measure(context, font);
    const shown: Prepared[] = [];
    const candidates: LabelCandidate[] = [];
    const fades: number[] = [];
    for (const prepared of this.prepared) {
      const { index, emphasized } = prepared.label;
      const kind = classOf(scene.flags[index] ?? 0);
      if (kind === "hidden" || !isLevelSeen(prepared.label, scene, view)) continue;
      const point = pointAt(scene.transition, index);
      if (point === null) continue;
      const { x, y, depth, magnification } = projectPoint(view, point);
      if (depth < 0 || depth > 1) continue;
      const { isCentered, reach } = standing(prepared.label, scene, view);
      const gap = emphasized ? 8 : 4;
      shown.push(prepared);
      fades.push(
        kind === "ghost"
          ? GHOST_FADE
          : emphasized
            ? 1
            : 1 - fadeOf(prepared.label) * view.perspective * nearness(view, magnification),
      );
      candidates.push({
        x,
        y,
        clearance: Math.max(reach, radiusAt(scene, appearance, magnification)) + gap,
        width: prepared.width,
        height: Math.ceil(font.size * LINE_HEIGHT),
        isEmphasized: emphasized,
        isCentered,
      });
    }
    const placed = placeLabels(candidates, view.viewport).reverse();
    return placed.flatMap(({ candidate, x, y }) => {
      const prepared = shown[candidate];
      if (!prepared) return [];
      const style = textStyleOf(prepared.label, font);
      const { text, label, width } = prepared;
      return [{ text, x, y, alpha: fades[candidate] ?? 1, label, width, ...style }];
    });
  }

  /** Once per list and font: measuring text is slow, and it does not depend on the camera. */
  private measure(context: CanvasRenderingContext2D, font: LabelFont): void {
    const key = `${font.size} ${font.family}`;
    if (this.measuredFont === key) return;
    this.measuredFont = key;
    this.prepared = this.labels.map((label) => {
      const text = shorten(label.text);
      const { weight, size } = textStyleOf(label, font);
      context.font = `${weight} ${size}px ${font.family}`;
      return { label, text, width: Math.ceil(context.measureText(text).width) };
    });
  }
}

/** CSS pixels from the middle of a drawn point to its edge. */
export function radiusAt(scene: Scene, appearance: Appearance, magnification: number): number {
  return scene.drawsSprites
    ? Math.min(appearance.spriteSize * magnification, appearance.maxSpriteSize) / 2
    : Math.min(appearance.pointSize * magnification, appearance.maxPointSize) / 2;
}

/** One line, cut between visible characters: never through an emoji or a combined letter. */
export function shorten(text: string): string {
  const line = text.replace(/\s+/gu, " ").trim();
  if (line.length <= MAX_CHARACTERS) return line;
  const characters = [...new Intl.Segmenter().segment(line)];
  if (characters.length <= MAX_CHARACTERS) return line;
  const kept = characters.slice(0, MAX_CHARACTERS - 1).map(({ segment }) => segment);
  return `${kept.join("").trimEnd()}…`;
}

/** 0 for the nearest point of the ball, 1 for the farthest. */
function nearness(view: View, magnification: number): number {
  const depth = view.eyeDistance / magnification;
  return Math.min(1, Math.max(0, (depth - view.originDepth + 1) / 2));
}

function fadeOf({ cluster }: PointLabel): number {
  return cluster ? CLUSTER_FADE : DEPTH_FADE;
}

function textStyleOf({ emphasized, isQuiet, cluster }: PointLabel, { size }: LabelFont) {
  if (emphasized) return { weight: 700, size: size + 0.5 };
  // Broader names are larger, as on a map.
  if (cluster) return { weight: 700, size: size + Math.min(cluster.level, 2) };
  return isQuiet ? { weight: 400, size: size - 1 } : { weight: 600, size: size - 0.5 };
}

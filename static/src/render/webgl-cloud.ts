/** The cloud drawn by WebGL: each call changes the scene, the camera or the overlay. */
import {
  lookAt,
  projectPoint,
  sameCamera,
  type Turning,
  validCamera,
} from "../model/camera/camera";
import { canDrawDensity } from "./gpu/density";
import type { Graphics } from "./gpu/graphics";
import { Controls, type ControlsHost } from "./input/controls";
import { pointsInRegion, pointsInView } from "./input/lasso";
import { standouts } from "./input/standouts";
import { createFramePace, type FramePace } from "./loop/frame-pace";
import { HoverQueries } from "./loop/hover-queries";
import { Stage } from "./loop/stage";
import type { Surface } from "./loop/surface";
import { surroundingBall } from "./scene/fit";
import { shareInView } from "./scene/in-view";
import { pointAt } from "./scene/transition";
import type { Cloud, CloudEvents, CloudOptions, Reach, Tool } from "./scene/types";

/** Long enough to follow single points with the eye, short enough not to wait for them. */
const TRANSITION_MILLISECONDS = 700;
const FLIGHT_MILLISECONDS = 550;

/** One point alone has no extent: zoom in to this, or stay if nearer already. */
const NEAR_ZOOM = 4;
const MAX_FLIGHT_ZOOM = 60;

/** The radius of what the camera flies to is multiplied by this, for some room around it. */
const FLIGHT_MARGIN = 1.35;

/** From so many points on, a selection is two tasks. */
const VERY_MANY = 4_000_000;

/** Options of one cloud, and what it shares with the others on the page. */
export interface WebGLCloudOptions extends CloudOptions {
  /** Its own where none is given. */
  readonly pace?: FramePace;
  /** The context that all draw with; its own where none is given. */
  readonly graphics?: Graphics | null;
}

export function createWebGLCloud(
  surface: Surface,
  graphics: Graphics,
  paper: CanvasRenderingContext2D,
  events: CloudEvents,
  options: WebGLCloudOptions,
): Cloud & { resized(): void } {
  let tool: Tool = "navigate";
  let reach: Reach = "through";
  let turning: Turning = "trackball";
  let isOverLabel = false;
  const queries = new HoverQueries((index) => {
    controls.showCursor(index !== null);
    events.onHover(index);
  });
  const pace = options.pace ?? createFramePace();
  const stage = new Stage(surface, graphics, paper, queries, options.theme, pace, events);
  const { scene, motion, overlay } = stage;
  const duration = (wanted: number) => (options.reducedMotion ? 0 : wanted);

  const host: ControlsHost = {
    camera: () => motion.camera,
    viewport: () => surface.viewport,
    tool: () => tool,
    turning: () => turning,
    moveCamera(camera, isJump) {
      if (isJump) {
        stage.fly(camera, duration(FLIGHT_MILLISECONDS), () => events.onCamera(camera));
        return;
      }
      motion.jump(camera);
      stage.interact();
      stage.redraw();
      events.onCamera(camera);
    },
    pointAt(at) {
      const label = at && overlay.labels.clusterAt(at.x, at.y);
      if (label || isOverLabel) {
        isOverLabel = label !== null;
        controls.showCursor(isOverLabel);
        events.onLabel(label && at && { label, x: at.x, y: at.y });
      }
      // A name is over its points, and the pointer on it means the name.
      queries.pointAt(label ? null : at);
      stage.wake();
    },
    click(at, mode) {
      const label = overlay.labels.clusterAt(at.x, at.y);
      if (label) {
        events.onLabelClick(label, mode);
        return;
      }
      queries.click(at, (index) => events.onClick(index, mode));
      stage.wake();
    },
    drawRegion(region) {
      overlay.region = region;
      stage.repaint();
    },
    select(region, mode) {
      const inside = pointsInRegion(scene, stage.view(), region);
      const rows = reach === "front" ? stage.inFront(inside, region) : inside;
      // What follows takes as long again: the page answers in between.
      if (scene.nPoints < VERY_MANY) events.onSelect(rows, mode);
      else setTimeout(() => events.onSelect(rows, mode));
    },
  };
  const controls = new Controls(surface.canvas, host);

  return {
    canDrawDensity: canDrawDensity(graphics.gl),
    setPositions(positions, { animateMilliseconds = TRANSITION_MILLISECONDS } = {}) {
      const nBefore = scene.nPoints;
      scene.setPositions(positions, duration(animateMilliseconds), performance.now());
      if (scene.nPoints !== nBefore) {
        overlay.hover = null;
        overlay.labels.setLabels([]);
      }
      stage.redraw();
    },
    setColoring(coloring) {
      scene.setColoring(coloring);
      stage.redraw();
    },
    setFlags(flags) {
      scene.setFlags(flags);
      stage.redraw();
    },
    setHover(index) {
      if (overlay.hover === index) return;
      overlay.hover = index;
      stage.repaint();
    },
    setPainter(name, painter) {
      if (painter) overlay.painters.set(name, painter);
      else overlay.painters.delete(name);
      stage.repaint();
    },
    setSprites(sheet) {
      scene.setSprites(sheet);
      stage.redraw();
    },
    showSprites(show) {
      scene.areSpritesShown = show;
      stage.redraw();
    },
    setLabels(labels) {
      overlay.labels.setLabels(labels);
      stage.repaint();
    },
    setEdges(pairs, opacities = null) {
      scene.setEdges(pairs, opacities);
      stage.redraw();
    },
    setWeights(weights) {
      scene.setWeights(weights);
      stage.redraw();
    },
    setOptics({ turning: next, lens, fog }) {
      turning = next;
      motion.lens = lens;
      scene.hasFog = fog;
      stage.redraw();
    },
    setPointScale(scale) {
      scene.pointScale = scale;
      stage.redraw();
    },
    setOpacityScale(scale) {
      scene.opacityScale = scale;
      stage.redraw();
    },
    setDensity(isDensity, smoothing) {
      scene.isDensity = isDensity;
      scene.smoothing = smoothing;
      stage.redraw();
    },
    setTheme: (theme) => stage.setTheme(theme),
    setTool(next) {
      tool = next;
      controls.showCursor();
    },
    setReach(next) {
      reach = next;
    },
    setCamera(camera, { animateMilliseconds = 0 } = {}) {
      // A store that echoes what it got from onCamera or camera() must not stop a flight.
      const wanted = validCamera(camera);
      if (sameCamera(wanted, motion.goal)) return;
      // Another view is moved by hand, and this one goes along: it is as quick as that one.
      if (animateMilliseconds === 0 && scene.nPoints > 0) stage.interact();
      stage.fly(wanted, duration(animateMilliseconds));
    },
    camera: () => motion.goal,
    flyTo(indices) {
      // To where the points will stand, not to where a transition happens to have them.
      const rest = { ...scene.transition, from: null, progress: 1 };
      const points = indices.map((index) => pointAt(rest, index)).filter((point) => point !== null);
      if (points.length === 0) return;
      const { center, radius } = surroundingBall(points);
      const most = radius > 1e-6 ? MAX_FLIGHT_ZOOM : Math.max(NEAR_ZOOM, motion.goal.zoom);
      const camera = lookAt(motion.goal, center, radius * FLIGHT_MARGIN, most);
      stage.fly(camera, duration(FLIGHT_MILLISECONDS));
    },
    screenPosition(index) {
      const point = pointAt(scene.transition, index);
      if (point === null) return null;
      const { x, y, depth } = projectPoint(stage.view(), point);
      return { x, y, depth };
    },
    pointsInView(atMost) {
      const found = pointsInView(scene, stage.view(), { atMost: atMost + 1 });
      return found.length > atMost ? null : found;
    },
    standouts: (importance) => standouts(scene, stage.view(), importance),
    shareInView: () => shareInView(scene, stage.view()),
    stats: () => stage.stats(),
    toBlob: async (scale) => pngOf(stage.toCanvas(scale)),
    toSvg: () => stage.toSvg(),
    drawNow: () => stage.drawNow(),
    resized() {
      // At once, because resizing cleared the canvas.
      stage.redraw();
      stage.drawNow();
    },
    dispose() {
      controls.dispose();
      stage.dispose();
      surface.dispose();
    },
  };
}

function pngOf(canvas: HTMLCanvasElement): Promise<Blob> {
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => {
      if (blob === null) reject(new Error("The browser could not encode the image as PNG."));
      else resolve(blob);
    }, "image/png");
  });
}

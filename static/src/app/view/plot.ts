/** Connects the renderer to the store: draws the state, and dispatches what happens in the plot. */
import { computed, effect, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { HOME_2D, HOME_3D } from "../../model/camera/camera";
import { plainColoring } from "../../model/color/color";
import type { Coloring } from "../../model/color/color-style";
import type { Positions } from "../../model/projection/projection";
import { selectionOf } from "../../model/view/selection";
import type { Cloud, CreateCloud, PointLabel, SpriteSheet } from "../../render/scene/types";
import { pointAtCluster } from "../../store/actions/clusters";
import {
  densityOffered,
  graphicsChanged,
  pictureDrawn,
  viewRested,
} from "../../store/actions/page";
import { hover, select } from "../../store/actions/selection";
import { cameraMoved } from "../../store/actions/view";
import type { Derived } from "../../store/derived/derived";
import { clusterRows } from "../../store/selectors/clusters";
import { openAnswer } from "../../store/selectors/companions";
import {
  isNameAwaited,
  pointLabel,
  selection,
  shownDataset,
  themeName,
} from "../../store/selectors/shown";
import type { Store } from "../../store/store";
import { drawAppearance } from "./plot-appearance";
import { cloudTheme } from "./plot-theme";
import { createPointLabels } from "./point-labels";

/** Frames of a running projection come about ten a second; each flows into the next. */
const LIVE_MILLISECONDS = 160;
const MORPH_MILLISECONDS = 700;
const CAMERA_MILLISECONDS = 500;

/** More labels than these next to selected points and neighbors hide the points. */
const MAX_SELECTED_LABELS = 30;
const MAX_NEIGHBOR_LABELS = 30;

export interface CloudControl {
  readonly cloud: Cloud;
  /** Resolves once the first projection is drawn. */
  readonly firstPicture: Promise<void>;
  stop(): void;
}

export function startPlot(
  host: HTMLElement,
  store: Store,
  derived: Derived,
  framed: ReadonlySignal<Positions | null>,
  createCloud: CreateCloud,
): CloudControl {
  const reducedMotion = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  const cloud = createCloud(
    host,
    {
      onHover(index) {
        const at = index === null ? null : cloud.screenPosition(index);
        store.dispatch(hover(index, at && { x: at.x, y: at.y }));
      },
      onClick(index, mode) {
        store.dispatch(select(selectionOf(index === null ? [] : [index]), mode));
      },
      onLabel(pointed) {
        const cluster = pointed?.label.cluster;
        store.dispatch(
          pointAtCluster(
            pointed && cluster
              ? { level: cluster.level, text: pointed.label.text, x: pointed.x, y: pointed.y }
              : null,
          ),
        );
      },
      onLabelClick({ text, cluster }, mode) {
        const rows = cluster && clusterRows(store.state.peek(), cluster.level, text);
        if (rows) store.dispatch(select(selectionOf(rows), mode));
      },
      onSelect(indices, mode) {
        // They come ascending, each once.
        store.dispatch(select(indices, mode));
      },
      onCamera(camera) {
        store.dispatch(cameraMoved(camera));
      },
      onRest() {
        store.dispatch(viewRested(cloud.shareInView()));
        pointLabels.update();
      },
      onWhole(isWhole) {
        store.dispatch(pictureDrawn(isWhole));
      },
      onStatus(status) {
        store.dispatch(graphicsChanged(status));
      },
    },
    { reducedMotion, theme: cloudTheme() },
  );

  const pointLabels = createPointLabels(store, () => cloud);
  store.dispatch(densityOffered(cloud.canDrawDensity));
  let drawn: () => void = () => undefined;
  const firstPicture = new Promise<void>((resolve) => {
    drawn = resolve;
  });
  const given = signal<Positions | null>(null);
  const stops = [
    drawPoints(store, derived, framed, cloud, given, () => {
      cloud.drawNow();
      drawn();
    }),
    drawLabels(store, derived, cloud, given, pointLabels.rows),
    pointLabels.stop,
    drawSprites(store, cloud),
    ...mirror(store, cloud),
    ...drawAppearance(store, cloud),
  ];
  return {
    cloud,
    firstPicture,
    stop: () => {
      for (const stop of stops) stop();
      cloud.dispose();
    },
  };
}

/**
 * Positions, colors and flags go together: their lengths have to agree in every frame.
 *
 * @param given Becomes the positions that the renderer has.
 */
function drawPoints(
  store: Store,
  derived: Derived,
  framed: ReadonlySignal<Positions | null>,
  cloud: Cloud,
  given: Signal<Positions | null>,
  onFirst: () => void,
): () => void {
  const shown = store.select((state) => state.work.shown);
  const theme = store.select(themeName);
  let positions: Positions | null = null;
  let coloring: Coloring | null = null;
  let flags: Uint8Array | null = null;
  return effect(() => {
    const next = framed.value;
    if (!shown.value || next === null) return;
    const nPoints = next.values.length / next.dims;
    const isFirst = positions === null;
    if (next !== positions) {
      const nBefore = positions ? positions.values.length / positions.dims : nPoints;
      // Entirely different points: the camera's place among the old ones means nothing.
      const isOther = nBefore !== nPoints;
      if (isOther || next.dims !== positions?.dims) turnCamera(store, cloud, next.dims, isFirst);
      const animateMilliseconds = shown.value.isLive ? LIVE_MILLISECONDS : MORPH_MILLISECONDS;
      cloud.setPositions(next, { animateMilliseconds: isFirst ? 0 : animateMilliseconds });
      positions = next;
      given.value = next;
    }
    // While a column is loading the old colors stay, unless they are of another number of points.
    const wanted = derived.coloring.value ?? coloring;
    const fitting = wanted?.codes.length === nPoints ? wanted : null;
    const nextColoring = fitting ?? plainColoring(nPoints, theme.value);
    if (nextColoring !== coloring) cloud.setColoring(nextColoring);
    coloring = nextColoring;
    const wantedFlags = derived.flags.value;
    const nextFlags = wantedFlags.length === nPoints ? wantedFlags : new Uint8Array(nPoints);
    if (nextFlags !== flags) cloud.setFlags(nextFlags);
    flags = nextFlags;
    if (isFirst) onFirst();
  });
}

/** Turn to a 2D projection from above, to a 3D one from the side, unless a link says otherwise. */
function turnCamera(store: Store, cloud: Cloud, dims: 2 | 3, isFirst: boolean): void {
  const { camera } = store.state.peek().view;
  const home = dims === 2 ? HOME_2D : HOME_3D;
  const target = camera?.mode === home.mode ? camera : home;
  cloud.setCamera(target, { animateMilliseconds: isFirst ? 0 : CAMERA_MILLISECONDS });
}

function drawLabels(
  store: Store,
  derived: Derived,
  cloud: Cloud,
  given: ReadonlySignal<Positions | null>,
  named: ReadonlySignal<Iterable<number>>,
): () => void {
  const labels = computed(() => {
    const state = store.state.value;
    const { attention } = state;
    const list: PointLabel[] = [];
    const awaited: number[] = [];
    const name = (index: number, emphasized: boolean, isQuiet = false) => {
      if (isNameAwaited(state, index)) awaited.push(index);
      else list.push({ index, text: pointLabel(state, index), emphasized, isQuiet });
    };
    // A point under the pointer has its card; one hovered in a list has only its label.
    const selected = selection(state).subarray(0, MAX_SELECTED_LABELS);
    const isInList = attention.hover !== null && !attention.anchor;
    if (attention.hover !== null && isInList && !selected.includes(attention.hover)) {
      name(attention.hover, true);
    }
    for (const index of selected) name(index, true);
    const near = openAnswer(state)?.value ?? attention.neighbors.value;
    const neighbors = near?.indices.slice(0, MAX_NEIGHBOR_LABELS) ?? [];
    for (const index of neighbors) name(index, false);
    for (const { index, text, ...cluster } of derived.clusterLabels.value) {
      list.push({ index, text, emphasized: false, cluster });
    }
    for (const label of derived.categoryLabels.value) list.push({ ...label, emphasized: false });
    const labeled = new Set(list.map(({ index }) => index));
    const nPoints = shownDataset(state)?.info.n_points ?? 0;
    for (const index of named.value) {
      // The dataset may have changed meanwhile, and have fewer rows.
      if (!labeled.has(index) && index < nPoints) name(index, false, true);
    }
    return { list, awaited };
  });
  // The state changes often; labels are laid out anew only if they differ.
  const key = computed(() => JSON.stringify(labels.value.list));
  const awaited = computed(() => JSON.stringify(labels.value.awaited));
  const stops = [
    effect(() => {
      key.value;
      // Another number of points makes the renderer forget its labels.
      if (given.value) cloud.setLabels(labels.peek().list);
    }),
    effect(() => {
      awaited.value;
      const rows = labels.peek().awaited;
      if (rows.length > 0) store.request({ kind: "load-names", rows });
    }),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}

function drawSprites(store: Store, cloud: Cloud): () => void {
  const sheet = computed<SpriteSheet | null>(() => {
    const sprite = shownDataset(store.state.value)?.sprite;
    return sprite?.status === "ready" ? sprite.value : null;
  });
  const hasSprite = store.select((state) => Boolean(shownDataset(state)?.info.sprite));
  const isWanted = store.select((state) => state.view.sprites);
  let current: SpriteSheet | null = null;
  return effect(() => {
    // The next step's sheet is loading: the old one stays until then.
    const next = sheet.value ?? (hasSprite.value ? current : null);
    if (next !== current && (isWanted.value || next === null)) {
      cloud.setSprites(next);
      current = next;
    }
    cloud.showSprites(isWanted.value && current !== null);
  });
}

/** One effect for each part of the state that the renderer shows as it is. */
function mirror(store: Store, cloud: Cloud): (() => void)[] {
  const follow = <T>(source: ReadonlySignal<T>, apply: (value: T) => void) =>
    effect(() => apply(source.value));
  return [
    follow(store.select(themeName), () => cloud.setTheme(cloudTheme())),
    follow(
      store.select((state) => state.page.tool),
      (tool) => cloud.setTool(tool),
    ),
    follow(
      store.select((state) => state.page.reach),
      (reach) => cloud.setReach(reach),
    ),
    follow(
      store.select((state) => state.attention.hover),
      (index) => cloud.setHover(index),
    ),
    follow(
      store.select((state) => state.view.pointScale),
      (scale) => cloud.setPointScale(scale),
    ),
    follow(
      store.select((state) => state.view.opacityScale),
      (scale) => cloud.setOpacityScale(scale),
    ),
    follow(
      store.select((state) => state.view.camera),
      (camera) => {
        const { mode } = cloud.camera();
        const home = mode === "2d" ? HOME_2D : HOME_3D;
        if (!camera) cloud.setCamera(home, { animateMilliseconds: CAMERA_MILLISECONDS });
        else if (camera.mode === mode) cloud.setCamera(camera);
      },
    ),
  ];
}

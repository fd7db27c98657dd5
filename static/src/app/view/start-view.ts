/** Starts everything that exists once per view: plot, loaders, handlers. */
import { computed, type ReadonlySignal } from "@preact/signals";
import type { Api } from "../../api/api";
import type { Positions } from "../../model/projection/projection";
import type { Cloud, CreateCloud } from "../../render/scene/types";
import { type Derived, derive } from "../../store/derived/derived";
import type { SameArrays } from "../../store/derived/same-arrays";
import { type Handlers, handle } from "../../store/handlers";
import type { RequestKind } from "../../store/requests";
import { viewsAlong } from "../../store/selectors/views";
import type { RootState } from "../../store/state/root-state";
import type { State } from "../../store/state/state";
import type { ViewId } from "../../store/state/view-id";
import { type RootStore, type Store, scope, viewStates } from "../../store/store";
import type { QualityMeasuring } from "../data/measuring-later";
import { report } from "../report";
import { cameraRequests } from "./camera-requests";
import { startCategorySearch } from "./category-search";
import { estimateRequests } from "./estimate-loader";
import { exportRequests } from "./exports";
import { startFailureNotice } from "./failure-notice";
import { startFormulas } from "./formula-loader";
import { startLiveParameters } from "./live-parameters";
import { mediaRequests } from "./media-requests";
import { startNearestLoader } from "./nearest-loader";
import { startNearness } from "./nearness-loader";
import { startOfferedBookmarks } from "./offered-bookmarks";
import { startPlot } from "./plot";
import { startPointLoader } from "./point-loader";
import { ProjectionLoader, type SharedWork } from "./projection-loader";
import { projectionRequests } from "./projection-requests";
import { startQuality } from "./quality-loader";
import { selectionRequests } from "./selection-requests";
import { startStepPlayer } from "./step-player";
import { startSummary } from "./summary-loader";
import { startTable } from "./table-loader";

/** Requests that every view answers by itself. */
type ViewKind =
  | "copy-python"
  | "load-estimates"
  | "compute-column"
  | "remove-column"
  | "explain-media"
  | "export"
  | "find-values"
  | "fly"
  | "home"
  | "invert-selection"
  | "load-texts"
  | "measure-quality"
  | "pause"
  | "resume"
  | "roll"
  | "run"
  | "run-action"
  | "save-image"
  | "select-shown"
  | "stop"
  | "stop-nearness";

/** All others: the page answers them, whichever view they are made in. */
export type PageKind = Exclude<RequestKind, ViewKind>;

/** What all views share. */
export interface ViewServices extends SharedWork {
  readonly api: Api;
  readonly measuring: QualityMeasuring;
  readonly same: SameArrays;
  /** The positions of each view, with their frame. */
  readonly framed: (id: ViewId) => ReadonlySignal<Positions | null>;
  readonly handlers: Handlers<PageKind>;
  readonly createCloud: CreateCloud;
  /** All views, in the order of the page. */
  readonly shownViews: () => readonly RunningView[];
}

export interface RunningView {
  readonly store: Store;
  readonly derived: Derived;
  /** The element that the plot is drawn in; it is nowhere on the page yet. */
  readonly host: HTMLElement;
  readonly cloud: Cloud;
  /** Resolves once the first projection is drawn. */
  readonly firstPicture: Promise<void>;
  /** Asks again for what is wanted, after a failure or a stop. */
  retry(): void;
  streamedFrames(): number;
  /** The page is closed: the server may finish what it works on. */
  stop(): void;
  /** The view is removed: work that no other view waits for is stopped. */
  remove(): void;
}

export function startView(root: RootStore, id: ViewId, services: ViewServices): RunningView {
  const { api, measuring, createCloud } = services;
  const store = scope(root, id);
  const derived = derive(store, services.same);
  const isActive = root.select(({ active }) => active === id);
  const host = document.createElement("div");
  host.className = "plot-canvas";
  const {
    cloud,
    firstPicture,
    stop: stopPlot,
  } = startPlot(host, store, derived, services.framed(id), createCloud);
  const loader = new ProjectionLoader(store, id, api, services);
  const retry = () => loader.retry();
  const search = startCategorySearch(store, api);
  const live = startLiveParameters(store, api);
  const formulas = startFormulas(store, api);
  const nearness = startNearness(store, api);
  const table = startTable(store, api, isActive);
  const quality = startQuality(store, measuring);
  const handlers: Handlers = {
    ...services.handlers,
    ...projectionRequests(store, api, retry),
    ...cameraRequests(store, cloud),
    ...selectionRequests(store, derived),
    ...mediaRequests(store, api),
    ...exportRequests({ store, api, derived, cloud, views: services.shownViews }),
    ...search.handlers,
    ...live.handlers,
    ...estimateRequests(store, api),
    ...formulas.handlers,
    ...nearness.handlers,
    ...table.handlers,
    ...quality.handlers,
  };
  const stops = [
    handle(store, handlers, report(store)),
    startPointLoader(store, api, () => isFirstToShow(root.state.peek(), id)),
    startNearestLoader(store, api),
    startSummary(store, api),
    startOfferedBookmarks(store, api, isActive),
    startStepPlayer(store, statesAlong(root, id)),
    startFailureNotice(store),
    ...[search, live, formulas, nearness, table, quality].map((part) => () => part.stop()),
    stopPlot,
  ];
  const stopAll = () => {
    for (const stop of stops) stop();
  };
  return {
    store,
    derived,
    host,
    cloud,
    firstPicture,
    retry,
    streamedFrames: () => loader.streamedFrames,
    stop() {
      stopAll();
      loader.stop();
    },
    remove() {
      stopAll();
      loader.leave();
    },
  };
}

/** What the views see that go along to other steps. */
function statesAlong(root: RootStore, id: ViewId): ReadonlySignal<readonly State[]> {
  const states = viewStates(root);
  return computed(() =>
    viewsAlong(root.state.value, id).flatMap((at) => states.value.get(at) ?? []),
  );
}

/** Whether no view before this one shows the same dataset. */
function isFirstToShow({ views, order }: RootState, id: ViewId): boolean {
  const datasetOf = (view: ViewId) => views[view]?.work.shown?.dataset;
  return order.find((view) => datasetOf(view) === datasetOf(id)) === id;
}

/** Starts everything that exists once per page, and then its views. */

import type { Api } from "../../api/api";
import { isWorking } from "../../model/data/work";

import type { CreateCloud } from "../../render/scene/types";
import { kernelChanged } from "../../store/actions/page";
import { forgetEdits } from "../../store/actions/selection";
import { SameArrays } from "../../store/derived/same-arrays";
import type { Handlers } from "../../store/handlers";
import { activeScope, type RootStore, type Store } from "../../store/store";
import { Later } from "../browser/later";
import { browserWindow, type Surroundings } from "../browser/surroundings";
import { startCategoryNames } from "../data/category-names";
import { startClusters } from "../data/cluster-finder";
import { startDatasets } from "../data/dataset-loader";
import { startDrift } from "../data/drift-requests";
import { startMeasures } from "../data/measure-requests";
import { measuringLater } from "../data/measuring-later";
import { createPositionCache } from "../data/position-cache";
import { startRuns } from "../data/runs-loader";
import { startScalars } from "../data/scalars-loader";
import { startTagsLater } from "../data/tags-later";
import { WorkClaims } from "../data/work-claims";
import { type PageKind, startView } from "../view/start-view";
import { startAlignmentMemory } from "./alignment-memory";
import { startBookmarkSync } from "./bookmark-requests";
import { demoRequests } from "./demo";
import { startFileDrops } from "./file-drops";
import { startFraming } from "./framing";
import { startKeyboard } from "./keyboard";
import { startLayoutMemory } from "./layout-memory";
import { loadListing, loadMethods } from "./listing-loader";
import { startNewSteps } from "./new-steps";
import { loadPanels, panelRequests } from "./panel-requests";
import { pageRequests } from "./request-handlers";
import { startScalarMemory } from "./scalar-memory";
import { startScreenReader } from "./screen-reader";
import { startSelectionSync } from "./selection-sync";
import { startListening } from "./server-events";
import { startStepLink } from "./step-link";
import { subsetRequests } from "./subset-requests";
import { startTheme } from "./theme";
import { readUrl, startUrlSync } from "./url-sync";
import { type RunningViews, runViews } from "./view-runner";

export interface RunningPage {
  readonly views: RunningViews;
  /** Resolves once the first projection is drawn. */
  readonly ready: Promise<void>;
  stop(): void;
}

export function startPage(
  root: RootStore,
  api: Api,
  createCloud: CreateCloud,
  around: Surroundings = browserWindow(),
): RunningPage {
  // What concerns one view concerns the active one: keys, address, screen reader, selection.
  const store = activeScope(root);
  const { address } = around;
  const urls = readUrl(root, address);
  store.dispatch(forgetEdits());
  const stopTheme = startTheme(store, around);
  const stopLayout = startLayoutMemory(store);

  const datasets = startDatasets(root, api);
  const tags = startTagsLater(root, api);
  const clusters = startClusters(root, api);
  const drift = startDrift(root, api);
  const measures = startMeasures(root, api);
  const drops = startFileDrops(root, api);
  const bookmarks = startBookmarkSync(root, store);
  const lines = new Later(
    () => import("./drift-lines"),
    ({ startDriftLines }) => ({ stop: startDriftLines(root, views) }),
  );
  const trails = new Later(
    () => import("./step-trails"),
    ({ startStepTrails }) => ({ stop: startStepTrails(root, views, api) }),
  );
  const density = new Later(
    () => import("./density-behind"),
    ({ startDensityBehind }) => ({ stop: startDensityBehind(root, views, api) }),
  );
  const runs = startRuns(root, api);
  const handlers: Handlers<PageKind> = {
    ...pageRequests(root, api),
    ...demoRequests(root, api),
    ...subsetRequests(root, api),
    ...bookmarks.handlers,
    ...datasets.handlers,
    ...clusters.handlers,
    ...drift.handlers,
    ...measures.handlers,
    async "draw-drift-lines"() {
      await lines.get();
    },
    async "draw-trails"() {
      await trails.get();
    },
    async "draw-density"() {
      await density.get();
    },
    ...tags.handlers,
    ...drops.handlers,
    ...runs.handlers,
    ...panelRequests(root, api, () => window.projector),
  };
  const framing = startFraming(root);
  const services = {
    api,
    datasets,
    positions: createPositionCache(),
    claims: new WorkClaims(),
    measuring: measuringLater(root, api),
    same: new SameArrays(),
    framed: framing.framed,
    handlers,
    createCloud,
    shownViews: () => root.state.peek().order.flatMap((id) => views.get(id) ?? []),
  };
  const { active } = root.state.peek();
  const views: RunningViews = runViews(root, (id) => startView(root, id, services));
  const retry = (id: string) => views.get(id)?.retry();
  const ready = views.get(active)?.firstPicture ?? Promise.resolve();
  const selections = startSelectionSync(root, api);
  const isPlaying = root.select(({ views }) =>
    Object.values(views).some(({ page }) => page.isPlaying),
  );
  const fading = new Later(
    () => import("./still-fade"),
    ({ startStillFade }) => ({ stop: startStillFade(root) }),
  );
  const hasSeveral = root.select(({ order }) => order.length > 1);
  const matches = new Later(
    () => import("./match-finder"),
    ({ startMatches }) => ({ stop: startMatches(root, api) }),
  );
  const stops = [
    api.onKernel((kernel) => store.dispatch(kernelChanged(kernel))),
    startUrlSync(root, address),
    startStepLink(root),
    startScreenReader(store),
    startKeyboard(store),
    listenToParts(root, store),
    startNewSteps(root, retry),
    startCategoryNames(root, api),
    startScalarMemory(store),
    startScalars(root, api),
    startAlignmentMemory(store),
    bookmarks.stop,
    ...[selections, drops, tags].map((part) => () => part.stop()),
    views.stop,
    datasets.stop,
    clusters.stop,
    drift.stop,
    measures.stop,
    fading.when(isPlaying),
    matches.when(hasSeveral),
    ...[lines, trails, density].map((part) => () => part.stop()),
    runs.stop,
    framing.stop,
    stopTheme,
    stopLayout,
  ];

  let stopListening: () => void = () => undefined;
  let isStopped = false;
  const opened = Object.fromEntries(
    [...urls].map(([id, { place, namesProjection }]) => [id, { place, isOpen: !namesProjection }]),
  );
  void loadListing(root, api, opened).then(async () => {
    // The first projection comes before anything else, unless there will be none.
    if (store.state.peek().view.place) await Promise.race([ready, isLate(store)]);
    if (isStopped) return;
    void loadMethods(root, api);
    void loadPanels(root, api);
    stopListening = startListening(root, api, retry, selections);
  });

  return {
    views,
    ready,
    stop() {
      isStopped = true;
      stopListening();
      for (const stop of stops) stop();
    },
  };
}

/** What says that it can be dragged is, with code that comes when it is first pressed. */
function listenToParts(root: RootStore, store: Store): () => void {
  const onPress = (event: PointerEvent) => {
    if (event.button !== 0 || !(event.target instanceof Element)) return;
    if (!event.target.closest("[data-part]")) return;
    const { place } = store.state.peek().view;
    void import("./part-drag").then(({ followDrag }) => followDrag(event, place, root, store));
  };
  // Before the timeline hears of it, which goes to another step at once.
  window.addEventListener("pointerdown", onPress, { capture: true });
  return () => window.removeEventListener("pointerdown", onPress, { capture: true });
}

/** Resolves when the first projection will not come at once: the work is long, or has failed. */
function isLate(store: Store): Promise<void> {
  return new Promise((resolve) => {
    const stop = store.state.subscribe(({ work }) => {
      const isLong = Object.values(work.projections).some(isWorking);
      if (work.request.status !== "failed" && !isLong) return;
      resolve();
      // The first call comes before `subscribe` has returned.
      queueMicrotask(() => stop());
    });
  });
}

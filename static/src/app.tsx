/** Joins store, server, renderer and panels: the one file that knows them all. */
import { render } from "preact";
import type { Api } from "./api/api";
import { startCategorySearch } from "./app/data/category-search";
import { createDatasets } from "./app/data/dataset-loader";
import { startScalars } from "./app/data/scalars-loader";
import { startTable } from "./app/data/table-loader";
import { startTags } from "./app/data/tags-sync";
import { startBookmarks } from "./app/page/bookmarks";
import { startDemo } from "./app/page/demo";
import { startFileDrops } from "./app/page/file-drops";
import { startKeyboard } from "./app/page/keyboard";
import { Layout } from "./app/page/layout";
import { startLayoutMemory } from "./app/page/layout-memory";
import { startNewSteps } from "./app/page/new-steps";
import { startRequestHandlers } from "./app/page/request-handlers";
import { startScreenReader } from "./app/page/screen-reader";
import { startSelectionSync } from "./app/page/selection-sync";
import { loadLog, loadMethods, startListening } from "./app/page/server-events";
import { startTheme } from "./app/page/theme";
import { readUrl, startUrlSync } from "./app/page/url-sync";
import { createPageApi } from "./app/page/window-api";
import { startAlignmentMemory } from "./app/view/alignment-memory";
import { startExports } from "./app/view/exports";
import { startLiveParameters } from "./app/view/live-parameters";
import { startNearestLoader } from "./app/view/nearest-loader";
import { startPlot } from "./app/view/plot";
import { startPointLoader } from "./app/view/point-loader";
import { createProjectionLoader } from "./app/view/projection-loader";
import { startQuality } from "./app/view/quality-loader";
import { startSelectionRequests } from "./app/view/selection-requests";
import { startStepPlayer } from "./app/view/step-player";
import { isWorking } from "./model/projection/projection";
import { PanelContext } from "./panels/context";
import { forgetEdits } from "./store/actions/selection";
import { derive } from "./store/derived/derived";
import { createStore, type Store } from "./store/store";

/** Start the page in an element, for one server; returns the way to take it away again. */
export function start(root: HTMLElement, api: Api): () => void {
  const store = createStore();
  const derived = derive(store);
  const { place, namesProjection } = readUrl(store);
  store.dispatch(forgetEdits());
  const stopTheme = startTheme(store);
  const stopMemory = startLayoutMemory(store);

  const host = document.createElement("div");
  host.className = "plot-canvas";
  const control = startPlot(host, store, derived);
  const datasets = createDatasets(store, api);
  const pictures = createProjectionLoader(store, api, datasets);
  const { cloud, firstPicture } = control;
  const { streamedFrames } = pictures;
  window.projector = createPageApi({
    store,
    api,
    host,
    cloud,
    ready: firstPicture,
    streamedFrames,
  });
  const sharing = startSelectionSync(store, api);
  const stops = [
    startUrlSync(store),
    startScreenReader(store),
    startRequestHandlers(store, api, pictures, cloud),
    startPointLoader(store, api),
    startKeyboard(store),
    startDemo(store, api),
    startFileDrops(store, api),
    startNewSteps(store, pictures),
    startNearestLoader(store, api),
    startCategorySearch(store, api),
    startScalars(store, api),
    startSelectionRequests(store, derived),
    startStepPlayer(store),
    startAlignmentMemory(store),
    startLiveParameters(store, api),
    startTable(store, api),
    startTags(store, api),
    startQuality(store, api),
    startBookmarks(store, api),
    startExports(store, api, derived, cloud),
  ];
  render(
    <PanelContext.Provider value={{ store, derived }}>
      <Layout host={host} />
    </PanelContext.Provider>,
    root,
  );

  let stopListening: () => void = () => undefined;
  let isStopped = false;
  void loadLog(store, api, place, !namesProjection).then(async () => {
    // The first picture comes before anything else, unless there will be none.
    if (store.state.peek().view.place) await Promise.race([firstPicture, isLate(store)]);
    if (isStopped) return;
    void loadMethods(store, api);
    stopListening = startListening(store, api, pictures, sharing);
  });

  return () => {
    isStopped = true;
    stopListening();
    for (const stop of stops) stop();
    sharing.stop();
    pictures.stop();
    datasets.stop();
    control.stop();
    stopTheme();
    stopMemory();
    render(null, root);
    delete window.projector;
  };
}

/** Resolves when the first picture will not come at once: the work is long, or has failed. */
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

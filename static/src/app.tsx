/** Joins store, server, renderer and panels: the one file that knows them all. */
import { render } from "preact";
import { startRarer } from "./app/data/category-search";
import { createDatasets } from "./app/data/dataset-loader";
import { startScalars } from "./app/data/scalars-loader";
import { startTable } from "./app/data/table-loader";
import { startTags } from "./app/data/tags-sync";
import { startBookmarks } from "./app/page/bookmarks";
import { startDemo } from "./app/page/demo";
import { startDrops } from "./app/page/file-drops";
import { startKeyboard } from "./app/page/keyboard";
import { Layout } from "./app/page/layout";
import { startArrangementMemory } from "./app/page/layout-memory";
import { startNews } from "./app/page/new-steps";
import { startCommands } from "./app/page/request-handlers";
import { startAnnouncements } from "./app/page/screen-reader";
import { startSharing } from "./app/page/selection-sync";
import { loadLog, loadMethods, startListening } from "./app/page/server-events";
import { startTheme } from "./app/page/theme";
import { readAddress, startAddress } from "./app/page/url-sync";
import { createPageApi } from "./app/page/window-api";
import { startOrientation } from "./app/view/alignment-memory";
import { startExports } from "./app/view/exports";
import { startSteering } from "./app/view/live-parameters";
import { startQuestions } from "./app/view/nearest-loader";
import { startCloud } from "./app/view/plot";
import { startInspection } from "./app/view/point-loader";
import { createPictures } from "./app/view/projection-loader";
import { startTrust } from "./app/view/quality-loader";
import { startSelecting } from "./app/view/selection-requests";
import { startPlayer } from "./app/view/step-player";
import { isWorking } from "./model/projection/projection";
import { PanelContext } from "./panels/context";
import { forgetEdits } from "./store/actions/selection";
import { derive } from "./store/derived/derived";
import { createStore, type Store } from "./store/store";

/** Start the page in an element; returns the way to take it away again. */
export function start(root: HTMLElement): () => void {
  const store = createStore();
  const derived = derive(store);
  const { place, namesPicture } = readAddress(store);
  store.dispatch(forgetEdits());
  const stopTheme = startTheme(store);
  const stopMemory = startArrangementMemory(store);

  const host = document.createElement("div");
  host.className = "plot-canvas";
  const control = startCloud(host, store, derived);
  const datasets = createDatasets(store);
  const pictures = createPictures(store, datasets);
  const { cloud, firstPicture } = control;
  const { streamedFrames } = pictures;
  window.projector = createPageApi({ store, host, cloud, ready: firstPicture, streamedFrames });
  const sharing = startSharing(store);
  const stops = [
    startAddress(store),
    startAnnouncements(store),
    startCommands(store, pictures, cloud),
    startInspection(store),
    startKeyboard(store),
    startDemo(store),
    startDrops(store),
    startNews(store, pictures),
    startQuestions(store),
    startRarer(store),
    startScalars(store),
    startSelecting(store, derived),
    startPlayer(store),
    startOrientation(store),
    startSteering(store),
    startTable(store),
    startTags(store),
    startTrust(store),
    startBookmarks(store),
    startExports(store, derived, cloud),
  ];
  render(
    <PanelContext.Provider value={{ store, derived }}>
      <Layout host={host} />
    </PanelContext.Provider>,
    root,
  );

  let stopListening: () => void = () => undefined;
  let isStopped = false;
  void loadLog(store, place, !namesPicture).then(async () => {
    // The first picture comes before anything else, unless there will be none.
    if (store.state.peek().view.place) await Promise.race([firstPicture, isLate(store)]);
    if (isStopped) return;
    void loadMethods(store);
    stopListening = startListening(store, pictures, sharing);
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

/** Joins store, server, renderer and panels: the one file that knows them all. */
import { render } from "preact";
import { readAddress, startAddress } from "./app/address";
import { startAnnouncements } from "./app/announcements";
import { startArrangementMemory } from "./app/arrangement-memory";
import { startBookmarks } from "./app/bookmarks";
import { startCloud } from "./app/cloud";
import { startCommands } from "./app/commands";
import { startRarer } from "./app/data/category-search";
import { createDatasets } from "./app/data/dataset-loader";
import { startScalars } from "./app/data/scalars-loader";
import { startTable } from "./app/data/table-loader";
import { startTags } from "./app/data/tags-sync";
import { startDemo } from "./app/demo";
import { startDrops } from "./app/drops";
import { startExports } from "./app/exports";
import { startInspection } from "./app/inspection";
import { startKeyboard } from "./app/keyboard";
import { Layout } from "./app/layout";
import { loadLog, loadMethods, startListening } from "./app/live";
import { startNews } from "./app/news";
import { startOrientation } from "./app/orientation";
import { createPageApi } from "./app/page-api";
import { createPictures } from "./app/pictures";
import { startPlayer } from "./app/player";
import { startQuestions } from "./app/questions";
import { startSelecting } from "./app/selecting";
import { startSharing } from "./app/sharing";
import { startSteering } from "./app/steering";
import { startTheme } from "./app/theme";
import { startTrust } from "./app/trust";
import { isWorking } from "./model/projection";
import { PanelContext } from "./panels/context";
import { forgetEdits } from "./store/actions/attention";
import { derive } from "./store/derived";
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

/** Joins store, server, renderer and panels. */
import type { ReadonlySignal } from "@preact/signals";
import { type JSX, render } from "preact";
import { useMemo } from "preact/hooks";
import type { Api } from "./api/api";
import { browserWindow, type Surroundings } from "./app/browser/surroundings";
import { Layout } from "./app/page/layout";
import { startPage } from "./app/page/start-page";
import type { RunningViews } from "./app/page/view-runner";
import { createPageApi } from "./app/page/window-api";
import type { MediaUrls } from "./model/data/media-place";
import type { FrameTimes } from "./model/view/frame-times";
import { PanelContext } from "./panels/context";
import { createCloud, createFramePace, Graphics } from "./render/index";
import type { ViewId } from "./store/state/view-id";
import { createRootStore } from "./store/store";

/** Start the page in an element, for one server; returns the way to take it away again. */
export function start(
  element: HTMLElement,
  api: Api,
  around: Surroundings = browserWindow(),
): () => void {
  const root = createRootStore();
  // The plots of all views share the time that there is for a frame.
  const pace = createFramePace();
  // And one WebGL context, of which browsers have few.
  const graphics = Graphics.create();
  const { views, ready, stop } = startPage(
    root,
    api,
    (host, events, options) => createCloud(host, events, { ...options, pace, graphics }),
    around,
  );
  window.projector = createPageApi({ root, api, views, ready });
  const active = root.select((state) => state.active);
  render(
    <ActiveView active={active} views={views} frames={pace.times} media={api.media} />,
    element,
  );
  return () => {
    stop();
    graphics?.dispose();
    render(null, element);
    delete window.projector;
  };
}

interface ActiveViewProps {
  readonly active: ReadonlySignal<ViewId>;
  readonly views: RunningViews;
  readonly frames: FrameTimes;
  readonly media: MediaUrls;
}

/** The panels around the plot of the active view. */
function ActiveView({ active, views, frames, media }: ActiveViewProps): JSX.Element | null {
  const view = views.get(active.value);
  const parts = useMemo(() => view && { ...view, frames, media }, [view, frames, media]);
  return (
    view &&
    parts && (
      <PanelContext.Provider value={parts}>
        <Layout views={views} />
      </PanelContext.Provider>
    )
  );
}

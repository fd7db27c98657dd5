/** Publishes `window.projector`. */
import type { Api } from "../../api/api";
import type { PageApi, PageState } from "../../model/view/page-api";
import { selectionOf } from "../../model/view/selection";
import { select } from "../../store/actions/selection";
import { isPageBusy } from "../../store/selectors/busy";
import {
  colorColumn,
  colorScale,
  drawnAs,
  labelColumn,
  selection,
  shownDataset,
  themeName,
} from "../../store/selectors/shown";
import type { State } from "../../store/state/state";
import { type RootStore, viewStates } from "../../store/store";
import type { RunningView } from "../view/start-view";
import type { RunningViews } from "./view-runner";

export interface PageParts {
  readonly root: RootStore;
  readonly api: Api;
  readonly views: RunningViews;
  readonly ready: Promise<void>;
}

/** Where no view is named, the active one is meant. */
export function createPageApi({ root, api, views, ready }: PageParts): PageApi {
  const states = viewStates(root);
  const viewNamed = (id = root.state.peek().active): RunningView => {
    const view = views.get(id);
    if (view) return view;
    const { order } = root.state.peek();
    throw new Error(`Unknown view ${JSON.stringify(id)}. Available: ${order.join(", ")}`);
  };
  return {
    ready,
    views() {
      const { order, active } = root.state.peek();
      return order.map((id) => ({ id, active: id === active }));
    },
    state(view) {
      // What is not drawn yet may have no frame so far that would have told the state.
      const isDrawing = root.state.peek().order.some((id) => !isDrawn(views.get(id)));
      const busy = isDrawing || isPageBusy([...states.peek().values()]);
      return pageState(viewNamed(view).store.state.peek(), busy);
    },
    stats(view) {
      const { cloud, streamedFrames } = viewNamed(view);
      const { bytes, requests } = api.traffic();
      return {
        ...cloud.stats(),
        streamedFrames: streamedFrames(),
        bytesReceived: bytes,
        requests,
      };
    },
    select(indices, view) {
      const { store } = viewNamed(view);
      const nPoints = shownDataset(store.state.peek())?.info.n_points;
      store.dispatch(select(selectionOf(indices, nPoints)));
    },
    image: (scale = 1, view) => viewNamed(view).cloud.toBlob(scale),
    screenPosition(index, view) {
      const { cloud, host } = viewNamed(view);
      const point = cloud.screenPosition(index);
      if (!point || point.depth < 0 || point.depth > 1) return null;
      const { left, top, width, height } = host.getBoundingClientRect();
      if (point.x < 0 || point.y < 0 || point.x > width || point.y > height) return null;
      return { x: left + point.x, y: top + point.y };
    },
  };
}

function isDrawn(view: RunningView | null): boolean {
  return view === null || view.cloud.stats().isWhole;
}

function pageState(state: State, busy: boolean): PageState {
  const { view, work, attention, page } = state;
  const data = shownDataset(state);
  const color = data && colorColumn(state, data);
  const label = data && labelColumn(state, data);
  return {
    run: data?.info.run ?? view.place?.run ?? null,
    tensor: data?.info.name ?? view.place?.name ?? null,
    step: data ? data.info.step : (view.place?.step ?? null),
    method: work.shown?.method ?? null,
    params: work.shown?.params ?? {},
    dims: work.shown?.positions.dims ?? view.dims,
    live: work.shown?.isLive ?? false,
    busy,
    // A million rows are copied for those only who want them.
    get selection() {
      return [...selection(state)];
    },
    hover: attention.hover,
    color: color?.name ?? null,
    colorScale: color ? colorScale(state, color) : "none",
    label: label?.name ?? null,
    theme: themeName(state),
    sprites: view.sprites,
    drawAs: drawnAs(state),
    search: attention.search.text,
    view: view.camera,
    connected: page.isConnected,
  };
}

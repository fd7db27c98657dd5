/** Publishes `window.projector`. */
import type { Api } from "../../api/api";
import type { PageApi, PageState } from "../../model/view/page-api";
import { selectionOf } from "../../model/view/selection";
import type { Cloud } from "../../render/scene/types";
import { select } from "../../store/actions/selection";
import { isBusy } from "../../store/selectors/busy";
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
import type { Store } from "../../store/store";

export interface PageParts {
  readonly store: Store;
  readonly api: Api;
  readonly host: HTMLElement;
  readonly cloud: Cloud;
  readonly ready: Promise<void>;
  readonly streamedFrames: () => number;
}

export function createPageApi({
  store,
  api,
  host,
  cloud,
  ready,
  streamedFrames,
}: PageParts): PageApi {
  return {
    ready,
    state: () => pageState(store.state.peek()),
    stats: () => {
      const { bytes, requests } = api.traffic();
      return {
        ...cloud.stats(),
        streamedFrames: streamedFrames(),
        bytesReceived: bytes,
        requests,
      };
    },
    select(indices) {
      const nPoints = shownDataset(store.state.peek())?.info.n_points;
      store.dispatch(select(selectionOf(indices, nPoints)));
    },
    screenPosition(index) {
      const point = cloud.screenPosition(index);
      if (!point || point.depth < 0 || point.depth > 1) return null;
      const { left, top, width, height } = host.getBoundingClientRect();
      if (point.x < 0 || point.y < 0 || point.x > width || point.y > height) return null;
      return { x: left + point.x, y: top + point.y };
    },
  };
}

function pageState(state: State): PageState {
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
    busy: isBusy(state),
    selection: [...selection(state)],
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

/** Fetches the datasets that views show, with their columns and sprites. */
import { effect, untracked } from "@preact/signals";
import type { Api } from "../../api/api";
import { messageOf } from "../../api/errors";
import type { Dataset } from "../../model/data/dataset";
import { datasetLoaded, datasetsBounded, idsLoaded, spriteChanged } from "../../store/actions/data";
import { notify } from "../../store/actions/page";
import type { Handlers } from "../../store/handlers";
import { isCurrent, revisionOf, tagsOf } from "../../store/selectors/companions";
import { requestedDataset, requestedDatasetId } from "../../store/selectors/request";
import { selection, shownDataset } from "../../store/selectors/shown";
import { LOADING, type State } from "../../store/state/state";
import { activeScope, type RootStore, type Store, viewStates } from "../../store/store";
import { report } from "../report";
import { ColumnLoader } from "./column-loader";
import { NameLoader } from "./name-loader";
import { createOnce } from "./once";

/** A larger sheet does not fit every graphics card. */
const MAX_SPRITE_SIDE = 4096;

export interface Datasets {
  /** Resolves once the dataset is known; asks for it unless it is on its way. */
  load(id: string): Promise<void>;
  readonly handlers: Handlers<"load-column" | "load-names">;
  stop(): void;
}

/** For all views: what two of them show is fetched once. */
export function startDatasets(root: RootStore, api: Api): Datasets {
  // What is fetched belongs to all views, so any of their stores will do.
  const store = activeScope(root);
  const once = createOnce(report(store));
  const columns = new ColumnLoader(store, api, once);
  const names = new NameLoader(store, api, report(store));
  const views = viewStates(root);
  const each = (visit: (state: State) => void) =>
    effect(() => {
      const states = [...views.value.values()];
      untracked(() => states.forEach(visit));
    });

  const load = (id: string): Promise<void> =>
    isCurrent(store.state.peek(), id)
      ? Promise.resolve()
      : once(`dataset ${id}`, async () => {
          const revision = revisionOf(store.state.peek(), id);
          const tags = tagsOf(store.state.peek(), id);
          const info = await api.datasets.get(id);
          // Its points are named by the rows that they had: they come first.
          const ids = info.subset_of ? await api.datasets.ids(id) : null;
          store.dispatch(datasetLoaded(info, revision, tags));
          if (ids) store.dispatch(idsLoaded(id, ids));
          store.dispatch(datasetsBounded());
        });

  const stops = [
    each((state) => {
      const id = requestedDatasetId(state);
      if (id !== null) load(id).catch(() => undefined);
    }),
    each((state) => {
      // The first projection waits for nothing: columns are asked for once it is there.
      if (!state.work.shown) return;
      const known = new Set([shownDataset(state), requestedDataset(state)]);
      for (const data of known) if (data) columns.loadShown(state, data);
      for (const data of known) if (data) columns.renew(data);
    }),
    each((state) => {
      if (state.work.shown) loadSprite(store, api, state);
    }),
  ];
  return {
    load,
    handlers: {
      "load-names"({ rows }, view) {
        names.load(view.state.peek(), rows);
      },
      "load-column"({ column, what }, view) {
        const data = shownDataset(view.state.peek());
        const found = data?.info.columns[column];
        if (data && found) columns.load(data, found, what);
      },
    },
    stop() {
      names.stop();
      for (const stop of stops) stop();
    },
  };
}

/** Once images are shown, or one of them in a card. */
function loadSprite(store: Store, api: Api, state: State): void {
  const id = shownDataset(state)?.info.id ?? "";
  // Another view that shows the same may have asked a moment ago.
  const data = store.state.peek().datasets[id];
  const isNeeded =
    state.view.sprites ||
    state.attention.hover !== null ||
    selection(state).length > 0 ||
    state.layout.open.table;
  if (!data?.info.sprite || data.sprite.status !== "idle" || !isNeeded) return;
  void fetchSprite(store, api, data.info);
}

async function fetchSprite(store: Store, api: Api, info: Dataset): Promise<void> {
  store.dispatch(spriteChanged(info.id, LOADING));
  try {
    const sprite = await api.datasets.sprite(info, MAX_SPRITE_SIDE);
    const value = { ...sprite, nTiles: info.sprite?.n_points ?? info.n_points };
    store.dispatch(spriteChanged(info.id, { status: "ready", value }));
  } catch (error) {
    const message = messageOf(error);
    store.dispatch(spriteChanged(info.id, { status: "failed", message }));
    store.dispatch(notify("warning", `The images cannot be shown: ${message}`));
  }
}

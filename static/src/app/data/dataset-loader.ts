/** Fetches what a dataset is and the columns that the picture needs, each once. */
import { effect, untracked } from "@preact/signals";
import type { Api } from "../../api/api";
import { messageOf } from "../../api/errors";
import { isNumeric } from "../../model/color/color";
import { type Column, type Dataset, resolveColumn } from "../../model/data/dataset";
import { isFigureColumn } from "../../model/projection/quality";
import { nextColumn } from "../../model/view/sequences";
import {
  columnLoaded,
  columnReplaced,
  datasetLoaded,
  datasetsBounded,
  spriteChanged,
} from "../../store/actions/data";
import { notify } from "../../store/actions/page";
import { isCurrent, revisionOf, tagsOf } from "../../store/selectors/companions";
import { wantedDataset, wantedDatasetId } from "../../store/selectors/request";
import {
  colorColumn,
  colorScale,
  labelColumn,
  selectedPoint,
  shownDataset,
} from "../../store/selectors/shown";
import { type ColumnData, type DatasetData, LOADING, type State } from "../../store/state/state";
import type { Store } from "../../store/store";

/** Names for the legend and for the labels in the picture; the rest is counted, not named. */
const MAX_CATEGORIES = 1000;
/** A list of more values nobody goes through. */
const MAX_VALUES = 100_000;
/** A larger sheet does not fit every graphics card. */
const MAX_SPRITE_SIDE = 4096;

export interface Datasets {
  /** Resolves once the dataset is known; asks for it if nobody has. */
  load(id: string): Promise<void>;
  stop(): void;
}

export function createDatasets(store: Store, api: Api): Datasets {
  const once = fetchOnce(store);

  const load = (id: string): Promise<void> =>
    isCurrent(store.state.peek(), id)
      ? Promise.resolve()
      : once(`dataset ${id}`, async () => {
          const revision = revisionOf(store.state.peek(), id);
          const tags = tagsOf(store.state.peek(), id);
          store.dispatch(datasetLoaded(await api.datasets.get(id), revision, tags));
          store.dispatch(datasetsBounded());
        });

  const stops = [
    effect(() => {
      const id = wantedDatasetId(store.state.value);
      if (id !== null) untracked(() => void load(id).catch(() => undefined));
    }),
    effect(() => {
      const state = store.state.value;
      // The first picture waits for nothing: columns are asked for once it is there.
      if (!state.work.shown) return;
      const known = new Set([shownDataset(state), wantedDataset(state)]);
      untracked(() => {
        for (const data of known) if (data) loadColumns(store, api, once, state, data);
        for (const data of known) if (data) renewColumns(store, api, once, data);
      });
    }),
    effect(() => {
      const state = store.state.value;
      const data = shownDataset(state);
      const isNeeded =
        state.view.sprites || state.attention.hover !== null || selectedPoint(state) !== null;
      if (!data?.info.sprite || data.sprite.status !== "idle" || !isNeeded) return;
      if (state.work.shown) untracked(() => void loadSprite(store, api, data.info));
    }),
  ];
  const stopHearing = store.onRequest((intent) => {
    if (intent.kind !== "load-column") return;
    const data = shownDataset(store.state.peek());
    const column = data?.info.columns[intent.column];
    if (data && column) loadColumn(store, api, once, data, column, intent.what);
  });
  return {
    load,
    stop: () => {
      stopHearing();
      for (const stop of stops) stop();
    },
  };
}

type Once = (key: string, task: () => Promise<void>) => Promise<void>;

/** The same thing is not asked for twice at a time, and a failure is said once. */
function fetchOnce(store: Store): Once {
  const open = new Map<string, Promise<void>>();
  const failed = new Set<string>();
  return (key, task) => {
    const running = open.get(key);
    if (running) return running;
    if (failed.has(key)) return Promise.reject(new Error(`${key} could not be had`));
    const promise = task()
      .catch((error: unknown) => {
        failed.add(key);
        store.dispatch(notify("error", messageOf(error)));
        // A broken connection heals; the next change of state may ask again.
        setTimeout(() => failed.delete(key), 5000);
        throw error;
      })
      .finally(() => open.delete(key));
    open.set(key, promise);
    return promise;
  };
}

type Part = Exclude<keyof ColumnData, "isStale">;

/** What the picture needs: labels, colors, sizes and filters. */
function loadColumns(store: Store, api: Api, once: Once, state: State, data: DatasetData): void {
  const want = (column: Column | null, part: Part) => {
    // A figure of the picture is no column of the dataset; it comes another way.
    if (column && !isFigureColumn(column)) loadColumn(store, api, once, data, column, part);
  };
  want(labelColumn(state, data), "text");
  const color = colorColumn(state, data);
  want(color, color && colorScale(state, color) === "numeric" ? "numbers" : "codes");
  want(resolveColumn(data.info, state.view.sizeBy), "numbers");
  want(resolveColumn(data.info, state.view.opacityBy), "numbers");
  if (state.view.lines) want(nextColumn(data.info.columns), "numbers");
  for (const filter of state.view.filters) {
    const column = resolveColumn(data.info, filter.column);
    want(column, filter.kind === "range" && column && isNumeric(column) ? "numbers" : "codes");
  }
}

function loadColumn(
  store: Store,
  api: Api,
  once: Once,
  { info, columns }: DatasetData,
  column: Column,
  part: Part,
): void {
  if (columns[column.index]?.[part]) return;
  const fetch = async () => {
    const loaded = await fetchColumn(api, info, column, part);
    store.dispatch(columnLoaded(info.id, column.index, loaded));
  };
  // The failure is said by `once`; here nobody waits for the end.
  const what = `${column.index} ${column.tags?.revision ?? ""} ${part}`;
  void once(`column ${info.content} ${info.id} ${what}`, fetch).catch(() => undefined);
}

/** Columns that were tagged since they were fetched, every part of them that is in use. */
function renewColumns(store: Store, api: Api, once: Once, { info, columns }: DatasetData): void {
  for (const column of info.columns) {
    const stale = columns[column.index];
    if (!stale?.isStale) continue;
    const { isStale: _, ...held } = stale;
    const parts = (Object.keys(held) as Part[]).filter(
      (part) => part !== "numbers" || isNumeric(column),
    );
    const fetch = async () => {
      const fresh = await Promise.all(parts.map((part) => fetchColumn(api, info, column, part)));
      const now = store.state.peek().datasets[info.id]?.info.columns[column.index];
      // Tagged again meanwhile: the next one is on its way.
      if (now?.name !== column.name || now.tags?.revision !== column.tags?.revision) return;
      store.dispatch(columnReplaced(info.id, column.index, Object.assign({}, ...fresh)));
    };
    const key = `column ${info.id} ${column.index} ${column.name} ${column.tags?.revision}`;
    void once(key, fetch).catch(() => undefined);
  }
}

async function fetchColumn(
  api: Api,
  info: Dataset,
  column: Column,
  part: Part,
): Promise<ColumnData> {
  if (part === "values") {
    const limit = Math.min(MAX_VALUES, Math.max(1, column.n_categories));
    return { values: await api.columns.categories(info, column, limit) };
  }
  if (part === "text") return { text: await api.columns.text(info, column) };
  if (part === "numbers") {
    return { numbers: { kind: "numbers", values: await api.columns.numbers(info, column) } };
  }
  const [codes, categories] = await Promise.all([
    api.columns.codes(info, column),
    api.columns.categories(info, column, MAX_CATEGORIES),
  ]);
  return { codes: { kind: "codes", codes, categories } };
}

async function loadSprite(store: Store, api: Api, info: Dataset): Promise<void> {
  store.dispatch(spriteChanged(info.id, LOADING));
  try {
    const sprite = await api.datasets.sprite(info, MAX_SPRITE_SIDE);
    const value = { ...sprite, nTiles: info.sprite?.n_points ?? info.n_points };
    store.dispatch(spriteChanged(info.id, { status: "ready", value }));
  } catch (error) {
    const message = messageOf(error);
    store.dispatch(spriteChanged(info.id, { status: "failed", message }));
    store.dispatch(notify("warning", `The images can not be shown: ${message}`));
  }
}

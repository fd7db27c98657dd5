/** Fetches what a dataset is and the columns that the picture needs, each once. */
import { effect, untracked } from "@preact/signals";
import { getCategories, getCodes, getDataset, getNumbers, getSprite, getText } from "../api/client";
import { messageOf } from "../api/errors";
import type { Column, Dataset } from "../model/dataset";
import { columnLoaded, datasetLoaded, spriteChanged } from "../store/actions/data";
import { notify } from "../store/actions/page";
import {
  colorColumn,
  colorScale,
  labelColumn,
  selectedPoint,
  shownDataset,
} from "../store/selectors/picture";
import { wantedDataset, wantedDatasetId } from "../store/selectors/request";
import { type DatasetData, LOADING, type State } from "../store/state";
import type { Store } from "../store/store";

/** Names for the legend and for the labels in the picture; the rest is counted, not named. */
const MAX_CATEGORIES = 1000;
/** A larger sheet does not fit every graphics card. */
const MAX_SPRITE_SIDE = 4096;

export interface Datasets {
  /** Resolves once the dataset is known; asks for it if nobody has. */
  load(id: string): Promise<void>;
  stop(): void;
}

export function createDatasets(store: Store): Datasets {
  const once = fetchOnce(store);

  const load = (id: string): Promise<void> =>
    store.state.peek().datasets[id]
      ? Promise.resolve()
      : once(`dataset ${id}`, async () => {
          store.dispatch(datasetLoaded(await getDataset(id)));
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
        for (const data of known) if (data) loadColumns(store, once, state, data);
      });
    }),
    effect(() => {
      const state = store.state.value;
      const data = shownDataset(state);
      const isNeeded =
        state.view.sprites || state.attention.hover !== null || selectedPoint(state) !== null;
      if (!data?.info.sprite || data.sprite.status !== "idle" || !isNeeded) return;
      if (state.work.shown) untracked(() => void loadSprite(store, data.info));
    }),
  ];
  return {
    load,
    stop: () => {
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

function loadColumns(store: Store, once: Once, state: State, data: DatasetData): void {
  const { info, columns } = data;
  const label = labelColumn(state, data);
  if (label && !columns[label.index]?.text) {
    run(once, info, label, "text", async () => {
      const text = await getText(info, label);
      store.dispatch(columnLoaded(info.id, label.index, { text }));
    });
  }
  const color = colorColumn(state, data);
  if (!color) return;
  if (colorScale(state, color) === "numeric") {
    if (columns[color.index]?.numbers) return;
    run(once, info, color, "numbers", async () => {
      const values = await getNumbers(info, color);
      store.dispatch(columnLoaded(info.id, color.index, { numbers: { kind: "numbers", values } }));
    });
  } else if (!columns[color.index]?.codes) {
    run(once, info, color, "codes", async () => {
      const [codes, categories] = await Promise.all([
        getCodes(info, color),
        getCategories(info, color, MAX_CATEGORIES),
      ]);
      const loaded = { kind: "codes", codes, categories } as const;
      store.dispatch(columnLoaded(info.id, color.index, { codes: loaded }));
    });
  }
}

function run(
  once: Once,
  info: Dataset,
  column: Column,
  what: string,
  task: () => Promise<void>,
): void {
  // The failure was said by `once`; here nobody waits for the end.
  void once(`column ${info.content} ${info.id} ${column.index} ${what}`, task).catch(
    () => undefined,
  );
}

async function loadSprite(store: Store, info: Dataset): Promise<void> {
  store.dispatch(spriteChanged(info.id, LOADING));
  try {
    const sprite = await getSprite(info, MAX_SPRITE_SIDE);
    const value = { ...sprite, nTiles: info.sprite?.n_points ?? info.n_points };
    store.dispatch(spriteChanged(info.id, { status: "ready", value }));
  } catch (error) {
    const message = messageOf(error);
    store.dispatch(spriteChanged(info.id, { status: "failed", message }));
    store.dispatch(notify("warning", `The images can not be shown: ${message}`));
  }
}

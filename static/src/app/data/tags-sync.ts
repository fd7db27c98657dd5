/** Saves tags as they are made, hears of those that others make, and settles where both did. */
import { effect, untracked } from "@preact/signals";
import type { Api } from "../../api/api";
import { ApiError, messageOf } from "../../api/errors";
import type { Dataset, TagsPlace } from "../../model/data/dataset";
import { emptyTable, fileToTable, merged, type TagTable, tableToFile } from "../../model/data/tags";
import { notify } from "../../store/actions/page";
import { keptChanged, tagsTaken } from "../../store/actions/tags";
import { shownDataset } from "../../store/selectors/shown";
import { hasUnsaved, isUnsaved, shownTagsKey, tagsKey } from "../../store/selectors/tags";
import type { State } from "../../store/state/state";
import type { KeptTags } from "../../store/state/tags";
import type { Store } from "../../store/store";
import { saveFile } from "../browser/download";

export function startTags(store: Store, api: Api): () => void {
  /** What the server had when it was last asked; another revision is a reason to ask again. */
  const asked = new Map<string, string>();

  async function fetchKept({ info, key }: Shown): Promise<KeptTags> {
    const place = placeIn(store.state.peek(), info);
    const { text, revision } = await api.tags.get(info.id);
    const table = revision === null ? emptyTable(info.name, info.n_points) : fileToTable(text);
    const known = store.state.peek().tags.kept[key];
    return {
      ...clean(info.id, table, { ...place, revision }),
      file: place.file ?? known?.file ?? null,
    };
  }

  /** Take over what the server has, unless something is unsaved here: then saving it will tell. */
  async function look(shown: Shown): Promise<void> {
    const { key, info } = shown;
    const seen = JSON.stringify(info.tags);
    if (asked.get(key) === seen || isBusy(store.state.peek(), key)) return;
    asked.set(key, seen);
    const known = store.state.peek().tags.kept[key];
    if (known?.revision === info.tags.revision) {
      store.dispatch(keptChanged(key, { file: info.tags.file, isBeside: info.tags.beside }));
      return;
    }
    if (!known && info.tags.revision === null) {
      store.dispatch(
        tagsTaken(key, clean(info.id, emptyTable(info.name, info.n_points), info.tags)),
      );
      return;
    }
    const before = known?.table;
    const found = await fetchKept(shown);
    const now = store.state.peek();
    if (isBusy(now, key) || now.tags.kept[key]?.table !== before) return;
    if (now.tags.kept[key]?.revision !== found.revision || !before) {
      store.dispatch(tagsTaken(key, found));
    }
  }

  async function save(key: string, table: TagTable, kept: KeptTags): Promise<void> {
    // What was kept in memory stays there until somebody asks for a file again.
    const isForSession = kept.isBeside && kept.file === null && kept.revision !== null;
    await put(key, table, kept, isForSession);
  }

  async function put(key: string, table: TagTable, kept: KeptTags, isForSession: boolean) {
    store.dispatch(keptChanged(key, { status: "saving", message: "" }));
    // Any step of the tensor will do; the one that is looked at is there for certain.
    const shown = shownIn(store.state.peek());
    const dataset = shown?.key === key ? shown.info.id : kept.dataset;
    try {
      const file = new Blob(tableToFile(table), { type: "text/tab-separated-values" });
      const place = await api.tags.put(dataset, file, kept.revision, isForSession);
      store.dispatch(keptChanged(key, clean(dataset, table, place)));
      // The event of it may not come: the stream is closed while the page is hidden.
      store.request({ kind: "reload-log" });
    } catch (error) {
      const status = error instanceof ApiError && error.status === 409 ? "conflict" : "failed";
      store.dispatch(keptChanged(key, { status, message: messageOf(error) }));
      if (!store.state.peek().tags.isOpen) {
        store.dispatch(notify("error", `The tags are not saved: ${messageOf(error)}`));
      }
    }
  }

  async function settle(how: "theirs" | "merge"): Promise<void> {
    const shown = shownIn(store.state.peek());
    const { tags } = store.state.peek();
    const kept = shown && tags.kept[shown.key];
    const mine = shown && tags.tables[shown.key];
    if (!shown || !kept || !mine) return;
    const found = await fetchKept(shown);
    const wanted = how === "merge" ? merged(kept.table, mine, found.table) : found.table;
    store.dispatch(tagsTaken(shown.key, found, wanted));
  }

  const stops = [
    effect(() => {
      const state = store.state.value;
      const shown = shownIn(state);
      const isWanted = shown && (state.tags.isOpen || state.tags.kept[shown.key]);
      if (shown && isWanted) {
        untracked(() => {
          look(shown).catch((error: unknown) => {
            store.dispatch(notify("error", messageOf(error)));
          });
        });
      }
    }),
    effect(() => {
      const state = store.state.value;
      for (const [key, kept] of Object.entries(state.tags.kept)) {
        const table = state.tags.tables[key];
        if (!table || kept.status !== "clean" || !isUnsaved(state, key)) continue;
        untracked(() => void save(key, table, kept));
      }
    }),
    store.onRequest((intent) => {
      const key = shownTagsKey(store.state.peek()) ?? "";
      const { kept, tables } = store.state.peek().tags;
      const known = kept[key];
      const table = tables[key];
      if (!known || !table) return;
      if (intent.kind === "save-tags") void put(key, table, known, intent.isForSession);
      else if (intent.kind === "download-tags") {
        saveFile(tableToFile(table), downloadName(known.file, table), "text/tab-separated-values");
      } else if (intent.kind === "settle-tags") {
        settle(intent.how).catch((error: unknown) => {
          store.dispatch(notify("error", messageOf(error)));
        });
      }
    }),
  ];

  /** The browser asks before it closes a page whose tags are nowhere else. */
  const onLeave = (event: BeforeUnloadEvent) => {
    if (hasUnsaved(store.state.peek())) event.preventDefault();
  };
  window.addEventListener("beforeunload", onLeave);
  return () => {
    window.removeEventListener("beforeunload", onLeave);
    for (const stop of stops) stop();
  };
}

interface Shown {
  readonly key: string;
  readonly info: Dataset;
}

function shownIn(state: State): Shown | null {
  const data = state.work.shown && shownDataset(state);
  return data ? { key: tagsKey(data.info), info: data.info } : null;
}

/** Where the tags are, as the newest description of the dataset has it. */
function placeIn(state: State, info: Dataset): TagsPlace {
  return (state.datasets[info.id]?.info ?? info).tags;
}

function isBusy(state: State, key: string): boolean {
  const kept = state.tags.kept[key];
  return kept !== undefined && (kept.status !== "clean" || isUnsaved(state, key));
}

function clean(dataset: string, table: TagTable, place: TagsPlace): KeptTags {
  const { revision, file, beside } = place;
  return { dataset, table, revision, file, isBeside: beside, status: "clean", message: "" };
}

function downloadName(file: string | null, { tensor }: TagTable): string {
  return file?.split("/").at(-1) ?? `${tensor.replace(/[^\w.-]+/g, "-")}.projector-tags.tsv`;
}

/** Synchronizes tags with the server: fetches, saves, settles conflicts. */
import type { Api } from "../../api/api";
import { ApiError, messageOf } from "../../api/errors";
import type { Dataset, TagsPlace } from "../../model/data/dataset";
import { emptyTable, fileToTable, merged, type TagTable, tableToFile } from "../../model/data/tags";
import { notify } from "../../store/actions/page";
import { keptChanged, tagsTaken } from "../../store/actions/tags";
import { isOffered } from "../../store/offered";
import { shownDataset } from "../../store/selectors/shown";
import { isUnsaved, tagsKey } from "../../store/selectors/tags";
import type { PointSpace } from "../../store/state/point-space";
import type { State } from "../../store/state/state";
import type { KeptTags } from "../../store/state/tags";
import type { Store } from "../../store/store";

/** The points that a view shows, whose tags these are. */
export interface ShownTags {
  readonly key: PointSpace;
  readonly info: Dataset;
}

export class TagKeeper {
  /** What the server had when it was last asked; another revision is a reason to ask again. */
  private readonly asked = new Map<PointSpace, string>();

  /**
   * @param store Any view's: tags belong to all of them.
   * @param views What each view sees now.
   */
  constructor(
    private readonly store: Store,
    private readonly api: Api,
    private readonly views: () => readonly State[],
  ) {}

  /** Take over what the server has, unless something is unsaved: saving that detects a conflict. */
  async look(shown: ShownTags): Promise<void> {
    const { key, info } = shown;
    const seen = JSON.stringify(info.tags);
    if (this.asked.get(key) === seen || isBusy(this.state, key)) return;
    this.asked.set(key, seen);
    const known = this.state.tags.kept[key];
    if (known?.revision === info.tags.revision) {
      const { file, beside } = info.tags;
      this.store.dispatch(keptChanged(key, { file, isBeside: beside }));
      return;
    }
    if (!known && info.tags.revision === null) {
      const table = emptyTable(info.name, info.n_points);
      this.store.dispatch(tagsTaken(key, clean(info.id, table, info.tags)));
      return;
    }
    const before = known?.table;
    const found = await this.fetch(shown);
    const now = this.state.tags.kept[key];
    if (isBusy(this.state, key) || now?.table !== before) return;
    if (now?.revision !== found.revision || !before) this.store.dispatch(tagsTaken(key, found));
  }

  /** Save every table that differs from what the server has. */
  saveAll(): void {
    if (!isOffered(this.state, "save-tags")) return;
    const { tags } = this.state;
    for (const [key, kept] of Object.entries(tags.kept)) {
      const table = tags.tables[key];
      if (!table || kept.status !== "clean" || !isUnsaved(this.state, key)) continue;
      // What was kept in memory stays there until a file is asked for again.
      const isForSession = kept.isBeside && kept.file === null && kept.revision !== null;
      void this.put(key, table, kept, isForSession);
    }
  }

  /** After a failure; or for the session only, where no file can be written. */
  async saveAgain(state: State, isForSession: boolean): Promise<void> {
    const known = this.known(state);
    if (known) await this.put(known.key, known.table, known.kept, isForSession);
  }

  /** Tags that were changed elsewhere, too: take those, or put one's own over them. */
  async settle(state: State, how: "theirs" | "merge"): Promise<void> {
    const shown = shownTagsOf(state);
    const known = this.known(state);
    if (!shown || !known) return;
    const found = await this.fetch(shown);
    const wanted =
      how === "merge" ? merged(known.kept.table, known.table, found.table) : found.table;
    this.store.dispatch(tagsTaken(shown.key, found, wanted));
  }

  /** The tags of what a view shows; null until the server has said what it has. */
  known(state: State): { key: PointSpace; kept: KeptTags; table: TagTable } | null {
    const key = shownTagsOf(state)?.key ?? "";
    const kept = state.tags.kept[key];
    const table = state.tags.tables[key];
    return kept && table ? { key, kept, table } : null;
  }

  private get state(): State {
    return this.store.state.peek();
  }

  private async fetch({ info, key }: ShownTags): Promise<KeptTags> {
    // Where they are, as the newest description of the dataset has it.
    const place = (this.state.datasets[info.id]?.info ?? info).tags;
    const { text, revision } = await this.api.tags.get(info.id);
    const table = revision === null ? emptyTable(info.name, info.n_points) : fileToTable(text);
    const file = place.file ?? this.state.tags.kept[key]?.file ?? null;
    return { ...clean(info.id, table, { ...place, revision }), file };
  }

  private async put(
    key: PointSpace,
    table: TagTable,
    kept: KeptTags,
    isForSession: boolean,
  ): Promise<void> {
    this.store.dispatch(keptChanged(key, { status: "saving", message: "" }));
    // Any step of the tensor will do; one that is shown is there for certain.
    const shown = this.views().map(shownTagsOf);
    const dataset = shown.find((each) => each?.key === key)?.info.id ?? kept.dataset;
    try {
      const file = new Blob(tableToFile(table), { type: "text/tab-separated-values" });
      const place = await this.api.tags.put(dataset, file, kept.revision, isForSession);
      this.store.dispatch(keptChanged(key, clean(dataset, table, place)));
      // The event of it may not come: the stream is closed while the page is hidden.
      this.store.request({ kind: "reload-log" });
    } catch (error) {
      const status = error instanceof ApiError && error.status === 409 ? "conflict" : "failed";
      this.store.dispatch(keptChanged(key, { status, message: messageOf(error) }));
      if (!this.state.tags.isOpen) {
        this.store.dispatch(notify("error", `The tags are not saved: ${messageOf(error)}`));
      }
    }
  }
}

/** null while a view shows nothing. */
export function shownTagsOf(state: State): ShownTags | null {
  const data = state.work.shown && shownDataset(state);
  return data ? { key: tagsKey(data.info), info: data.info } : null;
}

export function downloadName(file: string | null, { tensor }: TagTable): string {
  return file?.split("/").at(-1) ?? `${tensor.replace(/[^\w.-]+/g, "-")}.projector-tags.tsv`;
}

function isBusy(state: State, key: PointSpace): boolean {
  const kept = state.tags.kept[key];
  return kept !== undefined && (kept.status !== "clean" || isUnsaved(state, key));
}

function clean(dataset: string, table: TagTable, place: TagsPlace): KeptTags {
  const { revision, file, beside } = place;
  return { dataset, table, revision, file, isBeside: beside, status: "clean", message: "" };
}

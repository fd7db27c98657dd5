/** Uploads dropped files and opens what they contain; its code comes with the first file. */
import type { Api } from "../../api/api";
import { isAbort, messageOf } from "../../api/errors";
import { batchesIn, batchName, namesOf, outcomeOf } from "../../model/data/file-drop";
import { FIRST_METHOD } from "../../model/projection/method";
import {
  dropEnded,
  dropFailed,
  dropSent,
  dropStarted,
  uploadChanged,
} from "../../store/actions/file-drops";
import { notify } from "../../store/actions/page";
import { openAnew } from "../../store/actions/place";
import { openMethod } from "../../store/actions/projection";
import { listingOf } from "../../store/selectors/listing";
import { activeScope, type RootStore, type Store } from "../../store/store";
import { loadListing } from "./listing-loader";

/** Progress comes in many small pieces; more than this is not seen. */
const PROGRESS_MILLISECONDS = 60;

const NOTHING_FOUND =
  "No embedding was found in it. docs/formats.md lists what projector reads; vectors and their metadata are dropped together.";

/** By file name: why a file was not taken. */
type Reasons = Readonly<Record<string, string>>;

/** The files of one drop are a batch. */
export class Uploads {
  private readonly open = new Map<string, AbortController>();
  /** The drops are the page's, so they outlive the view in which their files are opened. */
  private readonly page: Store;

  constructor(
    private readonly root: RootStore,
    private readonly api: Api,
  ) {
    this.page = activeScope(root);
  }

  /** Send files, and open what they hold in a view. */
  async take(files: readonly File[], view: Store): Promise<void> {
    if (files.length === 0) return;
    const batch = this.nameOf(files);
    const controller = new AbortController();
    this.open.set(batch, controller);
    this.page.dispatch(dropStarted(batch, files));
    try {
      const refused = await this.sendAll(batch, files, controller.signal);
      if (controller.signal.aborted) this.page.dispatch(dropEnded(batch));
      else if (Object.keys(refused).length === files.length) {
        this.page.dispatch(dropFailed(batch, refused));
      } else await this.openBatch(batch, files, refused, view);
    } finally {
      this.open.delete(batch);
    }
  }

  cancel(batch: string): void {
    this.open.get(batch)?.abort();
    this.page.dispatch(dropEnded(batch));
  }

  stop(): void {
    for (const controller of this.open.values()) controller.abort();
  }

  private nameOf(files: readonly File[]): string {
    const state = this.page.state.peek();
    const listing = listingOf(state);
    const listed = listing ? batchesIn(listing) : [];
    const dropped = state.fileDrops.drops.map(({ batch }) => batch);
    return batchName(files, new Set([...listed, ...dropped]));
  }

  /** One after the other: the newest sign of life is then always of the file that is named. */
  private async sendAll(
    batch: string,
    files: readonly File[],
    signal: AbortSignal,
  ): Promise<Reasons> {
    const refused: Record<string, string> = {};
    for (const [at, file] of files.entries()) {
      if (signal.aborted) break;
      this.page.dispatch(uploadChanged(batch, at, { state: "sending" }));
      try {
        await this.api.uploads.send(batch, file, this.progress(batch, at), signal);
        this.page.dispatch(uploadChanged(batch, at, { state: "done", sent: file.size }));
      } catch (error) {
        if (signal.aborted || isAbort(error)) break;
        refused[file.name] = messageOf(error);
      }
    }
    return refused;
  }

  private progress(batch: string, at: number): (sent: number) => void {
    let last = Number.NEGATIVE_INFINITY;
    return (sent) => {
      const now = performance.now();
      if (now - last < PROGRESS_MILLISECONDS) return;
      last = now;
      this.page.dispatch(uploadChanged(batch, at, { sent }));
    };
  }

  /** What the listing says of the files: something to open, or why there is nothing. */
  private async openBatch(
    batch: string,
    files: readonly File[],
    refused: Reasons,
    view: Store,
  ): Promise<void> {
    this.page.dispatch(dropSent(batch));
    await loadListing(this.root, this.api);
    const listing = listingOf(this.page.state.peek());
    if (!listing) {
      const unread = { [files[0]?.name ?? ""]: "The log directory could not be read." };
      this.page.dispatch(dropFailed(batch, unread));
      return;
    }
    const { entry, problems } = outcomeOf(listing, batch);
    const reasons = reasonsOf(files, refused, problems, entry !== null);
    if (entry) {
      // The first method costs nothing; another one might start long work that was not asked for.
      view.dispatch(openMethod(FIRST_METHOD));
      view.dispatch(openAnew(entry));
      view.dispatch(notify("info", `Opened ${namesOf(files)}, kept on this machine.`));
    }
    const hasFailed = Object.keys(reasons).length > 0;
    this.page.dispatch(hasFailed ? dropFailed(batch, reasons) : dropEnded(batch));
  }
}

function reasonsOf(
  files: readonly File[],
  refused: Reasons,
  problems: readonly { readonly path: string; readonly message: string }[],
  isOpened: boolean,
): Reasons {
  const reasons: Record<string, string> = { ...refused };
  for (const { path, message } of problems) {
    const name = path.slice(path.lastIndexOf("/") + 1);
    const file = files.find((each) => each.name === name) ?? files[0];
    if (file) reasons[file.name] = message;
  }
  if (!isOpened && Object.keys(reasons).length === 0) {
    for (const { name } of files) reasons[name] = NOTHING_FOUND;
  }
  return reasons;
}

/** Takes files that are dropped anywhere on the page, sends them, and opens what they hold. */
import type { Api } from "../../api/api";
import { isAbort, messageOf } from "../../api/errors";
import { batchesIn, batchName, namesOf, outcomeOf } from "../../model/data/file-drop";
import { FIRST_METHOD } from "../../model/projection/method";
import {
  dragging,
  dropEnded,
  dropFailed,
  dropSent,
  dropStarted,
  uploadChanged,
} from "../../store/actions/file-drops";
import { notify } from "../../store/actions/page";
import { openAnew } from "../../store/actions/place";
import { openMethod } from "../../store/actions/projection";
import type { Store } from "../../store/store";
import { loadLog } from "./server-events";

/** Progress comes in many small pieces; more than this is not seen. */
const PROGRESS_MILLISECONDS = 60;

const NOTHING_FOUND =
  "No embedding was found in it. docs/formats.md lists what projector reads; vectors and their metadata are dropped together.";
const FOLDER =
  "A folder can not be dropped, but its files can: open it, mark them all and drag them. Or start projector --logdir FOLDER.";

export function startFileDrops(store: Store, api: Api): () => void {
  const open = new Map<string, AbortController>();

  async function take(files: readonly File[]): Promise<void> {
    if (files.length === 0) return;
    const { dropping, log } = store.state.peek();
    const known = log.listing.status === "ready" ? batchesIn(log.listing.value) : [];
    const batch = batchName(files, new Set([...known, ...dropping.drops.map((d) => d.batch)]));
    const controller = new AbortController();
    open.set(batch, controller);
    store.dispatch(dropStarted(batch, files));
    try {
      const refused = await sendAll(batch, files, controller.signal);
      if (Object.keys(refused).length < files.length) await openBatch(batch, files, refused);
    } finally {
      open.delete(batch);
    }
  }

  /** One after the other: the newest sign of life is then always of the file that is named. */
  async function sendAll(
    batch: string,
    files: readonly File[],
    signal: AbortSignal,
  ): Promise<Record<string, string>> {
    const refused: Record<string, string> = {};
    for (const [at, file] of files.entries()) {
      if (signal.aborted) break;
      store.dispatch(uploadChanged(batch, at, { state: "sending" }));
      try {
        await api.uploads.send(batch, file, progress(batch, at), signal);
        store.dispatch(uploadChanged(batch, at, { state: "done", sent: file.size }));
      } catch (error) {
        if (signal.aborted || isAbort(error)) break;
        refused[file.name] = messageOf(error);
      }
    }
    if (signal.aborted) {
      store.dispatch(dropEnded(batch));
      return Object.fromEntries(files.map(({ name }) => [name, ""]));
    }
    if (Object.keys(refused).length === files.length) store.dispatch(dropFailed(batch, refused));
    return refused;
  }

  function progress(batch: string, at: number): (sent: number) => void {
    let last = 0;
    return (sent) => {
      const now = performance.now();
      if (now - last < PROGRESS_MILLISECONDS) return;
      last = now;
      store.dispatch(uploadChanged(batch, at, { sent }));
    };
  }

  /** What the log says of the files: something to open, or why there is nothing. */
  async function openBatch(
    batch: string,
    files: readonly File[],
    refused: Readonly<Record<string, string>>,
  ): Promise<void> {
    store.dispatch(dropSent(batch));
    await loadLog(store, api);
    const { listing } = store.state.peek().log;
    if (listing.status !== "ready") {
      store.dispatch(dropFailed(batch, { [files[0]?.name ?? ""]: "The log could not be read." }));
      return;
    }
    const { entry, problems } = outcomeOf(listing.value, batch);
    const messages: Record<string, string> = { ...refused };
    for (const { path, message } of problems) {
      const name = path.slice(path.lastIndexOf("/") + 1);
      const file = files.find((each) => each.name === name) ?? files[0];
      if (file) messages[file.name] = message;
    }
    if (!entry && Object.keys(messages).length === 0) {
      for (const { name } of files) messages[name] = NOTHING_FOUND;
    }
    if (entry) {
      // The first method costs nothing; another one might start long work that nobody asked for.
      store.dispatch(openMethod(FIRST_METHOD));
      store.dispatch(openAnew(entry));
      store.dispatch(notify("info", `Opened ${namesOf(files)}, kept on this machine.`));
    }
    const hasFailed = Object.keys(messages).length > 0;
    store.dispatch(hasFailed ? dropFailed(batch, messages) : dropEnded(batch));
  }

  const stops = [
    listenToDrags(store, (files) => void take(files)),
    store.onRequest((intent) => {
      if (intent.kind === "choose-files") choose((files) => void take(files));
      if (intent.kind === "open-files") void take(intent.files);
      if (intent.kind === "cancel-drop") {
        open.get(intent.batch)?.abort();
        store.dispatch(dropEnded(intent.batch));
      }
    }),
  ];
  return () => {
    for (const stop of stops) stop();
    for (const controller of open.values()) controller.abort();
  };
}

/** A field of its own each time: the same file again, mended meanwhile, is chosen anew. */
function choose(onFiles: (files: readonly File[]) => void): void {
  const field = document.createElement("input");
  field.type = "file";
  field.multiple = true;
  field.addEventListener("change", () => onFiles([...(field.files ?? [])]));
  field.click();
}

/** Entering a child fires before leaving its parent, so enters and leaves are counted. */
function listenToDrags(store: Store, onFiles: (files: readonly File[]) => void): () => void {
  let depth = 0;
  const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes("Files") ?? false;
  const onEnter = (event: DragEvent) => {
    if (!hasFiles(event)) return;
    depth += 1;
    event.preventDefault();
    const items = [...(event.dataTransfer?.items ?? [])];
    const n = items.filter(({ kind }) => kind === "file").length;
    store.dispatch(dragging(Math.max(1, n)));
  };
  const onOver = (event: DragEvent) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    if (event.dataTransfer) event.dataTransfer.dropEffect = "copy";
  };
  const onLeave = (event: DragEvent) => {
    if (!hasFiles(event)) return;
    depth = Math.max(0, depth - 1);
    if (depth === 0) store.dispatch(dragging(null));
  };
  const onDrop = (event: DragEvent) => {
    depth = 0;
    store.dispatch(dragging(null));
    if (!hasFiles(event)) return;
    // A browser would leave the page and show the file.
    event.preventDefault();
    const items = [...(event.dataTransfer?.items ?? [])];
    if (items.some((item) => item.webkitGetAsEntry()?.isDirectory)) {
      store.dispatch(notify("error", FOLDER));
      return;
    }
    onFiles([...(event.dataTransfer?.files ?? [])]);
  };
  const listeners = { dragenter: onEnter, dragover: onOver, dragleave: onLeave, drop: onDrop };
  for (const [name, listener] of Object.entries(listeners)) {
    window.addEventListener(name, listener as EventListener);
  }
  return () => {
    for (const [name, listener] of Object.entries(listeners)) {
      window.removeEventListener(name, listener as EventListener);
    }
  };
}

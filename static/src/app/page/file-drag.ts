/** Takes files that are dragged onto the page or chosen in a dialog. */
import { dragging } from "../../store/actions/dragged-files";
import { notify } from "../../store/actions/page";
import { isOffered } from "../../store/offered";
import type { Store } from "../../store/store";

const FOLDER =
  "A folder cannot be dropped, but its files can: open it, mark them all and drag them. Or start projector --logdir FOLDER.";

type OnFiles = (files: readonly File[]) => void;

/** A new field each time, so that the same file can be chosen again after it was corrected. */
export function chooseFiles(onFiles: OnFiles): void {
  const field = document.createElement("input");
  field.type = "file";
  field.multiple = true;
  field.addEventListener("change", () => onFiles([...(field.files ?? [])]));
  field.click();
}

/** Hear of files that are dragged over the page and dropped; returns the way to stop. */
export function listenToDrags(store: Store, onFiles: OnFiles): () => void {
  // Entering a child fires before leaving its parent, so enters and leaves are counted.
  let depth = 0;
  const isTaken = () => isOffered(store.state.peek(), "open-files");
  const listeners = {
    dragenter(event: DragEvent) {
      if (!hasFiles(event)) return;
      depth += 1;
      event.preventDefault();
      if (!isTaken()) return;
      const items = [...(event.dataTransfer?.items ?? [])];
      const n = items.filter(({ kind }) => kind === "file").length;
      store.dispatch(dragging(Math.max(1, n)));
    },
    dragover(event: DragEvent) {
      if (!hasFiles(event)) return;
      event.preventDefault();
      if (event.dataTransfer) event.dataTransfer.dropEffect = isTaken() ? "copy" : "none";
    },
    dragleave(event: DragEvent) {
      if (!hasFiles(event)) return;
      depth = Math.max(0, depth - 1);
      if (depth === 0) store.dispatch(dragging(null));
    },
    drop(event: DragEvent) {
      depth = 0;
      store.dispatch(dragging(null));
      if (!hasFiles(event)) return;
      // A browser would leave the page and show the file.
      event.preventDefault();
      if (!isTaken()) return;
      const items = [...(event.dataTransfer?.items ?? [])];
      if (items.some((item) => item.webkitGetAsEntry()?.isDirectory)) {
        store.dispatch(notify("error", FOLDER));
        return;
      }
      onFiles([...(event.dataTransfer?.files ?? [])]);
    },
  };
  const entries = Object.entries(listeners) as [string, EventListener][];
  for (const [name, listener] of entries) window.addEventListener(name, listener);
  return () => {
    for (const [name, listener] of entries) window.removeEventListener(name, listener);
  };
}

function hasFiles(event: DragEvent): boolean {
  return event.dataTransfer?.types.includes("Files") ?? false;
}

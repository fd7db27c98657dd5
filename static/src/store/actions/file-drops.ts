/** Progress of dropped files. */
import { type Drop, type NamedSize, startDrop, type Upload } from "../../model/data/file-drop";
import type { DropState } from "../state/file-drops";
import type { Action } from "../store";

function change(part: Partial<DropState>): Action {
  return (state) => ({ ...state, fileDrops: { ...state.fileDrops, ...part } });
}

export function dropStarted(batch: string, files: readonly NamedSize[]): Action {
  return (state) => change({ drops: [...state.fileDrops.drops, startDrop(batch, files)] })(state);
}

export function uploadChanged(batch: string, at: number, part: Partial<Upload>): Action {
  return changeDrop(batch, (drop) => ({
    ...drop,
    files: drop.files.map((each, index) => (index === at ? { ...each, ...part } : each)),
  }));
}

/** All files are on the server; the listing will say what they are. */
export function dropSent(batch: string): Action {
  return changeDrop(batch, (drop) => ({ ...drop, state: "reading" }));
}

/** `messages` are the reasons, by file name. */
export function dropFailed(batch: string, messages: Readonly<Record<string, string>>): Action {
  return changeDrop(batch, (drop) => ({
    ...drop,
    state: "failed",
    files: drop.files.map((each) => {
      const message = messages[each.name];
      return message === undefined ? each : { ...each, state: "failed", message };
    }),
  }));
}

export function dropEnded(batch: string): Action {
  return (state) =>
    change({ drops: state.fileDrops.drops.filter((each) => each.batch !== batch) })(state);
}

function changeDrop(batch: string, edit: (drop: Drop) => Drop): Action {
  return (state) =>
    change({
      drops: state.fileDrops.drops.map((each) => (each.batch === batch ? edit(each) : each)),
    })(state);
}

/** What can be asked for here: a read-only server changes nothing, a page may have no address. */
import type { RequestKind } from "./requests";
import { isReadOnly } from "./selectors/listing";
import type { State } from "./state/state";

/** Requests that end in a change of what others see: a read-only server refuses them. */
const CHANGES: ReadonlySet<RequestKind> = new Set<RequestKind>([
  "choose-files",
  "compute-column",
  "find-clusters",
  "open-demo",
  "open-files",
  "open-tags",
  "pause",
  "project-only",
  "resume",
  "run-action",
  "save-tags",
  "settle-tags",
  "show-drift",
  "stop",
  "stop-clusters",
  "stop-drift",
  "stop-measure",
  "stop-nearness",
]);

/** Whether a request can be made here at all: what cannot is not shown, and has no key. */
export function isOffered(state: State, kind: RequestKind): boolean {
  if (kind === "copy-link") return state.page.hasAddress;
  return !(CHANGES.has(kind) && isReadOnly(state));
}

/** The same as a property of a command. */
export function offers(kind: RequestKind): (state: State) => boolean {
  return (state) => isOffered(state, kind);
}

/**
 * Sends the selection to the server, so that Python has it, and selects what Python selects. It is
 * the selection of the active view; it is sent once it rests, and only where the server has another.
 */
import { computed, type ReadonlySignal, signal } from "@preact/signals";
import type { Api } from "../../api/api";
import { type Place, placeOf } from "../../model/data/listing";
import { EMPTY_SELECTION, equal, type Selection } from "../../model/view/selection";
import type {
  PlacedSelection,
  SelectionNews,
  SharedSelection,
} from "../../model/view/shared-selection";
import { goTo } from "../../store/actions/place";
import { select } from "../../store/actions/selection";
import { entryOf, isReadOnly } from "../../store/selectors/listing";
import { selection, shownDataset } from "../../store/selectors/shown";
import type { State } from "../../store/state/state";
import { activeScope, type RootStore, type Store, scope } from "../../store/store";
import { latest, pause, until } from "../browser/latest";
import { report } from "../report";

/** A box that is being drawn selects anew in every frame; where it rests is sent. */
const REST_MILLISECONDS = 150;

export interface SelectionSync {
  /** What the server says when the page begins to listen, and whenever Python selects. */
  hear(news: SelectionNews): void;
  stop(): void;
}

interface Known {
  readonly dataset: string;
  readonly rows: Selection;
}

export function startSelectionSync(root: RootStore, api: Api): SelectionSync {
  const store = activeScope(root);
  const here = hereOf(store);
  /** What the server has, as far as this page knows; null until it has said so. */
  const known = signal<Known | null>(null);
  const news = signal<SelectionNews | null>(null);
  let seen: number | null = null;
  let sending: Promise<unknown> = Promise.resolve();

  const unsent = computed(() => {
    const now = here.value;
    return now && known.value && !isKnown(now, known.value) ? now : null;
  });

  const stops = [
    latest(
      unsent,
      async (now, signal) => {
        if (!now) return;
        await pause(REST_MILLISECONDS, signal);
        // One after the other: two that are on their way at once might arrive in either order.
        await sending;
        signal.throwIfAborted();
        const put = api.selection.put(now);
        sending = put.catch(() => undefined);
        seen = (await put).number;
        // Refused or not: the same thing is not sent twice.
        known.value = now;
      },
      // The connection is broken, which the page shows already: it is sent when it heals.
      () => undefined,
    ),
    latest(
      news,
      async (heard, signal) => {
        if (heard?.author !== "python" || heard.number === seen) return;
        const made = await api.selection.get(signal);
        signal.throwIfAborted();
        seen = made.number;
        // Another page was faster: a page does not follow another one.
        if (made.author !== "python") return;
        await follow(scope(root, root.state.peek().active), made, signal);
        known.value = made;
      },
      report(store),
    ),
  ];
  return {
    hear(heard) {
      if (known.peek() === null) {
        // A link that selects something is newer than what was selected before it was opened;
        // one that selects nothing leaves what was selected last.
        if (selection(store.state.peek()).length > 0) seen = heard.number;
        const mine = heard.author === "none" ? null : here.peek();
        known.value = { dataset: mine?.dataset ?? heard.dataset, rows: EMPTY_SELECTION };
      }
      news.value = heard;
    },
    stop() {
      for (const stop of stops) stop();
    },
  };
}

/** What this page would send; null while it cannot: without a projection, or a server that takes it. */
function hereOf(store: Store): ReadonlySignal<PlacedSelection | null> {
  const rows = store.select(selection);
  const info = store.select((state) => {
    const isHeard = state.page.isConnected && !isReadOnly(state);
    const isThere = state.work.shown !== null && isHeard;
    return (isThere && shownDataset(state)?.info) || null;
  });
  return computed(() => {
    if (!info.value) return null;
    const { id, n_points } = info.value;
    // Rows of a projection that is on its way out name nothing in the next one.
    const last = rows.value.at(-1);
    if (last !== undefined && last >= n_points) return null;
    return { dataset: id, nPoints: n_points, rows: rows.value };
  });
}

function isKnown(now: Known, known: Known): boolean {
  return now.dataset === known.dataset && equal(now.rows, known.rows);
}

/** Go where Python selected, wait until it is shown, and select; a person may go on meanwhile. */
async function follow(store: Store, made: SharedSelection, signal: AbortSignal): Promise<void> {
  const place = placeNamed(store, made.dataset);
  // Deleted since, or not yet in this page's listing: nothing to go to.
  if (!place) return;
  store.dispatch(goTo(place));
  const isThere = (state: State) => state.work.shown?.dataset === made.dataset;
  const isOver = store.select((state) => isThere(state) || !isAt(state, place));
  await until(isOver, (over) => over, signal);
  const state = store.state.peek();
  if (isThere(state) && shownDataset(state)?.info.n_points === made.nPoints) {
    store.dispatch(select(made.rows));
  }
}

function isAt({ view }: State, { run, name, step }: Place): boolean {
  return view.place?.run === run && view.place.name === name && view.place.step === step;
}

function placeNamed(store: Store, dataset: string): Place | null {
  const entry = entryOf(store.state.peek(), dataset);
  return entry && placeOf(entry);
}

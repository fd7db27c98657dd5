/**
 * Tells the server what is selected, so that Python has it, and selects what Python selects. The
 * server is told once a selection rests, and only what it does not know already.
 */
import { computed, type ReadonlySignal, signal } from "@preact/signals";
import type { Api } from "../../api/api";
import { messageOf } from "../../api/errors";
import { type Place, placeOf } from "../../model/data/listing";
import { EMPTY_SELECTION, equal, type Selection } from "../../model/view/selection";
import type {
  PlacedSelection,
  SelectionNews,
  SharedSelection,
} from "../../model/view/shared-selection";
import { notify } from "../../store/actions/page";
import { goTo } from "../../store/actions/place";
import { select } from "../../store/actions/selection";
import { selection, shownDataset } from "../../store/selectors/shown";
import type { State } from "../../store/state/state";
import type { Store } from "../../store/store";
import { latest, pause, until } from "../browser/latest";

/** A box that is being drawn selects anew in every frame; where it rests is told. */
const REST_MILLISECONDS = 150;

export interface Sharing {
  /** Told by the server when the page begins to listen, and whenever Python selects. */
  hear(news: SelectionNews): void;
  stop(): void;
}

interface Known {
  readonly dataset: string;
  readonly rows: Selection;
}

export function startSelectionSync(store: Store, api: Api): Sharing {
  const here = hereOf(store);
  /** What the server has, as far as this page knows; null until it has said so. */
  const known = signal<Known | null>(null);
  const news = signal<SelectionNews | null>(null);
  let seen: number | null = null;
  let sending: Promise<unknown> = Promise.resolve();

  const untold = computed(() => {
    const now = here.value;
    return now && known.value && !isKnown(now, known.value) ? now : null;
  });

  const say = (error: unknown) => store.dispatch(notify("error", messageOf(error)));

  const stops = [
    latest(
      untold,
      async (now, signal) => {
        if (!now) return;
        await pause(REST_MILLISECONDS, signal);
        // One after the other: two that are on their way at once might arrive in either order.
        await sending;
        signal.throwIfAborted();
        const put = api.selection.put(now);
        sending = put.catch(() => undefined);
        seen = (await put).number;
        // Refused or not: the same thing is not told twice.
        known.value = now;
      },
      // The connection is broken, which the page shows already: it is told when it heals.
      () => undefined,
    ),
    latest(
      news,
      async (heard, signal) => {
        if (heard?.author !== "python" || heard.number === seen) return;
        const made = await api.selection.get(signal);
        signal.throwIfAborted();
        seen = made.number;
        // Somebody was faster: a page does not follow another page.
        if (made.author !== "python") return;
        await follow(store, made, signal);
        known.value = made;
      },
      say,
    ),
  ];
  return {
    hear(heard) {
      if (known.peek() === null) {
        // A link that selects something is newer than what was selected before it was opened;
        // one that selects nothing takes nothing away from whoever selected last.
        if (selection(store.state.peek()).length > 0) seen = heard.number;
        const mine = heard.author === "nobody" ? null : here.peek();
        known.value = { dataset: mine?.dataset ?? heard.dataset, rows: EMPTY_SELECTION };
      }
      news.value = heard;
    },
    stop() {
      for (const stop of stops) stop();
    },
  };
}

/** What this page would tell; null while it can not: without a picture, or without a server. */
function hereOf(store: Store): ReadonlySignal<PlacedSelection | null> {
  const rows = store.select(selection);
  const info = store.select((state) => {
    const isThere = state.work.shown !== null && state.page.isConnected;
    return (isThere && shownDataset(state)?.info) || null;
  });
  return computed(() => {
    if (!info.value) return null;
    const { id, n_points } = info.value;
    // Rows of a picture that is on its way out name nothing in the next one.
    const last = rows.value.at(-1);
    if (last !== undefined && last >= n_points) return null;
    return { dataset: id, nPoints: n_points, rows: rows.value };
  });
}

function isKnown(now: Known, known: Known): boolean {
  return now.dataset === known.dataset && equal(now.rows, known.rows);
}

/** Go where Python selected, wait for its picture, and select; a person who goes on is let go. */
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
  const { listing } = store.state.peek().log;
  if (listing.status !== "ready") return null;
  const entry = listing.value.entries.find(({ id }) => id === dataset);
  return entry ? placeOf(entry) : null;
}

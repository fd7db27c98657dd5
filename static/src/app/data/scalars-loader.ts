/** Fetches a run's scalars when nothing else is waited for, and remembers what is looked at. */
import { computed, effect } from "@preact/signals";
import type { Api } from "../../api/api";
import type { Scalars } from "../../model/data/scalars";
import { restoreScalars, scalarsLoaded } from "../../store/actions/scalars";
import { currentEntry } from "../../store/selectors/companions";
import type { Store } from "../../store/store";
import { latest, pause } from "../browser/latest";
import { recall, remember } from "../browser/storage";

const TAG = "scalar";
const CLOSED = "scalars-closed";

/** The picture of the step comes first: its requests are on their way by then. */
const REST_MILLISECONDS = 250;

const NONE: Scalars = { series: [], warnings: [] };

export function startScalars(store: Store, api: Api): () => void {
  store.dispatch(restoreScalars(recall(TAG), recall(CLOSED) === null));
  const asked = new Map<string, string>();

  /** A run is asked about once, and again when the log has changed: it may go on being trained. */
  const wanted = computed(() => {
    const state = store.state.value;
    if (!state.work.shown || state.work.shown.isLive || !state.scalars.isOpen) return null;
    const entry = currentEntry(state);
    if (!entry || entry.step === null || state.log.listing.status !== "ready") return null;
    return `${entry.run}\n${state.log.listing.value.version}`;
  });

  const stops = [
    latest(
      wanted,
      async (key, signal) => {
        const entry = currentEntry(store.state.peek());
        if (key === null || !entry || asked.get(entry.run) === key) return;
        if (!entry.has_scalars) {
          asked.set(entry.run, key);
          store.dispatch(scalarsLoaded(entry.run, NONE));
          return;
        }
        await pause(REST_MILLISECONDS, signal);
        const found = await api.datasets.scalars(entry.id, signal);
        asked.set(entry.run, key);
        store.dispatch(scalarsLoaded(entry.run, found));
      },
      // A curve that can not be had leaves no gap; it is asked for again when the log changes.
      () => {
        const entry = currentEntry(store.state.peek());
        if (entry) store.dispatch(scalarsLoaded(entry.run, NONE));
      },
    ),
    effect(() => {
      const { tag, isOpen } = store.state.value.scalars;
      remember(TAG, tag);
      remember(CLOSED, isOpen ? null : "1");
    }),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}

/** Fetches the scalars of the shown runs once no other request is pending. */
import { computed } from "@preact/signals";
import type { Api } from "../../api/api";
import type { Entry } from "../../model/data/listing";
import type { Scalars } from "../../model/data/scalars";
import { scalarsLoaded } from "../../store/actions/scalars";
import { currentEntry } from "../../store/selectors/companions";
import { listingOf } from "../../store/selectors/listing";
import type { State } from "../../store/state/state";
import { activeScope, type RootStore, viewStates } from "../../store/store";
import { latest, pause } from "../browser/latest";

/** The projection of the step comes first: its requests are on their way by then. */
const REST_MILLISECONDS = 250;

const NONE: Scalars = { series: [], warnings: [] };

/** For all views: two of one run have one curve. */
export function startScalars(root: RootStore, api: Api): () => void {
  const store = activeScope(root);
  const views = viewStates(root);
  /** The version of the listing at which a run was asked about: it may go on being trained. */
  const asked = new Map<string, string>();
  const version = () => listingOf(store.state.peek())?.version ?? "";

  const wanted = computed(() => {
    const entries = [...views.value.values()].flatMap(wantedEntry);
    const { version } = listingOf(store.state.value) ?? {};
    return entries.length === 0 ? null : [version, ...entries.map(({ run }) => run)].join("\n");
  });

  async function load(entry: Entry, signal: AbortSignal): Promise<void> {
    if (asked.get(entry.run) === version()) return;
    if (entry.has_scalars) await pause(REST_MILLISECONDS, signal);
    const at = version();
    const found = entry.has_scalars ? await api.datasets.scalars(entry.id, signal) : NONE;
    asked.set(entry.run, at);
    store.dispatch(scalarsLoaded(entry.run, found));
  }

  return latest(
    wanted,
    async (_, signal) => {
      for (const entry of [...views.peek().values()].flatMap(wantedEntry)) {
        await load(entry, signal).catch(() => {
          signal.throwIfAborted();
          // A curve that could not be loaded leaves no gap; the next listing asks for it again.
          store.dispatch(scalarsLoaded(entry.run, NONE));
        });
      }
    },
    () => undefined,
  );
}

/** The entry whose run's scalars a view shows, or none. */
function wantedEntry(state: State): readonly Entry[] {
  const { shown } = state.work;
  const entry = currentEntry(state);
  if (!shown || shown.isLive || !state.scalars.isOpen || !entry || entry.step === null) return [];
  return [entry];
}

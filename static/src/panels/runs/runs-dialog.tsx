/** All training runs as a table: with what they differ in, and the ones to be shown side by side. */
import type { JSX } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import { nearestEntry, placeOf, runsOf } from "../../model/data/listing";
import { matchingRuns, type Run, runColumns } from "../../model/data/runs";
import { counted } from "../../model/text/format";
import { MOST_VIEWS } from "../../model/view/view";
import { closeDialog } from "../../store/actions/page";
import { viewAt } from "../../store/actions/place";
import { openViews } from "../../store/actions/views";
import { listingOf } from "../../store/selectors/listing";
import { ready } from "../../store/state/loadable";
import type { State } from "../../store/state/state";
import { useSelect, useStore } from "../context";
import { Checkbox } from "../controls/checkbox";
import { Dialog } from "../controls/dialog";
import { HealthWork, useRunsWithHealth } from "./runs-health";
import { RunsTable } from "./runs-table";

const NONE: readonly Run[] = [];

export function RunsDialog(): JSX.Element | null {
  const store = useStore();
  const isOpen = useSelect(({ page }) => page.dialog === "runs");
  if (!isOpen) return null;
  return (
    <Dialog title="Runs" onClose={() => store.dispatch(closeDialog("runs"))}>
      <RunsBody />
    </Dialog>
  );
}

function RunsBody(): JSX.Element {
  const store = useStore();
  const version = useSelect((state) => listingOf(state)?.version ?? "");
  // A training goes on while its table is read.
  useEffect(() => store.request({ kind: "load-runs" }), [store, version]);
  const all = useSelect(({ runs }) => runs.all);
  const runs = useRunsWithHealth(ready(all) ?? NONE);
  const [text, setText] = useState("");
  const [withEqual, setWithEqual] = useState(false);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [everything, differing] = useMemo(
    () => [runColumns(runs, true), runColumns(runs, false)] as const,
    [runs],
  );
  const columns = withEqual ? everything : differing;
  const found = useMemo(() => matchingRuns(runs, columns, text), [runs, columns, text]);
  if (all.status === "failed") return <p class="hint">The runs cannot be listed: {all.message}</p>;
  if (all.status !== "ready") return <p class="hint">Reading event files…</p>;
  if (runs.length === 0) {
    return (
      <p class="hint">
        There are no runs: a run is a folder of the log directory with embeddings or event files.
      </p>
    );
  }
  return (
    <div class="runs">
      <div class="runs-head">
        <input
          type="search"
          class="input"
          aria-label="Search runs"
          placeholder={`Search ${counted(runs.length, "run")}: relu lr=0.01`}
          autoComplete="off"
          spellcheck={false}
          value={text}
          onInput={({ currentTarget }) => setText(currentTarget.value)}
        />
        {everything.length > differing.length && (
          <Checkbox
            name="Settings equal in all runs, too"
            isChecked={withEqual}
            onChange={setWithEqual}
          />
        )}
        {/* In the order of the table's rows as the server has them, whatever was ticked first. */}
        <ShowButton chosen={runs.flatMap(({ name }) => (chosen.has(name) ? name : []))} />
      </div>
      <RunsTable runs={found} columns={columns} chosen={chosen} onChoose={setChosen} />
      {found.length === 0 && <p class="hint">No matching runs.</p>}
      <HealthWork />
    </div>
  );
}

/** Opens a view for each run that is ticked. */
function ShowButton({ chosen }: { readonly chosen: readonly string[] }): JSX.Element {
  const store = useStore();
  const places = useSelect((state) => placesOf(state, chosen), [chosen.join("\n")], sameLength);
  const n = Math.min(places.length, MOST_VIEWS);
  const show = () => {
    const state = store.state.peek();
    store.dispatch(closeDialog("runs"));
    store.dispatch(openViews(placesOf(state, chosen)));
  };
  return (
    <button type="button" class="button is-primary" disabled={n === 0} onClick={show}>
      {n > 1 ? `Show ${n} side by side` : "Show"}
      {places.length > MOST_VIEWS && ` of ${places.length}`}
    </button>
  );
}

/** Of each run the tensor that is shown now, at the nearest step; otherwise its first one. */
function placesOf(state: State, names: readonly string[]) {
  const listing = listingOf(state);
  const { place } = state.view;
  if (!listing) return [];
  const known = new Set(runsOf(listing));
  return names.flatMap((run) => {
    const entry = known.has(run) ? nearestEntry(listing, { ...place, run }) : null;
    return entry ? [viewAt(state, placeOf(entry))] : [];
  });
}

function sameLength(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length;
}

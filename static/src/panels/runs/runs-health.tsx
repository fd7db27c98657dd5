/** The health of all runs in their table: measured by itself where that is soon done. */
import type { JSX } from "preact";
import { useEffect, useMemo } from "preact/hooks";
import { type HealthCell, healthCell } from "../../model/data/health";
import type { Run } from "../../model/data/runs";
import { count, counted } from "../../model/text/format";
import { listingOf } from "../../store/selectors/listing";
import { stepsOfRuns } from "../../store/selectors/measures";
import type { RunHealth } from "../../store/state/measures";
import { useSelect, useStore } from "../context";

/** So many numbers are measured unasked: on one core about as long as a table is looked at. */
const UNASKED = 20_000_000;

export function useRunsWithHealth(runs: readonly Run[]): readonly Run[] {
  const found = useSelect(({ measures }) => measures.runs.found);
  return useMemo(
    () =>
      runs.map((run) => {
        const health = found[run.name];
        return health ? { ...run, health: cellOfHealth(health) } : run;
      }),
    [runs, found],
  );
}

function cellOfHealth(health: RunHealth): HealthCell {
  return "summary" in health
    ? healthCell(health.summary)
    : { nAlarms: null, text: "–", title: health.message };
}

/** How far it is; or the way to ask for it where there is much to measure. A line in any case. */
export function HealthWork(): JSX.Element {
  const store = useStore();
  const listing = useSelect(listingOf);
  const name = useSelect(({ view }) => view.place?.name ?? null);
  const runs = useMemo(() => (listing ? stepsOfRuns(listing, name) : []), [listing, name]);
  const { work, found } = useSelect(({ measures }) => measures.runs);
  const missing = runs.filter(({ run, key }) => found[run]?.key !== key);
  const isShort = missing.reduce((sum, { nNumbers }) => sum + nNumbers, 0) <= UNASKED;
  const ask = () => store.request({ kind: "measure-runs", runs });
  useEffect(() => {
    if (isShort && runs.length > 0) ask();
    // Nobody looks at what is still to be measured once the table is closed.
    return () => store.request({ kind: "stop-measuring-runs" });
  }, [store, runs]);
  if (work) {
    const { left, total } = work;
    return (
      <p class="hint runs-health" role="status">
        Measuring health: {count(total - left + 1)} of {counted(total, "run")}
        <button
          type="button"
          class="link"
          onClick={() => store.request({ kind: "stop-measuring-runs" })}
        >
          Stop
        </button>
      </p>
    );
  }
  if (missing.length === 0) {
    return (
      <p class="hint runs-health">
        Health: alarms at all steps of the shown tensor, or of a run's first one.
      </p>
    );
  }
  return (
    <p class="hint runs-health">
      The health of {counted(missing.length, "run")} is not measured.
      <button type="button" class="link" onClick={ask}>
        Measure it
      </button>
    </p>
  );
}

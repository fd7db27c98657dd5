/** Which run is shown: a native list of few, a search among many. */
import type { JSX } from "preact";
import { useCallback, useMemo, useState } from "preact/hooks";
import { type Listing, runsOf } from "../../model/data/listing";
import { counted } from "../../model/text/format";
import { goToRun } from "../../store/actions/place";
import { listingOf } from "../../store/selectors/listing";
import { useSelect, useStore } from "../context";
import { Lazy } from "../controls/lazy";
import { Select } from "../controls/select";
import { ROOT, titleOf } from "./run-title";

/** More are not read through, but searched. */
const FEW = 20;

/** Nothing where there is no choice: a log directory without runs calls itself ".". */
export function RunChoice(): JSX.Element | null {
  const store = useStore();
  const listing = useSelect(listingOf);
  const run = useSelect(({ view }) => view.place?.run ?? "");
  const runs = useMemo(() => (listing ? runsOf(listing) : []), [listing]);
  if (!listing || (runs.length === 1 && run === ROOT)) return null;
  if (runs.length > FEW) return <ManyRuns listing={listing} run={run} nRuns={runs.length} />;
  return (
    <Select name="Run" value={run} title={run} onChange={(next) => store.dispatch(goToRun(next))}>
      {runs.map((each) => (
        <option key={each} value={each}>
          {titleOf(each)}
        </option>
      ))}
    </Select>
  );
}

interface ManyRunsProps {
  readonly listing: Listing;
  readonly run: string;
  readonly nRuns: number;
}

function ManyRuns({ listing, run, nRuns }: ManyRunsProps): JSX.Element {
  const [isOpen, setIsOpen] = useState(false);
  const load = useCallback(async () => {
    const { RunSearch } = await import("./run-search");
    const close = () => setIsOpen(false);
    return () => <RunSearch listing={listing} run={run} onClose={close} />;
  }, [listing, run]);
  return (
    <div class="field">
      <span class="field-name" aria-hidden="true">
        Run
      </span>
      <button
        type="button"
        class="select run-button"
        aria-label={`Run: ${titleOf(run)}`}
        aria-haspopup="dialog"
        title={`${run} – one of ${counted(nRuns, "run")}`}
        onClick={() => setIsOpen(true)}
      >
        {titleOf(run)}
      </button>
      {isOpen && <Lazy isWanted load={load} />}
    </div>
  );
}

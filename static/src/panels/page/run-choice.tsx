/** Which run is shown: a native list of few, a search among many. */
import type { JSX } from "preact";
import { useMemo, useState } from "preact/hooks";
import { type Listing, type RunSummary, runsOf, summarizeRuns } from "../../model/data/listing";
import { counted } from "../../model/text/format";
import { goToRun } from "../../store/actions/place";
import { listingOf } from "../../store/selectors/listing";
import { useSelect, useStore } from "../context";
import { useModal } from "../controls/modal";
import { Select } from "../controls/select";
import { VirtualList } from "../controls/virtual-list";

/** The run that is the log directory itself. */
const ROOT = ".";
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
      {isOpen && <RunSearch listing={listing} run={run} onClose={() => setIsOpen(false)} />}
    </div>
  );
}

interface RunSearchProps {
  readonly listing: Listing;
  readonly run: string;
  readonly onClose: () => void;
}

function RunSearch({ listing, run, onClose }: RunSearchProps): JSX.Element {
  const store = useStore();
  const { close, attributes } = useModal(onClose);
  const [text, setText] = useState("");
  const all = useMemo(() => summarizeRuns(listing), [listing]);
  const found = useMemo(() => matching(all, text), [all, text]);
  const pick = (row: number) => {
    const chosen = found[row];
    if (!chosen) return;
    close();
    store.dispatch(goToRun(chosen.run));
  };
  return (
    <dialog class="dialog run-search" aria-label="Runs" {...attributes}>
      <div class="dialog-frame">
        <input
          type="text"
          class="input run-text"
          aria-label="Search runs"
          placeholder={`Search ${counted(all.length, "run")}`}
          autoComplete="off"
          spellcheck={false}
          value={text}
          onInput={({ currentTarget }) => setText(currentTarget.value)}
          onKeyDown={(event) => event.key === "Enter" && pick(0)}
        />
        <div class="run-list">
          <VirtualList
            key={text}
            name="Runs"
            count={found.length}
            rowHeight={28}
            taken={found.findIndex((each) => each.run === run)}
            renderRow={(row) => <RunRow summary={found[row]} />}
            onPick={pick}
          />
        </div>
        {found.length === 0 && <p class="hint is-padded">No matching runs.</p>}
      </div>
    </dialog>
  );
}

function RunRow({ summary }: { readonly summary: RunSummary | undefined }): JSX.Element | null {
  if (!summary) return null;
  const { run, shape, nSteps } = summary;
  return (
    <>
      <span class="row-name" title={run}>
        {titleOf(run)}
      </span>
      <span class="hint number">
        {shape}
        {nSteps > 1 && ` · ${counted(nSteps, "step")}`}
      </span>
    </>
  );
}

/** Runs that have all words in their name, in any order. */
function matching(all: readonly RunSummary[], text: string): readonly RunSummary[] {
  const words = text.toLowerCase().split(/\s+/);
  return all.filter(({ run }) => words.every((word) => run.toLowerCase().includes(word)));
}

function titleOf(run: string): string {
  return run === ROOT ? "(log directory)" : run;
}

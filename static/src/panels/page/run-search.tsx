/** Finds a run among many: words of its name, with its shape and its number of steps. */
import type { JSX } from "preact";
import { useMemo, useState } from "preact/hooks";
import { type Listing, type RunSummary, summarizeRuns } from "../../model/data/listing";
import { counted } from "../../model/text/format";
import { goToRun } from "../../store/actions/place";
import { useStore } from "../context";
import { useModal } from "../controls/modal";
import { VirtualList } from "../controls/virtual-list";
import { titleOf } from "./run-title";

interface RunSearchProps {
  readonly listing: Listing;
  readonly run: string;
  readonly onClose: () => void;
}

export function RunSearch({ listing, run, onClose }: RunSearchProps): JSX.Element {
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

/** The dialog with every file that could not be read, and everything that was dropped or guessed. */
import type { JSX } from "preact";
import { closeDialog } from "../../store/actions/page";
import { listingOf } from "../../store/selectors/listing";
import { requestedProjection } from "../../store/selectors/request";
import { shownDataset } from "../../store/selectors/shown";
import { useSelect, useStore } from "../context";
import { Dialog } from "../controls/dialog";

const NONE: readonly never[] = [];

export function ProblemsDialog(): JSX.Element | null {
  const store = useStore();
  const isOpen = useSelect(({ page }) => page.dialog === "problems");
  if (!isOpen) return null;
  return (
    <Dialog title="Problems and warnings" onClose={() => store.dispatch(closeDialog("problems"))}>
      <ShownWarnings />
      <FileProblems />
    </Dialog>
  );
}

function ShownWarnings(): JSX.Element | null {
  const own = useSelect((state) => shownDataset(state)?.info.warnings ?? NONE);
  const found = useSelect((state) => requestedProjection(state)?.warnings ?? NONE);
  const warnings = [...own, ...found];
  if (warnings.length === 0) return null;
  return (
    <section>
      <h3>This dataset</h3>
      <ul class="problems">
        {warnings.map((warning) => (
          <li key={warning} class="problem">
            <p>{warning}</p>
          </li>
        ))}
      </ul>
    </section>
  );
}

function FileProblems(): JSX.Element {
  const problems = useSelect((state) => listingOf(state)?.problems ?? NONE);
  if (problems.length === 0)
    return <p class="hint">All files in the log directory could be read.</p>;
  return (
    <section>
      <h3>Files</h3>
      <ul class="problems">
        {problems.map(({ run, path, message, severity }) => (
          <li key={`${run} ${path} ${message}`} class="problem">
            <div class="problem-head">
              <span class={`tag is-${severity}`}>{severity}</span>
              <code>{path || run}</code>
            </div>
            <p>{message}</p>
          </li>
        ))}
      </ul>
    </section>
  );
}

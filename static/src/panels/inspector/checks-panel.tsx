/** What to look over in the data: what moved between two views, two columns against each other, duplicates, outliers. */
import type { JSX } from "preact";
import { CrossTablePart } from "./cross-table";
import { DriftGroups } from "./drift-groups";
import { NearnessLists } from "./nearness-lists";

export function ChecksPanel(): JSX.Element {
  return (
    // It scrolls, so the keyboard must be able to reach it.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: see above
    <section class="checks" aria-label="Checks" tabIndex={0}>
      <DriftGroups />
      <CrossTablePart />
      <NearnessLists />
    </section>
  );
}

/** Views that can be compared, as something to color by. */
import type { JSX } from "preact";
import { isEqual } from "../../model/data/equality";
import { shownDriftColumns } from "../../store/selectors/drift";
import { ownPairs } from "../../store/selectors/views";
import { useOffered, useSelect } from "../context";

/** The pairs whose comparison is not there yet; one that is has its columns. */
export function DriftOptions(): JSX.Element | null {
  const columns = useSelect(shownDriftColumns, [], isEqual);
  const pairs = useSelect(ownPairs, [], isEqual);
  const isOffered = useOffered("show-drift");
  const [a = "", b = ""] = columns[0]?.compares ?? [];
  const others = pairs.filter(({ from, to }) => from.dataset !== a || to.dataset !== b);
  if (!isOffered || others.length === 0) return null;
  return (
    <optgroup label="Compare views">
      {others.map(({ from, to }) => (
        <option key={`${from.dataset} ${to.dataset}`} value={`drift ${from.dataset} ${to.dataset}`}>
          Drift {from.letter}→{to.letter}
        </option>
      ))}
    </optgroup>
  );
}

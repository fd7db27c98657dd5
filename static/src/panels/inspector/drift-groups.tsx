/** Groups of points that moved alike between two views, as the server suggests them. */
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { counted } from "../../model/text/format";
import { mappedRows } from "../../model/view/matching";
import { selectionOf } from "../../model/view/selection";
import { select } from "../../store/actions/selection";
import { rowsFromFirst, shownDrift, shownDriftId } from "../../store/selectors/drift";
import { driftTitle } from "../../store/selectors/views";
import { NO_ANSWER } from "../../store/state/state";
import { useSelect, useStore } from "../context";
import { useRoving } from "../controls/roving";

export function DriftGroups(): JSX.Element | null {
  const store = useStore();
  const id = useSelect(shownDriftId);
  const drift = useSelect(shownDrift);
  const { from = "", to = "" } = drift ?? {};
  const title = useSelect((state) => driftTitle(state, from, to), [from, to]);
  const rowsHere = useSelect(rowsFromFirst);
  const groups = useSelect((state) => shownDrift(state)?.groups ?? NO_ANSWER);
  const { ref, onKeyDown, onFocusIn } = useRoving<HTMLUListElement>();
  useEffect(() => {
    if (id !== "") store.request({ kind: drift ? "load-drift-groups" : "load-drift" });
  }, [store, id, drift === null]);
  if (!drift) return null;
  const { value, error, isLoading } = groups;
  return (
    <section class="check" aria-label="Groups that moved alike" aria-busy={isLoading}>
      <h3 class="section-title">{title}: groups</h3>
      {error && <p class="inline-error">{error}</p>}
      {value && (
        <p class="hint">
          {value.length === 0
            ? "No group of points moved further than its neighborhood reaches."
            : `${counted(value.length, "group")} of points that moved further than their neighborhood reaches. A click selects one.`}
        </p>
      )}
      <ul
        class="drift-groups"
        ref={ref}
        onKeyDown={onKeyDown}
        onFocusIn={onFocusIn}
        aria-label="Groups that moved alike"
      >
        {value?.map(({ words, rows }, at) => (
          <li key={`${at} ${words}`} data-row>
            <button
              type="button"
              class="link"
              tabIndex={at === 0 ? 0 : -1}
              onClick={() => store.dispatch(select(mappedRows(rowsHere, selectionOf(rows))))}
            >
              {words}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

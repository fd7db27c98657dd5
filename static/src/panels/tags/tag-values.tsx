/** The values of the column that is being tagged, each applied by a click. */
import type { JSX } from "preact";
import { useEffect, useMemo } from "preact/hooks";
import type { Column } from "../../model/data/dataset";
import { columnOf, type TagTable, type ValueCount, valueCounts } from "../../model/data/tags";
import { count } from "../../model/text/format";
import { shownDataset } from "../../store/selectors/shown";
import { useSelect, useStore } from "../context";
import { VirtualList } from "../controls/virtual-list";

export interface TagValuesProps {
  readonly name: string;
  readonly table: TagTable;
  readonly edited: Column | null;
  readonly typed: string;
  /** null where there is nothing to apply it to. */
  readonly onPick: ((text: string) => void) | null;
}

/** All values of the column with their counts; those with what is typed, while something is. */
export function TagValues(props: TagValuesProps): JSX.Element | null {
  const { name, table, edited, typed, onPick } = props;
  const values = useValues(name, table, edited);
  const wanted = typed.toLowerCase();
  const shown = useMemo(
    () =>
      wanted === "" ? values : values.filter(({ text }) => text.toLowerCase().includes(wanted)),
    [values, wanted],
  );
  if (shown.length === 0) return null;
  return (
    <div class="tag-values" style={{ height: `${Math.min(5, shown.length) * 24}px` }}>
      <VirtualList
        name={`Values of ${name}`}
        count={shown.length}
        rowHeight={24}
        taken={null}
        renderRow={(row) => (
          <span class="tag-value">
            <span class="tag-value-name">
              {shown[row]?.text === "" ? "(empty)" : shown[row]?.text}
            </span>
            <span class="number">{count(shown[row]?.count ?? 0)}</span>
          </span>
        )}
        onPick={(row) => onPick?.(shown[row]?.text ?? "")}
      />
    </div>
  );
}

/** Of a column of the data as the server counts them; of one of tags as they stand here. */
function useValues(name: string, table: TagTable, edited: Column | null): readonly ValueCount[] {
  const store = useStore();
  const data = useSelect(shownDataset);
  const fetched = edited ? data?.columns[edited.index]?.values : null;
  const isMissing = edited !== null && !fetched;
  useEffect(() => {
    if (edited && isMissing) {
      store.request({ kind: "load-column", column: edited.index, what: "values" });
    }
  }, [store, edited, isMissing]);
  const tags = columnOf(table, name);
  return useMemo((): readonly ValueCount[] => {
    if (edited) {
      return (fetched?.names ?? []).map((text, at) => ({ text, count: fetched?.counts[at] ?? 0 }));
    }
    return tags ? valueCounts(tags) : [];
  }, [edited, fetched, tags]);
}

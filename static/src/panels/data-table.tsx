/** The metadata of the selection, or of all that is shown, as a table that can be sorted. */
import type { JSX } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { isNumeric } from "../model/color";
import type { Column } from "../model/dataset";
import { count, counted } from "../model/format";
import { POINT_FLAG } from "../model/point-flags";
import { equal, type Selection, selectionOf } from "../model/selection";
import { BY_ROW, nextOrder, type SortOrder, sortRows } from "../model/sorting";
import { togglePanel } from "../store/actions/arrangement";
import { hover, select } from "../store/actions/attention";
import { selection, shownDataset } from "../store/selectors/picture";
import type { DatasetData } from "../store/state";
import { usePanel, useSelect, useStore } from "./context";
import { IconButton } from "./controls/icon-button";
import { TableGrid } from "./table-grid";

/** More columns are a click away: each is an array of the whole dataset. */
const FIRST_COLUMNS = 12;
const NO_COLUMNS: readonly Column[] = [];

export function DataTable(): JSX.Element | null {
  const isOpen = useSelect(({ arrangement, work }) => arrangement.open.table && !!work.shown);
  return isOpen ? <OpenTable /> : null;
}

function OpenTable(): JSX.Element {
  const store = useStore();
  const data = useSelect(shownDataset);
  const [order, setOrder] = useState<SortOrder>(BY_ROW);
  const [isWide, setIsWide] = useState(false);
  const rows = useRows();
  const all = data?.info.columns ?? NO_COLUMNS;
  const columns = isWide ? all : all.slice(0, FIRST_COLUMNS);
  const sortedBy = all.find(({ index }) => index === order.column) ?? null;
  useColumnTexts(data, columns, sortedBy);
  const values = useMemo(() => sortValues(data, sortedBy), [data, sortedBy]);
  const sorted = useMemo(
    () => (order.column !== null && !values ? rows : sortRows(rows, values, order.isDescending)),
    [rows, values, order],
  );
  const nSelected = useSelect((state) => selection(state).length);
  return (
    <section class="table-panel" aria-label="Table" data-panel="table">
      <div class="table-head">
        <h2 class="section-title">
          {nSelected > 0 ? counted(rows.length, "selected point") : "Shown points"}
          {nSelected === 0 && <span class="hint number"> {count(rows.length)}</span>}
        </h2>
        {all.length > FIRST_COLUMNS && (
          <button type="button" class="link" onClick={() => setIsWide(!isWide)}>
            {isWide ? `First ${FIRST_COLUMNS} columns` : `All ${all.length} columns`}
          </button>
        )}
        <IconButton
          icon="close"
          name="Close the table"
          shortcut="M"
          onPress={() => store.dispatch(togglePanel("table", false))}
        />
      </div>
      <TableGrid
        rows={sorted}
        columns={columns}
        order={order}
        onSort={(column) => setOrder(nextOrder(order, column))}
        onPoint={(row) => store.dispatch(hover(row))}
        onPick={(row, isAlone) => {
          if (isAlone) {
            store.dispatch(select(selectionOf([row])));
          } else {
            store.dispatch(hover(row));
            store.request({ kind: "fly", indices: [row] });
          }
        }}
      />
    </section>
  );
}

/** What is selected; without a selection, what is shown. */
function useRows(): Selection {
  const { derived } = usePanel();
  const selected = useSelect(selection);
  const kept = useRef<Selection>(selected);
  const flags = derived.flags.value;
  const shown = useMemo(() => {
    if (selected.length > 0) return null;
    const away = POINT_FLAG.ghost | POINT_FLAG.hidden;
    const rows = new Uint32Array(flags.length);
    let n = 0;
    flags.forEach((flag, row) => {
      if ((flag & away) === 0) rows[n++] = row;
    });
    return rows.slice(0, n);
  }, [selected, flags]);
  const rows = shown ?? selected;
  // The same rows are the same array: a legend that is pointed at must not sort anew.
  if (!equal(kept.current, rows)) kept.current = rows;
  return kept.current;
}

function useColumnTexts(
  data: DatasetData | null,
  columns: readonly Column[],
  sortedBy: Column | null,
): void {
  const store = useStore();
  useEffect(() => {
    if (!data) return;
    for (const { index } of columns) {
      if (!data.columns[index]?.text) {
        store.request({ kind: "load-column", column: index, what: "text" });
      }
    }
    if (sortedBy && isNumeric(sortedBy) && !data.columns[sortedBy.index]?.numbers) {
      store.request({ kind: "load-column", column: sortedBy.index, what: "numbers" });
    }
  }, [store, data, columns, sortedBy]);
}

function sortValues(data: DatasetData | null, column: Column | null) {
  const loaded = column && data?.columns[column.index];
  if (!loaded) return null;
  return (isNumeric(column) ? loaded.numbers : loaded.text) ?? null;
}

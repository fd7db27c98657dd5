/** The table: the metadata of the selected points, or of all shown points, in any order. */
import type { JSX } from "preact";
import { useMemo, useRef, useState } from "preact/hooks";
import type { Column } from "../../model/data/dataset";
import { inOrder, nextOrder } from "../../model/data/sorting";
import { isExpression } from "../../model/projection/expression";
import { count, counted } from "../../model/text/format";
import { POINT_FLAG } from "../../model/view/point-flags";
import { equal, type Selection, selectionOf } from "../../model/view/selection";
import { togglePanel } from "../../store/actions/layout";
import { hover, select, setSearchText } from "../../store/actions/selection";
import { sortTable } from "../../store/actions/table";
import { selection, shownDataset } from "../../store/selectors/shown";
import { orderKey } from "../../store/selectors/table";
import { usePanel, useSelect, useStore } from "../context";
import { IconButton } from "../controls/icon-button";
import { TableGrid } from "./table-grid";

/** More columns are a click away. */
const FIRST_COLUMNS = 12;
const NO_COLUMNS: readonly Column[] = [];

export function DataTable(): JSX.Element | null {
  const isOpen = useSelect(({ layout, work }) => layout.open.table && !!work.shown);
  return isOpen ? <OpenTable /> : null;
}

function OpenTable(): JSX.Element {
  const store = useStore();
  const data = useSelect(shownDataset);
  const order = useSelect(({ table }) => table.order);
  const [isWide, setIsWide] = useState(false);
  const rows = useRows();
  const all = data?.info.columns ?? NO_COLUMNS;
  const columns = useMemo(() => (isWide ? all : all.slice(0, FIRST_COLUMNS)), [isWide, all]);
  // Until the server has ordered the rows they stand as they stood before.
  const ordered = useSelect((state) =>
    state.table.ordered?.key === orderKey(state) ? state.table.ordered.rows : null,
  );
  const isSorting = useSelect(({ table }) => table.isSorting);
  const last = useRef({ rows, sorted: rows });
  const sorted = useMemo(() => {
    if (order.column === null) return order.isDescending ? rows.slice().reverse() : rows;
    if (ordered) return inOrder(rows, ordered);
    return last.current.rows === rows ? last.current.sorted : rows;
  }, [rows, order, ordered]);
  last.current = { rows, sorted };
  const nSelected = useSelect((state) => selection(state).length);
  return (
    <section class="table-panel" aria-label="Table" data-panel="table">
      <div class="table-head">
        <h2 class="section-title">
          {nSelected > 0 ? counted(rows.length, "selected point") : "Shown points"}
          {nSelected === 0 && <span class="hint number"> {count(rows.length)}</span>}
          {isSorting && <span class="hint"> sorting…</span>}
        </h2>
        <TableSearch hasColumns={all.length > 0} />
        {all.length > FIRST_COLUMNS && (
          <button type="button" class="link" onClick={() => setIsWide(!isWide)}>
            {isWide ? `First ${FIRST_COLUMNS} columns` : `All ${all.length} columns`}
          </button>
        )}
        <IconButton
          icon="close"
          name="Close table"
          shortcut="M"
          onPress={() => store.dispatch(togglePanel("table", false))}
        />
      </div>
      <TableGrid
        rows={sorted}
        columns={columns}
        order={order}
        isSorting={isSorting}
        onSort={(column) => store.dispatch(sortTable(nextOrder(order, column)))}
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

/** The same search as in the inspector, where the eyes are. */
function TableSearch({ hasColumns }: { readonly hasColumns: boolean }): JSX.Element {
  const store = useStore();
  const text = useSelect(({ attention }) => attention.search.text);
  return (
    <input
      type="search"
      class="input table-search"
      aria-label="Search the table"
      placeholder="Search"
      autoComplete="off"
      spellcheck={false}
      disabled={!hasColumns}
      value={text}
      onInput={({ currentTarget }) => store.dispatch(setSearchText(currentTarget.value))}
    />
  );
}

/** What is selected; without a selection, what is shown, and found where a text is searched. */
function useRows(): Selection {
  const { derived } = usePanel();
  const selected = useSelect(selection);
  const kept = useRef<Selection>(selected);
  const flags = derived.flags.value;
  const found = useSelect(({ attention: { search } }) =>
    search.text === "" || isExpression(search.text) ? null : search.rows.value,
  );
  const shown = useMemo(() => {
    if (selected.length > 0) return null;
    const away = POINT_FLAG.ghost | POINT_FLAG.hidden;
    if (found) return found.filter((row) => ((flags[row] ?? away) & away) === 0);
    const rows = new Uint32Array(flags.length);
    let n = 0;
    flags.forEach((flag, row) => {
      if ((flag & away) === 0) rows[n++] = row;
    });
    return rows.slice(0, n);
  }, [selected, flags, found]);
  const rows = shown ?? selected;
  // The same rows are the same array: a legend that is pointed at must not sort anew.
  if (!equal(kept.current, rows)) kept.current = rows;
  return kept.current;
}

/** Two columns of classes against each other, such as label and prediction; a cell selects its points. */
import type { JSX } from "preact";
import { useEffect, useMemo } from "preact/hooks";
import { type CrossTable, crossTable, rowsOfCell } from "../../model/color/cross-table";
import { type Column, refOf } from "../../model/data/dataset";
import { isEqual } from "../../model/data/equality";
import { count, percent } from "../../model/text/format";
import { chooseCrossed } from "../../store/actions/checks";
import { select } from "../../store/actions/selection";
import { classColumns, crossedColumns } from "../../store/selectors/checks";
import { shownDataset } from "../../store/selectors/shown";
import { usePanel, useSelect, useStore } from "../context";
import { useRoving } from "../controls/roving";

export function CrossTablePart(): JSX.Element {
  const crossed = useSelect(crossedColumns, [], isEqual);
  return (
    <section class="check" aria-label="Cross table">
      <h3 class="section-title">Cross table</h3>
      {crossed ? (
        <>
          <Choice side="rows" name="Rows" column={crossed.rows} />
          <Choice side="columns" name="Columns" column={crossed.columns} />
          <Table rows={crossed.rows} columns={crossed.columns} />
        </>
      ) : (
        <p class="hint">Two columns of categories are needed, such as label and predicted.</p>
      )}
    </section>
  );
}

interface ChoiceProps {
  readonly side: "rows" | "columns";
  readonly name: string;
  readonly column: Column;
}

function Choice({ side, name, column }: ChoiceProps): JSX.Element {
  const store = useStore();
  const columns = useSelect(classColumns, [], isEqual);
  return (
    <label class="field">
      <span class="field-name">{name}</span>
      <select
        class="select"
        value={String(column.index)}
        onChange={({ currentTarget: { value } }) => {
          const found = columns.find(({ index }) => String(index) === value);
          if (found) store.dispatch(chooseCrossed(side, refOf(found)));
        }}
      >
        {columns.map((each) => (
          <option key={each.index} value={String(each.index)}>
            {each.name}
          </option>
        ))}
      </select>
    </label>
  );
}

interface TableProps {
  readonly rows: Column;
  readonly columns: Column;
}

function Table({ rows, columns }: TableProps): JSX.Element {
  const store = useStore();
  const { derived } = usePanel();
  const a = useCodes(rows);
  const b = useCodes(columns);
  const { failures, hidden } = derived.filtering.value;
  const passes = useMemo(
    () => (row: number) => !failures?.[row] && !hidden?.[row],
    [failures, hidden],
  );
  const table = useMemo(() => (a && b ? crossTable(a, b, passes) : null), [a, b, passes]);
  if (!a || !b || !table) return <div class="cross-wait" aria-hidden="true" />;
  const pick = (cell: number) => store.dispatch(select(rowsOfCell(a, b, cell, passes)));
  return (
    <>
      <p class="hint">
        {table.nAlike > 0
          ? `The same in ${table.nUnknown > 0 ? "at least " : ""}${percent(table.nAlike / Math.max(1, table.nPoints))} of ${count(table.nPoints)} points. A number selects its points.`
          : `${count(table.nPoints)} points. A number selects its points.`}
      </p>
      <Cells table={table} rows={rows.name} columns={columns.name} onPick={pick} />
    </>
  );
}

/** The codes of a column, asked for where they have not come yet. */
function useCodes(column: Column) {
  const store = useStore();
  const id = useSelect((state) => shownDataset(state)?.info.id ?? "");
  const codes = useSelect(
    (state) => shownDataset(state)?.columns[column.index]?.codes ?? null,
    [column.index],
  );
  useEffect(() => {
    if (!codes) store.request({ kind: "load-column", column: column.index, what: "codes" });
  }, [store, codes, id, column.index]);
  return codes;
}

interface CellsProps {
  readonly table: CrossTable;
  readonly rows: string;
  readonly columns: string;
  readonly onPick: (cell: number) => void;
}

function Cells({ table, rows, columns, onPick }: CellsProps): JSX.Element {
  const { ref, onKeyDown, onFocusIn } = useRoving<HTMLTableSectionElement>();
  const largest = Math.max(1, ...table.counts);
  const nameOf = (name: string | null) => name ?? "others";
  return (
    <div class="cross-scroll">
      <table class="cross" aria-label={`${rows} by ${columns}`}>
        <thead>
          <tr>
            <th scope="col">{rows}</th>
            {table.columns.map((name) => (
              <th key={String(name)} scope="col" title={`${columns}: ${nameOf(name)}`}>
                {nameOf(name)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody ref={ref} onKeyDown={onKeyDown} onFocusIn={onFocusIn}>
          {table.rows.map((row, at) => (
            <tr key={String(row)} data-row>
              <th scope="row" title={`${rows}: ${nameOf(row)}`}>
                {nameOf(row)}
              </th>
              {table.columns.map((column, place) => {
                const cell = at * table.columns.length + place;
                const n = table.counts[cell] ?? 0;
                const isAlike = row !== null && row === column;
                const share = Math.sqrt(n / largest);
                return (
                  <td
                    key={String(column)}
                    class={isAlike ? "is-alike" : ""}
                    style={{ "--share": share.toFixed(3) }}
                  >
                    <button
                      type="button"
                      tabIndex={cell === 0 ? 0 : -1}
                      disabled={n === 0}
                      aria-label={`Select ${count(n)} points: ${rows} ${nameOf(row)}, ${columns} ${nameOf(column)}`}
                      title={`${rows} ${nameOf(row)}, ${columns} ${nameOf(column)}`}
                      onClick={() => onPick(cell)}
                    >
                      {n === 0 ? "" : count(n)}
                    </button>
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

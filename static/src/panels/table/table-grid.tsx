/** A grid of any number of rows of which only the visible ones exist. Arrow keys move, Enter picks. */
// A native table can not leave most of its rows out; the grid has the focus and the keys for all.
// biome-ignore-all lint/a11y/useSemanticElements: see above
// biome-ignore-all lint/a11y/useFocusableInteractive: see above
// biome-ignore-all lint/a11y/useKeyWithClickEvents: see above
import type { ComponentChildren, JSX } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import { isNumeric } from "../../model/color/color";
import type { Column } from "../../model/data/dataset";
import type { SortOrder } from "../../model/data/sorting";
import { contentKey, shownTexts } from "../../store/selectors/table";
import { useSelect, useStore } from "../context";
import { Icon } from "../controls/icon";
import { useRowWindow } from "../controls/row-window";
import { range } from "../controls/virtual-list";
import { TagMark } from "../points/tag-mark";

const ROW_HEIGHT = 24;
const HEAD_HEIGHT = 26;
/** Rows whose texts are there before they come into sight. */
const AHEAD = 30;

export interface TableGridProps {
  readonly rows: Uint32Array;
  readonly columns: readonly Column[];
  readonly order: SortOrder;
  readonly isSorting: boolean;
  readonly onSort: (column: number | null) => void;
  /** The row under the pointer or the keyboard. */
  readonly onPoint: (row: number | null) => void;
  /** A click shows where the point is; a double click or Enter selects it alone. */
  readonly onPick: (row: number, isAlone: boolean) => void;
}

export function TableGrid(props: TableGridProps): JSX.Element {
  const { rows, columns, order, isSorting, onSort, onPoint, onPick } = props;
  const store = useStore();
  const element = useRef<HTMLDivElement>(null);
  const id = useId();
  const [active, setActive] = useState(0);
  const shown = useRowWindow(element, {
    count: rows.length,
    rowHeight: ROW_HEIGHT,
    headHeight: HEAD_HEIGHT,
    content: rows,
  });
  const { first, end } = shown;
  const content = useSelect(contentKey);
  const texts = useSelect(shownTexts);
  useEffect(() => {
    const near = rows.subarray(Math.max(0, first - AHEAD), end + AHEAD);
    store.request({ kind: "load-texts", rows: [...near], columns: columns.map((c) => c.index) });
  }, [store, content, rows, columns, first, end]);
  const hovered = useSelect(({ attention }) => attention.hover);
  const moveTo = (at: number) => {
    const next = Math.min(rows.length - 1, Math.max(0, at));
    setActive(next);
    shown.show(next);
    onPoint(rows[next] ?? null);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    // A button in the head has keys of its own.
    if (event.target !== event.currentTarget) return;
    const moves: Record<string, number> = {
      ArrowDown: active + 1,
      ArrowUp: active - 1,
      PageDown: active + 10,
      PageUp: active - 10,
      Home: 0,
      End: rows.length - 1,
    };
    const target = moves[event.key];
    const row = rows[active];
    if (target !== undefined) moveTo(target);
    else if (event.key === "Enter" && row !== undefined) onPick(row, true);
    else if (event.key === " " && row !== undefined) onPick(row, false);
    else return;
    event.preventDefault();
  };
  const template = `72px repeat(${columns.length}, minmax(120px, 1fr))`;
  return (
    <div
      ref={element}
      class="table-grid"
      role="grid"
      tabIndex={0}
      aria-label="Metadata of the points"
      aria-rowcount={rows.length + 1}
      aria-colcount={columns.length + 1}
      aria-busy={isSorting}
      aria-activedescendant={rows.length > 0 ? `${id}-${active}` : undefined}
      onKeyDown={onKeyDown}
      onPointerLeave={() => onPoint(null)}
    >
      <div
        class="table-row is-head"
        role="row"
        aria-rowindex={1}
        style={{ gridTemplateColumns: template }}
      >
        <HeadCell name="row" column={null} order={order} onSort={onSort} />
        {columns.map((column) => (
          <HeadCell
            key={column.index}
            name={column.name}
            column={column.index}
            order={order}
            onSort={onSort}
          >
            <TagMark column={column} />
          </HeadCell>
        ))}
      </div>
      <div class="table-body" role="rowgroup" style={{ height: `${shown.height}px` }}>
        {range(first, end).map((at) => {
          const row = rows[at] ?? 0;
          const known = texts?.get(row);
          return (
            <div
              key={at}
              id={`${id}-${at}`}
              class={`table-row${at === active ? " is-active" : ""}`}
              role="row"
              aria-rowindex={at + 2}
              aria-selected={row === hovered}
              style={{
                gridTemplateColumns: template,
                transform: `translateY(${shown.placeOf(at)}px)`,
              }}
              onPointerEnter={() => onPoint(row)}
              onClick={() => {
                setActive(at);
                onPick(row, false);
              }}
              onDblClick={() => onPick(row, true)}
            >
              <span class="table-cell is-row number" role="gridcell">
                {row}
              </span>
              {columns.map((column) => {
                const text = known?.[column.index] ?? "";
                return (
                  <span
                    key={column.index}
                    class={`table-cell${isNumeric(column) ? " number" : ""}`}
                    role="gridcell"
                    title={text}
                  >
                    {text}
                  </span>
                );
              })}
            </div>
          );
        })}
      </div>
    </div>
  );
}

interface HeadCellProps {
  readonly name: string;
  readonly column: number | null;
  readonly order: SortOrder;
  readonly onSort: (column: number | null) => void;
  readonly children?: ComponentChildren;
}

function HeadCell({ name, column, order, onSort, children }: HeadCellProps): JSX.Element {
  const isSorted = order.column === column;
  const direction = order.isDescending ? "descending" : "ascending";
  return (
    <span class="table-cell" role="columnheader" aria-sort={isSorted ? direction : "none"}>
      <button
        type="button"
        class="table-sort"
        title={`Sort by ${name}`}
        onClick={() => onSort(column)}
      >
        <span>{name === "" ? "(no name)" : name}</span>
        {children}
        {isSorted && <Icon name={order.isDescending ? "chevronDown" : "chevronUp"} />}
      </button>
    </span>
  );
}

/** A grid of any number of rows of which only the visible ones exist. Arrow keys move, Enter picks. */
// A native table cannot leave most of its rows out; the grid has the focus and the keys for all.
// biome-ignore-all lint/a11y/useSemanticElements: see above
// biome-ignore-all lint/a11y/useFocusableInteractive: see above
import type { JSX } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import type { Column } from "../../model/data/dataset";
import type { SortOrder } from "../../model/data/sorting";
import { shownDataset } from "../../store/selectors/shown";
import { contentKey, shownTexts } from "../../store/selectors/table";
import { useSelect, useStore } from "../context";
import { rowForKey } from "../controls/list-keys";
import { type RowWindow, useRowWindow } from "../controls/row-window";
import { range } from "../controls/virtual-list";
import { HeadRow, TableRow } from "./table-row";

const ROW_HEIGHT = 24;
const HEAD_HEIGHT = 26;
/** Rows that PageUp and PageDown pass over. */
const PAGE = 10;
/** Rows whose texts are fetched before they are scrolled to. */
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
  const element = useRef<HTMLDivElement>(null);
  const id = useId();
  const [active, setActive] = useState(0);
  const shown = useRowWindow(element, {
    count: rows.length,
    rowHeight: ROW_HEIGHT,
    headHeight: HEAD_HEIGHT,
    content: rows,
  });
  const moveTo = (at: number) => {
    setActive(at);
    shown.show(at);
    onPoint(rows[at] ?? null);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    // A button in the head has keys of its own.
    if (event.target === event.currentTarget) onKey(event, rows, active, { moveTo, onPick });
  };
  const hasSprite = useSelect((state) => (shownDataset(state)?.info.sprite ?? null) !== null);
  const template = `${hasSprite ? 96 : 72}px repeat(${columns.length}, minmax(120px, 1fr))`;
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
      <HeadRow columns={columns} order={order} template={template} onSort={onSort} />
      <Body
        {...{ id, rows, columns, active, shown, template, onPoint }}
        onPick={(at, isAlone) => {
          setActive(at);
          onPick(rows[at] ?? 0, isAlone);
        }}
      />
    </div>
  );
}

interface BodyProps extends Pick<TableGridProps, "rows" | "columns" | "onPoint"> {
  readonly id: string;
  readonly active: number;
  readonly shown: RowWindow;
  readonly template: string;
  readonly onPick: (at: number, isAlone: boolean) => void;
}

/** The visible rows. */
function Body(props: BodyProps): JSX.Element {
  const { id, rows, columns, active, shown, template, onPoint, onPick } = props;
  const texts = useTexts(rows, columns, shown);
  const ids = useSelect((state) => shownDataset(state)?.ids ?? null);
  const sprite = useSelect((state) => {
    const sheet = shownDataset(state)?.sprite;
    return sheet?.status === "ready" ? sheet.value : null;
  });
  const hovered = useSelect(({ attention }) => attention.hover);
  return (
    <div class="table-body" role="rowgroup" style={{ height: `${shown.height}px` }}>
      {range(shown.first, shown.end).map((at) => {
        const row = rows[at] ?? 0;
        return (
          <TableRow
            key={at}
            id={`${id}-${at}`}
            at={at}
            row={row}
            number={ids?.[row] ?? row}
            sprite={sprite}
            columns={columns}
            texts={texts?.get(row)}
            isActive={at === active}
            isHovered={row === hovered}
            style={{
              gridTemplateColumns: template,
              transform: `translateY(${shown.placeOf(at)}px)`,
            }}
            onPoint={() => onPoint(row)}
            onPick={(isAlone) => onPick(at, isAlone)}
          />
        );
      })}
    </div>
  );
}

interface KeyActions {
  readonly moveTo: (at: number) => void;
  readonly onPick: TableGridProps["onPick"];
}

function onKey(
  event: KeyboardEvent,
  rows: Uint32Array,
  active: number,
  { moveTo, onPick }: KeyActions,
): void {
  const next = rowForKey(event.key, { active, count: rows.length, page: PAGE });
  const row = rows[active];
  if (next !== null) moveTo(next);
  else if (event.key === "Enter" && row !== undefined) onPick(row, true);
  else if (event.key === " " && row !== undefined) onPick(row, false);
  else return;
  event.preventDefault();
}

/** The texts that are there, and a request for those of the visible rows. */
function useTexts(
  rows: Uint32Array,
  columns: readonly Column[],
  { first, end }: RowWindow,
): ReturnType<typeof shownTexts> {
  const store = useStore();
  const content = useSelect(contentKey);
  useEffect(() => {
    const near = rows.subarray(Math.max(0, first - AHEAD), end + AHEAD);
    store.request({ kind: "load-texts", rows: [...near], columns: columns.map((c) => c.index) });
  }, [store, content, rows, columns, first, end]);
  return useSelect(shownTexts);
}

/** The rows of the table: its head with the names of the columns, and one row for each point. */
// See table-grid.tsx: the grid has the focus and the keys for all.
// biome-ignore-all lint/a11y/useSemanticElements: see above
// biome-ignore-all lint/a11y/useFocusableInteractive: see above
// biome-ignore-all lint/a11y/useKeyWithClickEvents: see above
import type { ComponentChildren, JSX } from "preact";
import { isNumeric } from "../../model/color/color";
import type { Column } from "../../model/data/dataset";
import type { SortOrder } from "../../model/data/sorting";
import type { Sprite } from "../../model/data/sprite";
import type { RowTexts } from "../../store/state/table";
import { Icon } from "../controls/icon";
import { Thumbnail } from "../controls/thumbnail";
import { TagMark } from "../points/tag-mark";

interface SortProps {
  readonly order: SortOrder;
  readonly onSort: (column: number | null) => void;
}

export interface HeadRowProps extends SortProps {
  readonly columns: readonly Column[];
  /** Widths of the columns, as all rows have them. */
  readonly template: string;
}

export function HeadRow({ columns, template, ...sort }: HeadRowProps): JSX.Element {
  return (
    <div
      class="table-row is-head"
      role="row"
      aria-rowindex={1}
      style={{ gridTemplateColumns: template }}
    >
      <HeadCell name="row" column={null} {...sort} />
      {columns.map((column) => (
        <HeadCell key={column.index} name={column.name} column={column.index} {...sort}>
          <TagMark column={column} />
        </HeadCell>
      ))}
    </div>
  );
}

interface HeadCellProps extends SortProps {
  readonly name: string;
  readonly column: number | null;
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
        <span>{name === "" ? "(unnamed)" : name}</span>
        {children}
        {isSorted && <Icon name={order.isDescending ? "chevronDown" : "chevronUp"} />}
      </button>
    </span>
  );
}

export interface TableRowProps {
  readonly id: string;
  /** Its place in the table, and the point's row in the dataset. */
  readonly at: number;
  readonly row: number;
  /** Its row in the whole, where the dataset is a part. */
  readonly number: number;
  readonly sprite: Sprite | null;
  readonly columns: readonly Column[];
  /** undefined until they are there. */
  readonly texts: RowTexts | undefined;
  readonly isActive: boolean;
  readonly isHovered: boolean;
  readonly style: Readonly<Record<string, string>>;
  readonly onPoint: () => void;
  readonly onPick: (isAlone: boolean) => void;
}

export function TableRow(props: TableRowProps): JSX.Element {
  const {
    id,
    at,
    row,
    number,
    sprite,
    columns,
    texts,
    isActive,
    isHovered,
    style,
    onPoint,
    onPick,
  } = props;
  return (
    <div
      id={id}
      class={`table-row${isActive ? " is-active" : ""}`}
      role="row"
      aria-rowindex={at + 2}
      aria-selected={isHovered}
      style={style}
      onPointerEnter={onPoint}
      onClick={() => onPick(false)}
      onDblClick={() => onPick(true)}
    >
      <span class="table-cell is-row number" role="gridcell">
        {sprite && <Thumbnail sprite={sprite} index={row} size={20} />}
        {number}
      </span>
      {columns.map((column) => {
        const text = texts?.[column.index] ?? "";
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
}

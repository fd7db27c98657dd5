/**
 * Numbers in rows and columns as colors. Only the cell that is pointed at or focused is an element:
 * arrow keys move it, so that any number of cells can be read without a pointer.
 */
import type { JSX } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { css, missingColor, type Rgb } from "../../model/color/palette";
import { themeName } from "../../store/selectors/shown";
import { useSelect } from "../context";
import { useBox } from "./size";

export interface HeatGridProps {
  /** What a screen reader calls it. */
  readonly name: string;
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  /** null where there is no number. */
  readonly color: (row: number, column: number) => Rgb | null;
  /** Changes whenever a color does. */
  readonly colors: unknown;
  /** Which cell it is and what its number is. */
  readonly text: (row: number, column: number) => string;
  /** Cells that stand out by a mark, not by their color alone. */
  readonly isMarked?: (row: number, column: number) => boolean;
  /** What a click or Enter does, and what it is called. */
  readonly onOpen?: (row: number, column: number) => void;
  readonly isSquare?: boolean;
  /** Where it begins for the keyboard. */
  readonly first: readonly [row: number, column: number];
}

/** CSS pixels for the names of rows and columns. */
const ROW_NAMES = 96;
const COLUMN_NAMES = 18;
const SENTENCE = 300;
/** Smaller, a cell cannot be told from the next one; larger, a matrix of two is a wall. */
const LARGEST = 44;

type Cell = readonly [row: number, column: number];

export function HeatGrid(props: HeatGridProps): JSX.Element {
  const { name, rows, columns, text, onOpen, first } = props;
  const element = useRef<HTMLDivElement>(null);
  const grid = useRef<HTMLDivElement>(null);
  const box = useBox(element);
  const [active, setActive] = useState<Cell>(first);
  const [pointed, setPointed] = useState<Cell | null>(null);
  const [isFocused, setFocused] = useState(false);
  const size = sizesOf(props, box.width, box.height);
  const [row, column]: Cell = [
    Math.min(active[0], rows.length - 1),
    Math.min(active[1], columns.length - 1),
  ];
  const told = pointed ?? (isFocused ? ([row, column] as const) : null);

  const cellUnder = (event: PointerEvent | MouseEvent): Cell | null => {
    const at = grid.current?.getBoundingClientRect();
    if (!at) return null;
    const cell = [
      Math.floor((event.clientY - at.top) / size.height),
      Math.floor((event.clientX - at.left) / size.width),
    ] as const;
    const isInside =
      cell[0] >= 0 && cell[0] < rows.length && cell[1] >= 0 && cell[1] < columns.length;
    return isInside ? cell : null;
  };
  const move = (to: Cell) => {
    setActive(to);
    setPointed(null);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if ((event.key === "Enter" || event.key === " ") && onOpen) onOpen(row, column);
    else {
      const next = cellForKey(event, [row, column], [rows.length, columns.length]);
      if (!next) return;
      move(next);
    }
    event.preventDefault();
  };
  return (
    <div class="heat" ref={element}>
      <Names names={columns} size={size.width} kind="columns" left={ROW_NAMES} />
      <Names names={rows} size={size.height} kind="rows" left={0} />
      {/* Cells are drawn, not made: a table of so many elements is slow. Its one cell has the keys. */}
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: see above */}
      {/* biome-ignore lint/a11y/useSemanticElements: see above */}
      <div
        ref={grid}
        class={onOpen ? "heat-grid can-open" : "heat-grid"}
        role="grid"
        aria-label={name}
        aria-rowcount={rows.length}
        aria-colcount={columns.length}
        style={{
          left: `${ROW_NAMES}px`,
          top: `${COLUMN_NAMES}px`,
          width: `${size.width * columns.length}px`,
          height: `${size.height * rows.length}px`,
        }}
        onPointerMove={(event) => setPointed(cellUnder(event))}
        onPointerLeave={() => setPointed(null)}
        onClick={(event) => {
          const cell = cellUnder(event);
          if (!cell) return;
          move(cell);
          onOpen?.(...cell);
        }}
      >
        <Picture {...props} width={size.width} height={size.height} />
        {/* biome-ignore lint/a11y/useFocusableInteractive: its cell has the focus */}
        {/* biome-ignore lint/a11y/useSemanticElements: see above */}
        <div role="row" aria-rowindex={row + 1}>
          <ActiveCell
            key={`${row} ${column}`}
            text={text(row, column)}
            column={column}
            hasFocus={isFocused}
            style={{
              left: `${column * size.width}px`,
              top: `${row * size.height}px`,
              width: `${size.width}px`,
              height: `${size.height}px`,
            }}
            onKeyDown={onKeyDown}
            onFocus={() => setFocused(true)}
            onBlur={() => setFocused(false)}
          />
        </div>
      </div>
      {told && (
        <p
          class="heat-tip"
          role="tooltip"
          style={{
            ...besideCell(told[1], size.width, box.width),
            top: `${COLUMN_NAMES + told[0] * size.height}px`,
          }}
        >
          {text(...told)}
        </p>
      )}
    </div>
  );
}

/** The cell's sides in CSS pixels. */
function sizesOf(
  { rows, columns, isSquare = false }: HeatGridProps,
  width: number,
  height: number,
) {
  const across = Math.max(1, width - ROW_NAMES - 4) / Math.max(1, columns.length);
  const down = Math.max(1, height - COLUMN_NAMES - 4) / Math.max(1, rows.length);
  const side = Math.min(across, down, LARGEST);
  return isSquare
    ? { width: side, height: side }
    : { width: Math.min(across, 2 * LARGEST), height: Math.min(down, LARGEST) };
}

/** To the right of a cell where a sentence has room there, so that no cell is covered; else to its left. */
function besideCell(column: number, cell: number, width: number) {
  const left = ROW_NAMES + column * cell;
  return left + cell + SENTENCE <= width
    ? { left: `${left + cell + 6}px` }
    : { right: `${width - left + 6}px` };
}

function cellForKey(
  { key, ctrlKey }: KeyboardEvent,
  [row, column]: Cell,
  [nRows, nColumns]: readonly [number, number],
): Cell | null {
  const inside = (r: number, c: number): Cell => [
    Math.max(0, Math.min(nRows - 1, r)),
    Math.max(0, Math.min(nColumns - 1, c)),
  ];
  if (key === "ArrowDown") return inside(row + 1, column);
  if (key === "ArrowUp") return inside(row - 1, column);
  if (key === "ArrowRight") return inside(row, column + 1);
  if (key === "ArrowLeft") return inside(row, column - 1);
  if (key === "PageDown") return inside(row + 10, column);
  if (key === "PageUp") return inside(row - 10, column);
  if (key === "Home") return inside(ctrlKey ? 0 : row, 0);
  return key === "End" ? inside(ctrlKey ? nRows - 1 : row, nColumns - 1) : null;
}

interface ActiveCellProps {
  readonly text: string;
  readonly column: number;
  /** Whether the cell before it had the focus. */
  readonly hasFocus: boolean;
  readonly style: Readonly<Record<string, string>>;
  readonly onKeyDown: (event: KeyboardEvent) => void;
  readonly onFocus: () => void;
  readonly onBlur: () => void;
}

/** Another element for each cell: a screen reader tells of what is focused, not of what it becomes. */
function ActiveCell(props: ActiveCellProps): JSX.Element {
  const { text, column, hasFocus, style, onKeyDown, onFocus, onBlur } = props;
  const element = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (hasFocus) element.current?.focus();
  }, []);
  return (
    // biome-ignore lint/a11y/useSemanticElements: there is no table around it
    <div
      ref={element}
      class="heat-cell"
      role="gridcell"
      tabIndex={0}
      aria-colindex={column + 1}
      aria-label={text}
      style={style}
      onKeyDown={onKeyDown}
      onFocus={onFocus}
      onBlur={onBlur}
    />
  );
}

interface PictureProps extends HeatGridProps {
  readonly width: number;
  readonly height: number;
}

function Picture(props: PictureProps): JSX.Element {
  const { rows, columns, colors, width, height } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  const theme = useSelect(themeName);
  useLayoutEffect(() => {
    const target = canvas.current;
    const context = target?.getContext("2d");
    if (!target || !context) return;
    const density = window.devicePixelRatio || 1;
    target.width = Math.round(width * columns.length * density);
    target.height = Math.round(height * rows.length * density);
    context.scale(density, density);
    drawCells(context, props, css(missingColor(theme)));
  }, [rows, columns, colors, width, height, theme]);
  return <canvas ref={canvas} />;
}

function drawCells(
  context: CanvasRenderingContext2D,
  { rows, columns, color, isMarked, width, height }: PictureProps,
  missing: string,
): void {
  const gap = Math.min(width, height) > 6 ? 1 : 0;
  for (let row = 0; row < rows.length; row++) {
    for (let column = 0; column < columns.length; column++) {
      const rgb = color(row, column);
      const [x, y] = [column * width, row * height];
      context.fillStyle = rgb ? css(rgb) : missing;
      context.fillRect(x, y, width - gap, height - gap);
      if (!isMarked?.(row, column)) continue;
      // Black in white: it is seen on any color, in print, too.
      const thick = Math.max(1, Math.min(2, height / 6));
      context.fillStyle = "#ffffff";
      context.fillRect(x, y + height / 2 - thick * 1.5, width - gap, thick * 3);
      context.fillStyle = "#000000";
      context.fillRect(x, y + height / 2 - thick / 2, width - gap, thick);
    }
  }
}

interface NamesProps {
  readonly names: readonly string[];
  /** CSS pixels of each. */
  readonly size: number;
  readonly kind: "rows" | "columns";
  readonly left: number;
}

/** As many names as have room. */
function Names({ names, size, kind, left }: NamesProps): JSX.Element {
  const room = kind === "rows" ? 13 : 8 + 6.2 * Math.max(...names.map((each) => each.length), 1);
  const every = Math.max(1, Math.ceil(room / Math.max(1, size)));
  return (
    <div class={`heat-names is-${kind}`} aria-hidden="true">
      {names.map((each, at) => {
        if (at % every !== 0) return null;
        const style =
          kind === "rows"
            ? { top: `${COLUMN_NAMES + (at + 0.5) * size}px`, width: `${ROW_NAMES - 6}px` }
            : { left: `${left + at * size}px` };
        return (
          <span key={`${at} ${each}`} style={style} title={each}>
            {each}
          </span>
        );
      })}
    </div>
  );
}

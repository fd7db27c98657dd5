/** A histogram to brush: drag over bars for a range, drag the range, drag or key its two ends. */
import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import {
  type Brush,
  brushOfRange,
  draggedBrush,
  type Grip,
  rangeOfBrush,
} from "../../model/color/brush";
import { fullLength, type NumberBins } from "../../model/color/histogram";
import { type Column, refOf } from "../../model/data/dataset";
import { columnValue, count } from "../../model/text/format";
import type { ColumnFilter, RangeFilter } from "../../model/view/filter";
import { setFilter } from "../../store/actions/filter";
import { useStore } from "../context";
import { CalendarAxis } from "../controls/calendar-axis";
import { barLength, barText, type ChartCounts } from "./chart-counts";

export interface NumberChartProps {
  readonly column: Column;
  readonly filter: ColumnFilter | null;
  readonly bins: NumberBins;
  readonly counts: ChartCounts;
}

interface Drag extends Grip {
  isMoved: boolean;
}

export function NumberChart({ column, filter, bins, counts }: NumberChartProps): JSX.Element {
  const store = useStore();
  const range = filter?.kind === "range" ? filter : null;
  const brush = range?.range ? brushOfRange(bins, range.range) : null;
  const missing = range?.missing ?? false;
  const apply = (next: Brush | null, withMissing: boolean) => {
    const isNothing = next === null && !withMissing;
    const wanted: RangeFilter = {
      kind: "range",
      column: refOf(column),
      range: next && rangeOfBrush(bins, next),
      missing: withMissing,
    };
    store.dispatch(setFilter(refOf(column), isNothing ? null : wanted));
  };
  const ends = range?.range ?? [bins.edges[0] ?? 0, bins.edges[bins.nBars] ?? 0];
  return (
    <>
      <Histogram
        column={column}
        bins={bins}
        counts={counts}
        brush={brush}
        isDimmed={range !== null}
        onBrush={(next) => apply(next, missing)}
      />
      {column.kind === "time" && (
        <CalendarAxis low={bins.edges[0] ?? 0} high={bins.edges[bins.nBars] ?? 0} />
      )}
      {(column.kind !== "time" || range) && (
        <div class="chart-ends number">
          <span>{columnValue(column, ends[0])}</span>
          {bins.isLog && <span>logarithmic</span>}
          <span>{columnValue(column, ends[1])}</span>
        </div>
      )}
      {bins.hasMissing && (
        <button
          type="button"
          class="bar-row is-aside"
          aria-pressed={missing}
          data-dimmed={range !== null && !missing}
          title={`missing: ${barText(counts, bins.missing)}`}
          onClick={() => apply(brush, !missing)}
        >
          <span class="bar-name">missing</span>
          <span />
          <span class="number">{count(counts.passing[bins.missing] ?? 0)}</span>
        </button>
      )}
    </>
  );
}

interface HistogramProps {
  readonly column: Column;
  readonly bins: NumberBins;
  readonly counts: ChartCounts;
  readonly brush: Brush | null;
  /** Whether bars outside of the brush are left out. */
  readonly isDimmed: boolean;
  readonly onBrush: (brush: Brush | null) => void;
}

function Histogram(props: HistogramProps): JSX.Element {
  const { column, bins, counts, brush, isDimmed, onBrush } = props;
  const { nBars } = bins;
  const element = useRef<HTMLDivElement>(null);
  const drag = useBrushDrag(element, { nBars, brush, onBrush });
  return (
    <div
      ref={element}
      class="histogram"
      onPointerDown={drag.press}
      onPointerMove={drag.move}
      onPointerUp={drag.release}
      onPointerCancel={drag.cancel}
    >
      <Bars bins={bins} counts={counts} brush={brush} isDimmed={isDimmed} column={column} />
      {brush && (
        <div class="brush" style={spanStyle(brush, nBars)}>
          <End column={column} bins={bins} brush={brush} end="first" onBrush={onBrush} />
          <End column={column} bins={bins} brush={brush} end="last" onBrush={onBrush} />
        </div>
      )}
      {!brush && <Starter column={column} nBars={nBars} onBrush={onBrush} />}
    </div>
  );
}

interface BrushDragOptions {
  readonly nBars: number;
  readonly brush: Brush | null;
  readonly onBrush: (brush: Brush | null) => void;
}

/** What the pointer does with a range: begins a new one, moves it, or pulls one of its ends. */
function useBrushDrag(
  element: { readonly current: HTMLElement | null },
  { nBars, brush, onBrush }: BrushDragOptions,
) {
  const drag = useRef<Drag | null>(null);
  const barAt = (event: PointerEvent) => {
    const box = element.current?.getBoundingClientRect();
    const share = box && box.width > 0 ? (event.clientX - box.left) / box.width : 0;
    return clamp(Math.floor(share * nBars), 0, nBars - 1);
  };
  const press = (event: PointerEvent) => {
    if (event.button !== 0) return;
    const at = barAt(event);
    const handle = event.target instanceof Element && event.target.getAttribute("data-end");
    const isInside = brush !== null && at >= brush.first && at <= brush.last;
    const kind =
      handle === "first" || handle === "last"
        ? handle
        : isInside && !event.shiftKey
          ? "move"
          : "new";
    drag.current = { kind, start: at, brush, isMoved: false };
    element.current?.setPointerCapture(event.pointerId);
  };
  const move = (event: PointerEvent) => {
    const now = drag.current;
    if (!now) return;
    const at = barAt(event);
    if (!now.isMoved && at === now.start && now.kind !== "new") return;
    now.isMoved = true;
    onBrush(draggedBrush(now, at, nBars));
  };
  const release = () => {
    const now = drag.current;
    drag.current = null;
    if (!now || now.isMoved) return;
    // A click into the range gives it up; a click elsewhere takes one bar.
    if (now.kind === "move") onBrush(null);
    else if (now.kind === "new") onBrush({ first: now.start, last: now.start });
  };
  const cancel = () => {
    drag.current = null;
  };
  return { press, move, release, cancel };
}

type BarsProps = Omit<HistogramProps, "onBrush">;

function Bars({ column, bins, counts, brush, isDimmed }: BarsProps): JSX.Element {
  const { nBars } = bins;
  const most = fullLength([...counts.all.subarray(0, nBars)]);
  const isOut = (bar: number) => isDimmed && !(brush && bar >= brush.first && bar <= brush.last);
  const bars = Array.from({ length: nBars }, (_, bar) => bar);
  return (
    <svg class="histogram-bars" viewBox={`0 0 ${nBars} 100`} preserveAspectRatio="none" role="img">
      <title>{`Histogram of ${column.name}`}</title>
      {bars.map((bar) => (
        <g key={bar} class={isOut(bar) ? "is-out" : ""}>
          <BarRect kind="all" bar={bar} length={barLength(counts.all[bar] ?? 0, most)} />
          <BarRect kind="passing" bar={bar} length={barLength(counts.passing[bar] ?? 0, most)} />
          <BarRect
            kind="selected"
            bar={bar}
            length={barLength(counts.selected?.[bar] ?? 0, most)}
          />
          {(counts.all[bar] ?? 0) > most && (
            <rect class="bar-break" x={bar} y={14} width={1} height={5} />
          )}
          <rect x={bar} y={0} width={1} height={100} class="bar-hit">
            <title>{`${barName(bins, column, bar)}: ${barText(counts, bar)}`}</title>
          </rect>
        </g>
      ))}
    </svg>
  );
}

function BarRect(props: {
  readonly kind: "all" | "passing" | "selected";
  readonly bar: number;
  readonly length: number;
}): JSX.Element | null {
  const { kind, bar, length } = props;
  if (length === 0) return null;
  const height = Math.min(100, length);
  return <rect class={`is-${kind}`} x={bar + 0.07} y={100 - height} width={0.86} height={height} />;
}

interface EndProps {
  readonly column: Column;
  readonly bins: NumberBins;
  readonly brush: Brush;
  readonly end: "first" | "last";
  readonly onBrush: (brush: Brush | null) => void;
}

function End({ column, bins, brush, end, onBrush }: EndProps): JSX.Element {
  const at = brush[end];
  const low = end === "first" ? 0 : brush.first;
  const high = end === "first" ? brush.last : bins.nBars - 1;
  const [from, to] = rangeOfBrush(bins, brush);
  return (
    <div
      class={`brush-end is-${end}`}
      data-end={end}
      role="slider"
      tabIndex={0}
      aria-label={`${end === "first" ? "Minimum" : "Maximum"} of ${column.name}`}
      aria-valuemin={low}
      aria-valuemax={high}
      aria-valuenow={at}
      aria-valuetext={columnValue(column, end === "first" ? from : to)}
      onKeyDown={(event) => {
        if (event.key === "Delete" || event.key === "Backspace") onBrush(null);
        const target = keyTarget(event.key, at, low, high);
        if (target === null) return;
        event.preventDefault();
        onBrush({ ...brush, [end]: clamp(target, low, high) });
      }}
    />
  );
}

/** Without a range there is nothing to drag by keys: this begins one that holds everything. */
function Starter(props: {
  readonly column: Column;
  readonly nBars: number;
  readonly onBrush: (brush: Brush) => void;
}): JSX.Element {
  const { column, nBars, onBrush } = props;
  return (
    <button
      type="button"
      class="brush-start"
      aria-label={`Filter ${column.name} by range`}
      // A pointer brushes; a button that is clicked by keys has no pointer behind it.
      onClick={(event) => event.detail === 0 && onBrush({ first: 0, last: nBars - 1 })}
    />
  );
}

function keyTarget(key: string, at: number, low: number, high: number): number | null {
  if (key === "ArrowLeft" || key === "ArrowDown") return at - 1;
  if (key === "ArrowRight" || key === "ArrowUp") return at + 1;
  if (key === "PageDown") return at - 5;
  if (key === "PageUp") return at + 5;
  if (key === "Home") return low;
  return key === "End" ? high : null;
}

function barName({ edges, isWhole }: NumberBins, column: Column, bar: number): string {
  const low = columnValue(column, edges[bar] ?? 0);
  return isWhole ? low : `${low} to ${columnValue(column, edges[bar + 1] ?? 0)}`;
}

function spanStyle({ first, last }: Brush, nBars: number): { left: string; width: string } {
  return { left: `${(first / nBars) * 100}%`, width: `${((last - first + 1) / nBars) * 100}%` };
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}

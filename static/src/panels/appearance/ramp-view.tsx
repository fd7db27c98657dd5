/** The legend of numbers: the column's histogram over the ramp, with ends to drag. */
import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import type { RampLegend } from "../../model/color/color-style";
import { css } from "../../model/color/palette";
import type { Column } from "../../model/data/dataset";
import { columnValue, count } from "../../model/text/format";
import { setRamp } from "../../store/actions/view";
import { colorColumn, shownDataset } from "../../store/selectors/shown";
import { usePanel, useSelect, useStore } from "../context";
import { CalendarAxis } from "../controls/calendar-axis";

interface RampViewProps {
  readonly legend: RampLegend;
  readonly column: Column;
}

export function RampLegendView(): JSX.Element | null {
  const { derived } = usePanel();
  const column = useSelect((state) => {
    const data = shownDataset(state);
    return data && colorColumn(state, data);
  });
  const legend = derived.legend.value;
  return column && legend.kind === "ramp" ? <RampView legend={legend} column={column} /> : null;
}

function RampView({ legend, column }: RampViewProps): JSX.Element {
  return (
    <div class="ramp">
      <Histogram legend={legend} column={column} />
      {column.kind === "time" ? (
        <CalendarAxis low={legend.whole.valueAt(0)} high={legend.whole.valueAt(1)} />
      ) : (
        <EndValues legend={legend} column={column} />
      )}
      <Notes legend={legend} column={column} />
      {legend.nMissing > 0 && (
        <div class="legend-entry">
          <span
            class="swatch is-missing"
            style={{ backgroundColor: css(legend.missing) }}
            aria-hidden="true"
          />
          <span class="legend-name">missing</span>
          <span class="number">{count(legend.nMissing)}</span>
        </div>
      )}
    </div>
  );
}

/** Two values always have some room between them on the histogram. */
const LEAST_GAP = 0.01;

/** Where the ends of the ramp stand on the histogram; by rank, many equal values share a place. */
function placesOf({ whole, minimum, maximum }: RampLegend): readonly [number, number] {
  return [
    minimum <= whole.valueAt(0) ? 0 : clamp(whole.shareOf(minimum)),
    maximum >= whole.valueAt(1) ? 1 : clamp(whole.shareOf(maximum)),
  ];
}

/** Where the ends of the ramp stand on the histogram, and how they are moved. */
function useEnds({ legend, column }: RampViewProps) {
  const store = useStore();
  const element = useRef<HTMLDivElement>(null);
  const { minimum, maximum, whole } = legend;
  const places = placesOf(legend);
  const move = (end: 0 | 1, to: number) => {
    const at =
      end === 0 ? Math.min(to, places[1] - LEAST_GAP) : Math.max(to, places[0] + LEAST_GAP);
    const value = whole.valueAt(clamp(at));
    const range = {
      column: column.name,
      low: end === 0 ? value : minimum,
      high: end === 1 ? value : maximum,
    };
    if (range.low < range.high) store.dispatch(setRamp({ range }));
  };
  const drag = (end: 0 | 1, event: PointerEvent) => {
    const box = element.current?.getBoundingClientRect();
    if (box && event.buttons & 1) move(end, (event.clientX - box.left) / Math.max(1, box.width));
  };
  return { element, places, move, drag };
}

function Histogram(props: RampViewProps): JSX.Element {
  const { legend, column } = props;
  const { element, places, move, drag } = useEnds(props);
  const { counts, stops } = legend;
  const most = Math.max(1, ...counts);
  const colors = stops.map(css);
  const [left, right] = places;
  const colorAt = (place: number) =>
    colors[Math.round(clamp((place - left) / (right - left || 1)) * (stops.length - 1))];
  const [low, high] = [legend.minimum, legend.maximum].map((end) => columnValue(column, end));
  // Ranks are even by themselves.
  const hasBars = legend.transform !== "quantile";
  return (
    <div ref={element} class={hasBars ? "ramp-scale" : "ramp-scale is-low"}>
      {hasBars && (
        <svg
          class="ramp-histogram"
          viewBox={`0 0 ${counts.length} 100`}
          preserveAspectRatio="none"
          aria-hidden="true"
        >
          {[...counts].map((n, bar) => {
            const length = n === 0 ? 0 : Math.max(4, (100 * n) / most);
            const place = (bar + 0.5) / counts.length;
            return (
              <rect
                key={bar}
                x={bar + 0.08}
                y={100 - length}
                width={0.84}
                height={length}
                fill={colorAt(place)}
                opacity={place < left || place > right ? 0.45 : 1}
              />
            );
          })}
        </svg>
      )}
      <div
        class="ramp-bar"
        role="img"
        aria-label={`Color ramp from ${low} to ${high}`}
        style={{
          backgroundImage: `linear-gradient(to right, ${colors
            .map((color, at) => `${color} ${100 * mix(left, right, at / (stops.length - 1))}%`)
            .join(", ")})`,
        }}
      />
      {([0, 1] as const).map((end) => (
        <div
          key={end}
          class="ramp-end"
          role="slider"
          tabIndex={0}
          aria-label={`${end === 0 ? "Lowest" : "Highest"} color of ${column.name}`}
          aria-valuemin={0}
          aria-valuemax={100}
          aria-valuenow={Math.round(100 * places[end])}
          aria-valuetext={end === 0 ? (low ?? "") : (high ?? "")}
          title="Drag to move the end of the colors"
          style={{ left: `${100 * places[end]}%` }}
          onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
          onPointerMove={(event) => drag(end, event)}
          onKeyDown={(event) => {
            const next = keyPlace(event.key, places[end]);
            if (next === null) return;
            event.preventDefault();
            move(end, next);
          }}
        />
      ))}
    </div>
  );
}

/** The values at the ends of the colors, below them; the middle one where there is room. */
function EndValues({ legend, column }: RampViewProps): JSX.Element {
  const { minimum, middle, maximum } = legend;
  const [left, right] = placesOf(legend);
  const isApart = right - left > 0.3;
  const hasMiddle = middle !== null && right - left > 0.6;
  return (
    <div class="ramp-ends number">
      <span style={{ left: `${100 * left}%`, transform: `translateX(${left < 0.2 ? 0 : -50}%)` }}>
        {columnValue(column, minimum)}
        {!isApart && ` – ${columnValue(column, maximum)}`}
      </span>
      {hasMiddle && (
        <span style={{ left: `${50 * (left + right)}%`, transform: "translateX(-50%)" }}>
          {columnValue(column, middle)}
        </span>
      )}
      {isApart && (
        <span
          style={{ left: `${100 * right}%`, transform: `translateX(${right > 0.8 ? -100 : -50}%)` }}
        >
          {columnValue(column, maximum)}
        </span>
      )}
    </div>
  );
}

const CHOSEN = {
  linear: null,
  log: "Logarithmic scale, because the values are skewed.",
  quantile: "Colors by rank, because the values are too skewed for a scale.",
} as const;

/** What of the scale was chosen, and what lies beyond it. */
function Notes({ legend, column }: RampViewProps): JSX.Element | null {
  const store = useStore();
  const { isAutomatic, transform, isOwnRange, nBelow, nAbove } = legend;
  const chosen = isAutomatic ? CHOSEN[transform] : null;
  const beyond = [
    ...(nBelow > 0 ? [`${count(nBelow)} below`] : []),
    ...(nAbove > 0 ? [`${count(nAbove)} above`] : []),
  ].join(" and ");
  const parts = [...(nBelow > 0 ? ["1 %"] : []), ...(nAbove > 0 ? ["99 %"] : [])].join(" and ");
  const isFixed = isOwnRange || Boolean(column.span);
  const clipped = isFixed ? "Beyond the ends: " : `Colors end at ${parts} of the values: `;
  if (!chosen && beyond === "" && !isOwnRange) return null;
  return (
    <p class="hint">
      {chosen} {beyond !== "" && `${clipped}${beyond}.`}{" "}
      {isOwnRange && (
        <button
          type="button"
          class="link"
          onClick={() => store.dispatch(setRamp({ range: undefined }))}
        >
          Reset ends
        </button>
      )}
    </p>
  );
}

function keyPlace(key: string, at: number): number | null {
  if (key === "ArrowLeft" || key === "ArrowDown") return at - 0.01;
  if (key === "ArrowRight" || key === "ArrowUp") return at + 0.01;
  if (key === "PageDown") return at - 0.1;
  if (key === "PageUp") return at + 0.1;
  if (key === "Home") return 0;
  return key === "End" ? 1 : null;
}

function clamp(share: number): number {
  return Math.min(1, Math.max(0, share));
}

function mix(a: number, b: number, share: number): number {
  return a + (b - a) * share;
}

/** The health of all steps: a row a figure on the axis of the timeline, with dots for alarms. */
import type { JSX } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import {
  type Alarm,
  alarmText,
  figureText,
  type HealthRow,
  healthRows,
  MOST_MEASURED,
  rowText,
  rowValue,
} from "../../model/data/health";
import { nearestOf, shareOf, valueExtent } from "../../model/data/scalars";
import { count, counted } from "../../model/text/format";
import { goToStep } from "../../store/actions/place";
import { chosenSteps, isSameChoice, keyOf } from "../../store/selectors/measures";
import { useSelect, useStore } from "../context";
import { useRoving } from "../controls/roving";
import { MeasureStatus } from "./measure-status";
import { type StepAxis, useStepAxis } from "./step-axis";

/** CSS pixels of a row, and around its curve. */
const HEIGHT = 24;
const ROOM = 5;

export function HealthStrip(): JSX.Element {
  const store = useStore();
  const chosen = useSelect((state) => chosenSteps(state, MOST_MEASURED), [], isSameChoice);
  const health = useSelect(({ measures }) => measures.health);
  const key = keyOf(chosen.entries);
  const ask = () => {
    if (chosen.entries.length === 0) return;
    store.request({ kind: "measure-health", datasets: chosen.entries.map(({ id }) => id) });
  };
  useEffect(ask, [store, key]);
  const series = health?.value ?? null;
  const rows = useMemo(() => (series ? healthRows(series) : []), [series]);
  const nAlarms = rows.reduce((sum, { alarms }) => sum + alarms.length, 0);
  const nSteps = series?.steps.length ?? 0;
  const nAll = chosen.entries.length;
  return (
    <div class="health">
      {rows.length > 0 && <Rows rows={rows} />}
      <div class="health-foot">
        <MeasureStatus
          what="health"
          measurement={health}
          title={`Health of ${count(Math.min(nSteps + 1, nAll))} of ${counted(nAll, "step")}`}
          onRetry={ask}
        />
        {nSteps > 0 && (
          <p class="hint" role="status">
            {counted(nAlarms, "alarm")} at {counted(nSteps, "step")}
            {nAll < chosen.nAll &&
              ` (${count(nAll)} of ${count(chosen.nAll)} steps, evenly chosen)`}
            {notes(series?.steps.flatMap(({ warnings }) => warnings) ?? [])}
          </p>
        )}
      </div>
    </div>
  );
}

/** What is sampled or not defined, each once. */
function notes(warnings: readonly string[]): string {
  const different = [...new Set(warnings)];
  return different.length === 0 ? "" : `. ${different.slice(0, 3).join(" ")}`;
}

function Rows({ rows }: { readonly rows: readonly HealthRow[] }): JSX.Element {
  const store = useStore();
  const element = useRef<HTMLDivElement>(null);
  const axis = useStepAxis(element);
  const { ref, onKeyDown, onFocusIn } = useRoving<HTMLUListElement>();
  const shown = useSelect(({ view }) => view.place?.step ?? null);
  const [pointed, setPointed] = useState<number | null>(null);
  const steps = rows[0]?.steps ?? [];
  const isShown = shown !== null && steps.includes(shown);
  const at = pointed ?? (isShown ? shown : null);
  const stepUnder = (event: PointerEvent) => {
    const left = element.current?.getBoundingClientRect().left ?? 0;
    const x = event.clientX - left - axis.left;
    return x < 0 || x > axis.width ? null : nearestOf(steps, axis.stepAt(x));
  };
  const first = rows.findIndex(({ alarms }) => alarms.length > 0);
  return (
    <div
      class="health-rows"
      ref={element}
      style={{ "--axis-left": `${axis.left}px`, "--axis-width": `${axis.width}px` }}
      onPointerMove={(event) => setPointed(stepUnder(event))}
      onPointerLeave={() => setPointed(null)}
    >
      <ul ref={ref} onKeyDown={onKeyDown} onFocusIn={onFocusIn} aria-label="Health by step">
        {rows.map((row, place) => (
          <Row
            key={row.name}
            row={row}
            axis={axis}
            at={at}
            isFirst={place === first}
            onOpen={(step) => store.dispatch(goToStep(step))}
          />
        ))}
      </ul>
      {isShown && <Line kind="is-current" x={axis.left + axis.x(shown)} />}
      {pointed !== null && pointed !== shown && (
        <Line kind="is-pointed" x={axis.left + axis.x(pointed)} />
      )}
    </div>
  );
}

function Line({ kind, x }: { readonly kind: string; readonly x: number }): JSX.Element {
  return <div class={`health-line ${kind}`} style={{ left: `${x}px` }} aria-hidden="true" />;
}

interface RowProps {
  readonly row: HealthRow;
  readonly axis: StepAxis;
  /** The step whose value is told. */
  readonly at: number | null;
  /** Of the rows with alarms: Tab leads to its first one. */
  readonly isFirst: boolean;
  readonly onOpen: (step: number) => void;
}

function Row({ row, axis, at, isFirst, onOpen }: RowProps): JSX.Element {
  const value = rowValue(row, at);
  const level = levelOf(row);
  return (
    <li class={row.alarms.length > 0 ? "health-row has-alarms" : "health-row"}>
      <span class="health-title" title={`${row.title}: ${row.formula}`}>
        {row.title}
      </span>
      <span class="health-value number">{value === null ? "–" : figureText(value)}</span>
      <svg
        class="health-curve"
        width={axis.width}
        height={HEIGHT}
        role="img"
        aria-label={rowText(row)}
      >
        <path d={pathOf(row, axis, level)} />
        {/* A value between two gaps is no line. */}
        {row.steps.length === 1 && <circle cx={axis.x(row.steps[0] ?? 0)} cy={HEIGHT / 2} r={2} />}
      </svg>
      {row.alarms.length > 0 && (
        <div class="health-dots" data-row>
          {row.alarms.map((alarm, place) => (
            <Dot
              key={alarm.step}
              alarm={alarm}
              x={axis.x(alarm.step ?? 0)}
              y={level(rowValue(row, alarm.step))}
              isTabStop={isFirst && place === 0}
              onOpen={() => onOpen(alarm.step ?? 0)}
            />
          ))}
        </div>
      )}
    </li>
  );
}

interface DotProps {
  readonly alarm: Alarm;
  readonly x: number;
  readonly y: number;
  readonly isTabStop: boolean;
  readonly onOpen: () => void;
}

function Dot({ alarm, x, y, isTabStop, onOpen }: DotProps): JSX.Element {
  const text = alarmText(alarm);
  return (
    <button
      type="button"
      class="health-dot"
      aria-label={text}
      title={text}
      tabIndex={isTabStop ? 0 : -1}
      style={{ left: `${x}px`, top: `${y}px` }}
      onClick={onOpen}
    />
  );
}

/** From its smallest value at the bottom to its largest at the top. */
function levelOf({ title, steps, values }: HealthRow): (value: number | null) => number {
  const extent = valueExtent({ tag: title, steps, values });
  const size = HEIGHT - 2 * ROOM;
  return (value) => (value === null ? HEIGHT / 2 : ROOM + (1 - shareOf(extent, value)) * size);
}

function pathOf(
  { steps, values }: HealthRow,
  axis: StepAxis,
  level: (value: number) => number,
): string {
  let isDown = false;
  return steps
    .map((step, at) => {
      const value = values[at] ?? null;
      const command = isDown ? "L" : "M";
      isDown = value !== null;
      return value === null
        ? ""
        : `${command}${axis.x(step).toFixed(1)} ${level(value).toFixed(1)}`;
    })
    .join("");
}

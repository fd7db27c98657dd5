/** The dimensions of all steps as colors, where dead ones are seen, and the lengths of the vectors. */
import type { JSX } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import { divergingColor, rampColor } from "../../model/color/palette";
import {
  type DimensionFigure,
  type DimensionOrder,
  type Distributions,
  dimensionRows,
  dimensionText,
  figureAt,
  figureShare,
  isDead,
  largestFigure,
  lengthQuantiles,
  MOST_STEPS,
  nDead,
} from "../../model/data/distributions";
import type { Bands } from "../../model/data/histograms";
import { stepLabel } from "../../model/data/similarity";
import { compact, count } from "../../model/text/format";
import { goToStep } from "../../store/actions/place";
import { type Chosen, chosenSteps, isSameChoice, keyOf } from "../../store/selectors/measures";
import { themeName } from "../../store/selectors/shown";
import { useSelect, useStore } from "../context";
import { Checkbox } from "../controls/checkbox";
import { Segmented } from "../controls/segmented";
import { BandChart } from "./band-chart";
import { ColorLegend } from "./color-legend";
import { HeatGrid } from "./heat-grid";
import { MeasureStatus } from "./measure-status";

const FIGURES = [
  { value: "deviation", title: "Deviation" },
  { value: "mean", title: "Mean" },
  { value: "lengths", title: "Lengths" },
] as const;
type Shown = (typeof FIGURES)[number]["value"];

export function DimensionMap(): JSX.Element {
  const store = useStore();
  const chosen = useSelect((state) => chosenSteps(state, MOST_STEPS), [], isSameChoice);
  const measurement = useSelect(({ measures }) => measures.dimensions);
  const [shown, setShown] = useState<Shown>("deviation");
  const [isByStep, setByStep] = useState(false);
  const [order, setOrder] = useState<DimensionOrder>("deviation");
  const ask = () => {
    if (chosen.entries.length === 0) return;
    store.request({ kind: "measure-dimensions", datasets: chosen.entries.map(({ id }) => id) });
  };
  useEffect(ask, [store, keyOf(chosen.entries)]);
  const found = measurement?.value ?? null;
  const isHere = found !== null && found.nSteps === chosen.entries.length;
  const figure = shown === "lengths" ? null : shown;
  return (
    <div class="measure-pair">
      <div class="measure-side">
        <Segmented name="Shown" value={shown} choices={FIGURES} onChange={setShown} />
        {figure && (
          <select
            class="select"
            aria-label="Order of the dimensions"
            value={order}
            onChange={({ currentTarget }) => setOrder(currentTarget.value as DimensionOrder)}
          >
            <option value="deviation">By deviation at the last step</option>
            <option value="number">By number</option>
          </select>
        )}
        {figure && (
          <Checkbox name="Each step on its own scale" isChecked={isByStep} onChange={setByStep} />
        )}
        {isHere && figure && <Legend found={found} figure={figure} isByStep={isByStep} />}
        <MeasureStatus
          what="dimensions"
          measurement={measurement}
          title="Dimensions"
          onRetry={ask}
        />
        {chosen.entries.length < chosen.nAll && (
          <p class="hint">
            {count(chosen.entries.length)} of {count(chosen.nAll)} steps, evenly chosen.
          </p>
        )}
        {isHere && figure && <Said found={found} chosen={chosen} order={order} />}
      </div>
      {isHere && figure && (
        <Heat found={found} chosen={chosen} figure={figure} order={order} isByStep={isByStep} />
      )}
      {isHere && !figure && <Lengths found={found} chosen={chosen} />}
    </div>
  );
}

interface PartProps {
  readonly found: Distributions;
  readonly chosen: Chosen;
}

/** Which rows there are, and where dimensions are dead. */
function Said({ found, chosen, order }: PartProps & { readonly order: DimensionOrder }) {
  const { rule } = useMemo(() => dimensionRows(found, order), [found, order]);
  const dead = useMemo(() => nDead(found), [found]);
  const places = dead.flatMap((n, at) => {
    const entry = chosen.entries[at];
    return n > 0 && entry ? `${count(n)} at ${stepLabel(entry)}` : [];
  });
  return (
    <>
      <p class="hint">{rule}</p>
      <p class="hint">
        {places.length === 0
          ? "No dimension is dead at any step."
          : `Dead dimensions (a line through the cell): ${places.slice(0, 8).join(", ")}${places.length > 8 ? ", …" : ""}.`}
      </p>
    </>
  );
}

interface LegendProps {
  readonly found: Distributions;
  readonly figure: DimensionFigure;
  readonly isByStep: boolean;
}

function Legend({ found, figure, isByStep }: LegendProps): JSX.Element {
  const theme = useSelect(themeName);
  const largest = largestFigure(found, figure, null);
  const color = figure === "mean" ? divergingColor : rampColor;
  const low = figure === "mean" ? -largest : 0;
  return (
    <ColorLegend
      title={figure === "mean" ? "Mean" : "Standard deviation"}
      low={!isByStep || low === 0 ? compact(low, 3) : "−largest"}
      high={isByStep ? "largest of the step" : compact(largest, 3)}
      color={(share) => color(theme, share)}
    />
  );
}

interface HeatProps extends PartProps {
  readonly figure: DimensionFigure;
  readonly order: DimensionOrder;
  readonly isByStep: boolean;
}

function Heat({ found, chosen, figure, order, isByStep }: HeatProps): JSX.Element {
  const store = useStore();
  const theme = useSelect(themeName);
  const { dimensions } = useMemo(() => dimensionRows(found, order), [found, order]);
  const steps = chosen.entries.map(stepLabel);
  const largest = useMemo(
    () => steps.map((_, step) => largestFigure(found, figure, isByStep ? step : null)),
    [found, figure, isByStep],
  );
  const colorOf = figure === "mean" ? divergingColor : rampColor;
  const color = (row: number, column: number) => {
    const value = figureAt(found, figure, column, dimensions[row] ?? 0);
    if (Number.isNaN(value)) return null;
    return colorOf(theme, figureShare(figure, value, largest[column] ?? 0));
  };
  return (
    <HeatGrid
      name={figure === "mean" ? "Mean by dimension and step" : "Deviation by dimension and step"}
      rows={dimensions.map(String)}
      columns={chosen.entries.map(({ step }) => (step === null ? "–" : count(step)))}
      color={color}
      colors={useMemo(() => ({}), [largest, theme, dimensions])}
      text={(row, column) =>
        dimensionText(found, dimensions[row] ?? 0, column, steps[column] ?? "")
      }
      isMarked={(row, column) => isDead(found, column, dimensions[row] ?? 0)}
      onOpen={(_, column) => store.dispatch(goToStep(chosen.entries[column]?.step ?? null))}
      first={[0, steps.length - 1]}
    />
  );
}

function Lengths({ found, chosen }: PartProps): JSX.Element {
  const bands: Bands = useMemo(
    () => ({
      title: "Lengths of the vectors",
      steps: chosen.entries.map(({ step }) => step ?? 0),
      shares: found.shares,
      quantiles: lengthQuantiles(found),
    }),
    [found, chosen],
  );
  return <BandChart bands={bands} />;
}

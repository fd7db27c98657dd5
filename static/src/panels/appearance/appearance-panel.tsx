/** How the points look: color, labels, images, size. */
import type { JSX } from "preact";
import { automaticScale, isNumeric, type ScaleChoice } from "../../model/color/color";
import { type Column, type ColumnRef, refOf, resolveColumn } from "../../model/data/dataset";
import { isFigureColumn } from "../../model/projection/quality";
import { percent } from "../../model/text/format";
import { nextColumn } from "../../model/view/sequences";
import {
  colorBy,
  labelBy,
  opacityBy,
  setCategoryLabels,
  setLines,
  setOpacityScale,
  setPointNames,
  setPointScale,
  setScale,
  setSprites,
  sizeBy,
} from "../../store/actions/view";
import {
  colorColumn,
  labelColumn,
  MAX_NAMED_POINTS,
  shownDataset,
} from "../../store/selectors/shown";
import type { Action } from "../../store/store";
import { useSelect, useStore } from "../context";
import { Checkbox } from "../controls/checkbox";
import { Section } from "../controls/section";
import { Segmented } from "../controls/segmented";
import { Select } from "../controls/select";
import { Slider } from "../controls/slider";
import { CameraControls } from "./camera-controls";
import { DensityControls } from "./density-controls";
import { LegendView } from "./legend";
import { FigureNote, FigureOptions, figureChoice } from "./quality-color";
import { RampControls } from "./ramp-controls";

const NONE = "none";
const NO_COLUMNS: readonly Column[] = [];

export function AppearancePanel(): JSX.Element {
  return (
    <>
      <Section title="Color">
        <ColorChoice />
        <FigureNote />
        <ScaleSwitch />
        <RampControls />
        <LegendView />
      </Section>
      <Section title="Points">
        <DensityControls />
        <LabelChoice />
        <ColumnWeight name="Size by" part="sizeBy" change={sizeBy} />
        <ColumnWeight name="Opacity by" part="opacityBy" change={opacityBy} />
        <CameraControls />
        <Switches />
        <Sizes />
      </Section>
    </>
  );
}

function useColumns(): readonly Column[] {
  return useSelect((state) => shownDataset(state)?.info.columns ?? NO_COLUMNS);
}

function ColorChoice(): JSX.Element {
  const store = useStore();
  const columns = useColumns();
  const column = useSelect((state) => {
    const data = shownDataset(state);
    return data && colorColumn(state, data);
  });
  return (
    <Select
      name="Color by"
      value={column ? String(column.index) : NONE}
      onChange={(value) => {
        const next = columns[Number(value)];
        const chosen = figureChoice(value) ?? (next ? refOf(next) : null);
        store.dispatch(colorBy(chosen));
      }}
    >
      <option value={NONE}>One color</option>
      {columnOptions(columns)}
      <FigureOptions />
    </Select>
  );
}

/** Whole numbers may be classes or amounts: the person decides. */
function ScaleSwitch(): JSX.Element | null {
  const store = useStore();
  const column = useSelect((state) => {
    const data = shownDataset(state);
    return data && colorColumn(state, data);
  });
  const scale = useSelect(({ view }) => view.scale);
  if (!column || !isNumeric(column) || isFigureColumn(column)) return null;
  const choices: { value: ScaleChoice; title: string }[] = [
    { value: "categorical", title: "Categories" },
    { value: "numeric", title: "Ramp" },
  ];
  return (
    <Segmented
      name="Color scale"
      value={scale === "auto" ? automaticScale(column) : scale}
      choices={choices}
      onChange={(next) => store.dispatch(setScale(next))}
    />
  );
}

function LabelChoice(): JSX.Element {
  const store = useStore();
  const columns = useColumns();
  const column = useSelect((state) => {
    const data = shownDataset(state);
    return data && labelColumn(state, data);
  });
  return (
    <Select
      name="Label by"
      value={column ? String(column.index) : NONE}
      onChange={(value) => {
        const next = columns[Number(value)];
        store.dispatch(labelBy(value === NONE || !next ? null : refOf(next)));
      }}
    >
      <option value={NONE}>Row number</option>
      {columnOptions(columns)}
    </Select>
  );
}

function columnOptions(columns: readonly Column[]): JSX.Element[] {
  return columns.map(({ index, name }) => (
    <option key={index} value={String(index)}>
      {name === "" ? `column ${index + 1}` : name}
    </option>
  ));
}

interface ColumnWeightProps {
  readonly name: string;
  readonly part: "sizeBy" | "opacityBy";
  readonly change: (column: ColumnRef | null) => Action;
}

/** A numeric column that makes points larger or fainter; nothing where there is none. */
function ColumnWeight({ name, part, change }: ColumnWeightProps): JSX.Element | null {
  const store = useStore();
  const columns = useColumns().filter(isNumeric);
  const column = useSelect(
    (state) => {
      const data = shownDataset(state);
      return data && resolveColumn(data.info, state.view[part]);
    },
    [part],
  );
  if (columns.length === 0) return null;
  return (
    <Select
      name={name}
      value={column ? String(column.index) : NONE}
      onChange={(value) => {
        const next = columns.find(({ index }) => String(index) === value);
        store.dispatch(change(next ? refOf(next) : null));
      }}
    >
      <option value={NONE}>All alike</option>
      {columnOptions(columns)}
    </Select>
  );
}

function Switches(): JSX.Element {
  const store = useStore();
  const hasSprite = useSelect((state) => Boolean(shownDataset(state)?.info.sprite));
  const sprites = useSelect(({ view }) => view.sprites);
  const names = useSelect(({ view }) => view.categoryLabels);
  const pointNames = useSelect(({ view }) => view.pointNames);
  const lines = useSelect(({ view }) => view.lines);
  const hasLines = nextColumn(useColumns()) !== null;
  return (
    <div class="switches">
      <Checkbox
        name="Category names"
        isChecked={names}
        title="Write each category's name at the middle of its points (N)"
        onChange={(isChecked) => store.dispatch(setCategoryLabels(isChecked))}
      />
      <Checkbox
        name="Point names"
        isChecked={pointNames}
        title={`Write each point's name beside it where there is room: zoom in until at most ${MAX_NAMED_POINTS} points are in view (Shift+N)`}
        onChange={(isChecked) => store.dispatch(setPointNames(isChecked))}
      />
      {hasLines && (
        <Checkbox
          name="Sequences"
          isChecked={lines}
          title="Join each point with the one that its metadata names as next"
          onChange={(isChecked) => store.dispatch(setLines(isChecked))}
        />
      )}
      <Checkbox
        name="Images"
        isChecked={sprites && hasSprite}
        isDisabled={!hasSprite}
        title={hasSprite ? "Draw each point as its image (I)" : "This dataset has no images"}
        onChange={(isChecked) => store.dispatch(setSprites(isChecked))}
      />
    </div>
  );
}

function Sizes(): JSX.Element {
  const store = useStore();
  const pointScale = useSelect(({ view }) => view.pointScale);
  const opacityScale = useSelect(({ view }) => view.opacityScale);
  return (
    <>
      <Slider
        name="Size"
        // Equal ways on the slider are equal factors: a quarter … four times.
        value={Math.log2(pointScale)}
        low={-2}
        high={2}
        step={0.05}
        normal={0}
        format={(value) => `${(2 ** value).toFixed(2)} ×`}
        onChange={(value) => store.dispatch(setPointScale(Number((2 ** value).toFixed(3))))}
      />
      <Slider
        name="Opacity"
        value={opacityScale}
        low={0.1}
        high={2}
        step={0.05}
        normal={1}
        format={(value) => percent(value).replace(".0", "")}
        onChange={(value) => store.dispatch(setOpacityScale(value))}
      />
    </>
  );
}

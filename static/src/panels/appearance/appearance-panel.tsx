/** The panel for the appearance of the points: color, labels, images, size and opacity. */
import type { JSX } from "preact";
import { automaticScale, isColorable, isNumeric } from "../../model/color/color";
import { clusterColumns } from "../../model/data/clusters";
import { type Column, refOf, resolveColumn } from "../../model/data/dataset";
import { isDriftColumn } from "../../model/data/drift";
import { isScoreColumn } from "../../model/projection/quality";
import { percent } from "../../model/text/format";
import { nextColumn } from "../../model/view/sequences";
import { SETTINGS } from "../../model/view/settings";
import { setSetting } from "../../store/actions/view";
import {
  colorColumn,
  labelColumn,
  MAX_NAMED_POINTS,
  shownDataset,
} from "../../store/selectors/shown";
import { driftTitle } from "../../store/selectors/views";
import { useSelect, useStore } from "../context";
import { Lazy } from "../controls/lazy";
import { Section } from "../controls/section";
import { Segmented } from "../controls/segmented";
import { Select } from "../controls/select";
import { ToggleControl } from "../controls/setting-control";
import { Slider } from "../controls/slider";
import { CameraControls } from "./camera-controls";
import { DensityControls } from "./density-controls";
import { LegendView } from "./legend";
import { QualityNote, QualityOptions, qualityChoice } from "./quality-color";
import { RampControls } from "./ramp-controls";

const NONE = "none";
const NO_COLUMNS: readonly Column[] = [];

const CLUSTERS = async () => (await import("./cluster-search")).ClusterSearchView;
const HOLLOW = async () => (await import("./hollow-points")).HollowPoints;

export function AppearancePanel(): JSX.Element {
  const hasPicture = useSelect(({ work }) => work.shown !== null);
  const hasPartners = useSelect(({ views }) => views.partners !== "");
  return (
    <>
      <Section title="Color">
        <ColorChoice />
        <QualityNote />
        <ScaleSwitch />
        <RampControls />
        <LegendView />
        <Lazy isWanted={hasPartners} load={HOLLOW} />
        <DriftPart />
        <Lazy isWanted={hasPicture} load={CLUSTERS} />
      </Section>
      <Section title="Points">
        <DensityControls />
        <LabelChoice />
        <ColumnWeight setting="sizeBy" />
        <ColumnWeight setting="opacityBy" />
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

const DRIFT_OPTIONS = async () => (await import("./drift-options")).DriftOptions;
const DRIFT_PROGRESS = async () => (await import("./drift-progress")).DriftProgress;
const DRIFT_MEANS = async () => (await import("./drift-means")).DriftMeans;

function ColorChoice(): JSX.Element {
  const store = useStore();
  const columns = useColumns();
  const hasPairs = useSelect(({ views }) => views.pairs !== "");
  const drift = columns.filter(isDriftColumn);
  const [from = "", to = ""] = drift[0]?.compares ?? [];
  const title = useSelect((state) => driftTitle(state, from, to), [from, to]);
  const column = useSelect((state) => {
    const data = shownDataset(state);
    return data && colorColumn(state, data);
  });
  return (
    <Select
      name={SETTINGS.color.title}
      value={column ? String(column.index) : NONE}
      onChange={(value) => {
        const [ask, from = "", to = ""] = value.split(" ");
        if (ask === "drift") return store.request({ kind: "show-drift", from, to });
        const next = columns[Number(value)];
        const chosen = qualityChoice(value) ?? (next ? refOf(next) : null);
        store.dispatch(setSetting("color", chosen));
      }}
    >
      <option value={NONE}>One color</option>
      {columnOptions(
        columns.filter((each) => !isDriftColumn(each) && (isColorable(each) || each === column)),
      )}
      {drift.length > 0 && <optgroup label={title}>{columnOptions(drift)}</optgroup>}
      <Lazy isWanted={hasPairs} load={DRIFT_OPTIONS} />
      <QualityOptions />
    </Select>
  );
}

/** The work on what changed between two views, and what it comes to while it colors the points. */
function DriftPart(): JSX.Element {
  const isComparing = useSelect(({ drift }) => drift?.status === "working");
  const isColored = useSelect((state) => {
    const data = shownDataset(state);
    const column = data && colorColumn(state, data);
    return column !== null && isDriftColumn(column);
  });
  return (
    <>
      <Lazy isWanted={isComparing} load={DRIFT_PROGRESS} />
      <Lazy isWanted={isColored} load={DRIFT_MEANS} />
    </>
  );
}

/** Numbers may be classes or quantities, so the scale can be chosen. */
function ScaleSwitch(): JSX.Element | null {
  const store = useStore();
  const column = useSelect((state) => {
    const data = shownDataset(state);
    return data && colorColumn(state, data);
  });
  const scale = useSelect(({ view }) => view.scale);
  if (!column || !isNumeric(column) || isScoreColumn(column) || column.span) return null;
  return (
    <Segmented
      name={SETTINGS.scale.title}
      value={scale === "auto" ? automaticScale(column) : scale}
      choices={SETTINGS.scale.choices.filter(({ value }) => value !== "auto")}
      onChange={(next) => store.dispatch(setSetting("scale", next))}
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
      name={SETTINGS.label.title}
      value={column ? String(column.index) : NONE}
      onChange={(value) => {
        const next = columns[Number(value)];
        store.dispatch(setSetting("label", value === NONE || !next ? null : refOf(next)));
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

/** A numeric column that scales the size or opacity of points; nothing where there is none. */
function ColumnWeight({ setting }: { readonly setting: "sizeBy" | "opacityBy" }) {
  const store = useStore();
  const columns = useColumns().filter(isNumeric);
  const column = useSelect(
    (state) => {
      const data = shownDataset(state);
      return data && resolveColumn(data.info, state.view[setting]);
    },
    [setting],
  );
  if (columns.length === 0) return null;
  return (
    <Select
      name={SETTINGS[setting].title}
      value={column ? String(column.index) : NONE}
      onChange={(value) => {
        const next = columns.find(({ index }) => String(index) === value);
        store.dispatch(setSetting(setting, next ? refOf(next) : null));
      }}
    >
      <option value={NONE}>None</option>
      {columnOptions(columns)}
    </Select>
  );
}

function Switches(): JSX.Element {
  const hasSprite = useSelect((state) => Boolean(shownDataset(state)?.info.sprite));
  const columns = useColumns();
  const hasSequences = nextColumn(columns) !== null;
  return (
    <div class="switches">
      <ToggleControl
        setting="categoryLabels"
        help="Show each category's name where most of its points are"
      />
      {clusterColumns(columns).length > 0 && (
        <ToggleControl setting="clusterNames" help={CLUSTER_NAMES_HELP} />
      )}
      <ToggleControl setting="pointNames" help={POINT_NAMES_HELP} />
      {hasSequences && (
        <ToggleControl
          setting="lines"
          help="Connect each point to the one that its metadata names as next"
        />
      )}
      <ToggleControl
        setting="sprites"
        isDisabled={!hasSprite}
        help={hasSprite ? "Draw each point as its image" : "This dataset has no images"}
      />
    </div>
  );
}

const CLUSTER_NAMES_HELP =
  "Show the names of clusters: broad ones far away, finer ones near; a click selects one";

const POINT_NAMES_HELP =
  "Show the names of points where there is room: the most frequent or central ones, " +
  `and all once at most ${MAX_NAMED_POINTS} points are in view`;

function Sizes(): JSX.Element {
  const store = useStore();
  const pointScale = useSelect(({ view }) => view.pointScale);
  const opacityScale = useSelect(({ view }) => view.opacityScale);
  const size = SETTINGS.pointScale;
  const opacity = SETTINGS.opacityScale;
  return (
    <>
      <Slider
        name={size.title}
        // Equal ways on the slider are equal factors: a quarter … four times.
        value={Math.log2(pointScale)}
        low={Math.log2(size.low)}
        high={Math.log2(size.high)}
        step={0.05}
        normal={Math.log2(size.initial)}
        format={(value) => `${(2 ** value).toFixed(2)} ×`}
        onChange={(value) =>
          store.dispatch(setSetting("pointScale", Number((2 ** value).toFixed(3))))
        }
      />
      <Slider
        name={opacity.title}
        value={opacityScale}
        low={0.1}
        high={2}
        step={0.05}
        normal={opacity.initial}
        format={(value) => percent(value).replace(".0", "")}
        onChange={(value) => store.dispatch(setSetting("opacityScale", value))}
      />
    </>
  );
}

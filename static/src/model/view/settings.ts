/**
 * The settings of a view, one entry each. An entry says everything: the initial value, the key in
 * the page's address, what undo does, the commands. `View` has its type from here, and the page's
 * address, undo, the setter and the palette read the table. A panel shows a setting by its key.
 */
import type { Lens, Turning } from "../camera/camera";
import type { ScaleChoice } from "../color/color";
import type { RampChoice, Swatches } from "../color/color-style";
import { N_COLORS } from "../color/palette";
import { AUTOMATIC_RAMP, RAMP_KINDS, RAMP_TRANSFORMS } from "../color/ramp";
import { MAX_NEIGHBORS, METRIC_TITLES, type Metric } from "../projection/neighbors";
import type { ColumnFilter } from "./filter";
import type { IsolationStep } from "./isolation";
import type { SettingCommand, SettingTable, ValuesOf } from "./setting";
import { choice, column, number, own, proposedColumn, toggle } from "./setting-kinds";
import {
  componentsToText,
  filterToText,
  isolationToText,
  rampToText,
  swatchesToTexts,
  textsToSwatches,
  textToComponents,
  textToFilter,
  textToIsolation,
  textToRamp,
} from "./url-parts";

/** Single points, their density, or (auto) whichever suits the number of points. */
export type DrawAs = "auto" | "points" | "density";

export type Trails = "auto" | "on" | "off";

/** How the steps of a tensor are laid out. */
export type StepLayout = "auto" | "together" | "alone";

const COLOR = { group: "Color and size" } as const;
const PLOT = { group: "Plot" } as const;
const FIRST_COMPONENTS: readonly number[] = [0, 1, 2];

export const SETTINGS = {
  /** Which components of PCA are the axes. */
  components: own<readonly number[]>({
    title: "Components",
    initial: FIRST_COMPONENTS,
    url: "axes",
    encode: (value) => [componentsToText(value)],
    decode: ([text = ""]) => textToComponents(text) ?? FIRST_COMPONENTS,
  }),
  /** Whether the next step's layout starts from this one and is aligned to it. */
  keepOrientation: toggle({
    title: "Keep orientation between steps",
    initial: true,
    url: "keep",
    command: { group: "Projection" },
  }),
  /** Whether the steps of a tensor are laid out together: "auto" becomes it with another step. */
  stepLayout: choice<StepLayout>({
    title: "Layout of steps",
    initial: "auto",
    choices: {
      auto: "Together once several are seen",
      together: "All together",
      alone: "Each by itself",
    },
    url: "steps",
    shared: true,
    command: { group: "Projection" },
  }),
  /** Lines from the step before; "auto" draws them where nothing may move. */
  trails: choice<Trails>({
    title: "Trails",
    initial: "auto",
    choices: { auto: "Where nothing moves", on: "Shown", off: "Hidden" },
    url: "trails",
    shared: true,
    command: { group: "Plot" },
  }),
  color: proposedColumn({
    title: "Color by",
    initial: undefined,
    url: "color",
    undo: "step",
    shared: true,
  }),
  label: proposedColumn({ title: "Label by", initial: undefined, url: "label", undo: "step" }),
  scale: choice<ScaleChoice>({
    title: "Color scale",
    initial: "auto",
    choices: { auto: "Auto", categorical: "Categories", numeric: "Ramp" },
    url: "scale",
    shared: true,
    undo: "step",
    command: COLOR,
  }),
  ramp: own<RampChoice>({
    title: "Ramp",
    initial: AUTOMATIC_RAMP,
    url: "ramp",
    shared: true,
    undo: "merged",
    encode: (value) => [rampToText(value)],
    decode: ([text = ""]) => textToRamp(text),
    commands: rampCommands(),
  }),
  /** How many categories have a color of their own, the most frequent first. */
  nColors: number({
    title: "Colors",
    initial: N_COLORS,
    low: 1,
    high: N_COLORS,
    isWhole: true,
    url: "colors",
    shared: true,
  }),
  /** Chosen colors of categories, by the name of the column. */
  swatches: own<Readonly<Record<string, Swatches>>>({
    title: "Category colors",
    initial: {},
    url: "swatch",
    shared: true,
    undo: "merged",
    encode: swatchesToTexts,
    decode: textsToSwatches,
  }),
  /** At most one for each column; a point is shown when it passes all. */
  filters: own<readonly ColumnFilter[]>({
    title: "Filters",
    initial: [],
    url: "filter",
    shared: true,
    undo: "merged",
    encode: (value) => value.map(filterToText),
    decode: (texts) => texts.map(textToFilter).filter((each) => each !== null),
  }),
  /** A condition over columns, as a person wrote it; empty lets all points pass. */
  where: own<string>({
    title: "Condition",
    initial: "",
    url: "where",
    shared: true,
    undo: "step",
    encode: (value) => (value === "" ? [] : [value]),
    decode: ([text = ""]) => text,
  }),
  /** Whether points that a filter excludes stay as grey ghosts. */
  ghosts: toggle({
    title: "Keep filtered points as ghosts",
    initial: true,
    url: "ghosts",
    shared: true,
    undo: "step",
    command: { group: "Filter", key: "G" },
  }),
  /** Numbers that make points larger or smaller. */
  sizeBy: column({ title: "Size by", initial: null, url: "sizeby", undo: "step" }),
  opacityBy: column({ title: "Opacity by", initial: null, url: "opacityby", undo: "step" }),
  turning: choice<Turning>({
    title: "Rotation",
    initial: "trackball",
    choices: { trackball: "Trackball", turntable: "Turntable" },
    url: "turning",
    need: "3d",
    command: PLOT,
  }),
  lens: choice<Lens>({
    title: "Camera",
    initial: "perspective",
    choices: { perspective: "Perspective", parallel: "Orthographic" },
    url: "lens",
    need: "3d",
    command: PLOT,
  }),
  fog: toggle({ title: "Depth fog", initial: true, url: "fog", need: "3d", command: PLOT }),
  /** Whether points are joined as their `__next__` column says. */
  lines: toggle({
    title: "Sequences",
    initial: true,
    url: "lines",
    need: "sequences",
    command: COLOR,
  }),
  categoryLabels: toggle({
    title: "Category names",
    initial: true,
    url: "names",
    command: { ...COLOR, key: "N" },
  }),
  /** Names of single points, where few enough are in view. */
  pointNames: toggle({
    title: "Point names",
    initial: true,
    url: "points",
    command: { ...COLOR, key: "Shift+N", onSheet: "names of the points in view" },
  }),
  /** Names of clusters, where they were found: broad ones far away, finer ones near. */
  clusterNames: toggle({
    title: "Cluster names",
    initial: true,
    url: "clusters",
    command: COLOR,
  }),
  sprites: toggle({
    title: "Images",
    initial: false,
    url: "images",
    need: "images",
    command: { ...COLOR, key: "I", onSheet: "images or dots" },
  }),
  drawAs: choice<DrawAs>({
    title: "Draw as",
    initial: "auto",
    choices: { auto: "Auto", points: "Points", density: "Density" },
    url: "draw",
    undo: "step",
    command: COLOR,
  }),
  /** How far a density's kernel reaches: its standard deviation in CSS pixels. */
  smoothing: number({ title: "Smoothing", initial: 1, low: 0, high: 16, url: "smooth" }),
  /** Multiplies the automatic size of the points. */
  pointScale: number({ title: "Size", initial: 1, low: 0.25, high: 4, url: "size" }),
  opacityScale: number({ title: "Opacity", initial: 1, low: 0.05, high: 4, url: "opacity" }),
  /** How many nearest neighbors are listed. */
  k: number({
    title: "Number of neighbors",
    initial: 10,
    low: 1,
    high: MAX_NEIGHBORS,
    isWhole: true,
    url: "k",
  }),
  metric: choice<Metric>({
    title: "Metric",
    initial: "cosine",
    choices: METRIC_TITLES,
    url: "metric",
    command: { group: "Selection" },
  }),
  /** Points that were isolated or hidden, step by step. */
  isolation: own<readonly IsolationStep[]>({
    title: "Isolated and hidden points",
    initial: [],
    // Existing links and bookmarks have this key.
    url: "focus",
    shared: true,
    undo: "step",
    isLong: true,
    encode: (value) => (value.length === 0 ? [] : [isolationToText(value)]),
    decode: ([text = ""]) => textToIsolation(text),
  }),
};

export type ViewSettings = ValuesOf<typeof SETTINGS>;
export type SettingKey = keyof ViewSettings;

type Consequences = {
  readonly [K in SettingKey]?: (value: ViewSettings[K]) => Partial<ViewSettings>;
};

/** What a new value of one setting changes in others. */
const CONSEQUENCES: Consequences = {
  // How one column is scaled says nothing about another.
  color: () => ({ scale: "auto" }),
  // Images are single points: with them there is no density, and with a density no images.
  sprites: (isOn) => (isOn ? { drawAs: "auto" } : {}),
  drawAs: (value) => (value === "density" ? { sprites: false } : {}),
};

/** Change one setting, to the nearest value that it may have. */
export function withSetting<V extends ViewSettings, K extends SettingKey>(
  view: V,
  key: K,
  value: ViewSettings[K],
): V {
  const table: SettingTable<ViewSettings> = SETTINGS;
  const accepted = table[key].accept(value);
  return { ...view, ...CONSEQUENCES[key]?.(accepted), [key]: accepted };
}

function rampCommands(): readonly SettingCommand<RampChoice>[] {
  return [
    ...RAMP_TRANSFORMS.map(({ value, title }) => ({
      ...COLOR,
      id: value === "auto" ? "scale-auto" : value,
      title: `Ramp scale: ${title}`,
      keys: [],
      next: (ramp: RampChoice) => ({ ...ramp, transform: value }),
      isOn: ({ transform }: RampChoice) => transform === value,
    })),
    ...RAMP_KINDS.map(({ value, title }) => ({
      ...COLOR,
      id: value,
      title: `Ramp: ${title}`,
      keys: [],
      next: (ramp: RampChoice) => ({ ...ramp, kind: value }),
      isOn: ({ kind }: RampChoice) => kind === value,
    })),
  ];
}

/** From a column's values to a color for every point, and the legend that explains it. */
import type { Categories, Column } from "./dataset";
import { count as groupDigits } from "./format";
import {
  categoryColor,
  missingColor,
  N_DISTINCT,
  otherColor,
  plainColor,
  type Rgb,
  rampColor,
  type ThemeName,
} from "./palette";

/** n_points palette indices and the palette, RGBA bytes. */
export interface Coloring {
  readonly codes: Uint16Array;
  readonly palette: Uint8Array;
}

export type ColorScale = "categorical" | "numeric";
/** "auto" decides by the column; the person may force either where both make sense. */
export type ScaleChoice = "auto" | ColorScale;

export interface CodeValues {
  readonly kind: "codes";
  /** Rank among the categories, most frequent first; all bits set is missing. */
  readonly codes: Uint16Array | Uint32Array;
  readonly categories: Categories;
}

export interface NumberValues {
  readonly kind: "numbers";
  /** NaN is missing. */
  readonly values: Float32Array;
}

export type ColumnValues = CodeValues | NumberValues;

export interface LegendEntry {
  /** Which slot of the palette it is; the value by which it is isolated. */
  readonly slot: number;
  readonly kind: "category" | "other" | "missing";
  readonly name: string;
  readonly count: number;
  readonly color: Rgb;
}

export type Legend =
  | { readonly kind: "none" }
  | { readonly kind: "categories"; readonly entries: readonly LegendEntry[] }
  | {
      readonly kind: "ramp";
      readonly minimum: number;
      readonly maximum: number;
      readonly stops: readonly Rgb[];
      readonly nMissing: number;
      readonly missing: Rgb;
    };

/** Whole numbers with few values are classes far more often than amounts. */
export function automaticScale(column: Column): ColorScale {
  if (column.kind !== "numeric") return "categorical";
  return column.is_integer && column.n_categories <= N_DISTINCT ? "categorical" : "numeric";
}

export function scaleOf(column: Column, choice: ScaleChoice): ColorScale {
  if (column.kind !== "numeric") return "categorical";
  return choice === "auto" ? automaticScale(column) : choice;
}

export function plainColoring(nPoints: number, theme: ThemeName): Coloring {
  return { codes: new Uint16Array(nPoints), palette: toPalette([plainColor(theme)]) };
}

export function coloringOf(column: Column, values: ColumnValues, theme: ThemeName): Coloring {
  return values.kind === "codes"
    ? { codes: categorySlots(values), palette: categoryPalette(theme) }
    : { codes: rampSlots(values.values, column), palette: rampPalette(theme) };
}

export function legendOf(column: Column, values: ColumnValues, theme: ThemeName): Legend {
  return values.kind === "codes"
    ? categoryLegend(column, values, theme)
    : rampLegend(column, values.values, theme);
}

const OTHER_SLOT = N_DISTINCT;
const MISSING_SLOT = N_DISTINCT + 1;

const byName = new Intl.Collator("en", { numeric: true, sensitivity: "variant" });

/**
 * The categories that get a color of their own, in the order of their names. By name and not by
 * count, so that a class keeps its color from step to step and from "label" to "predicted".
 */
function colored(categories: Categories): number[] {
  const ranks = categories.names.slice(0, N_DISTINCT).map((_, rank) => rank);
  const name = (rank: number) => categories.names[rank] ?? "";
  return ranks.sort((a, b) => byName.compare(name(a), name(b)));
}

function categorySlots({ codes, categories }: CodeValues): Uint16Array {
  const missing = codes instanceof Uint16Array ? 0xffff : 0xffffffff;
  const slotOf = new Uint16Array(N_DISTINCT);
  colored(categories).forEach((rank, slot) => {
    slotOf[rank] = slot;
  });
  const slots = new Uint16Array(codes.length);
  for (let index = 0; index < codes.length; index++) {
    const code = codes[index] ?? missing;
    slots[index] =
      code === missing ? MISSING_SLOT : code < N_DISTINCT ? (slotOf[code] ?? 0) : OTHER_SLOT;
  }
  return slots;
}

function categoryPalette(theme: ThemeName): Uint8Array {
  const colors = Array.from({ length: N_DISTINCT }, (_, rank) => categoryColor(theme, rank));
  return toPalette([...colors, otherColor(theme), missingColor(theme)]);
}

function categoryLegend(column: Column, values: CodeValues, theme: ThemeName): Legend {
  const { categories, codes } = values;
  const entries: LegendEntry[] = colored(categories).map((rank, slot) => ({
    slot,
    kind: "category",
    name: categories.names[rank] ?? "",
    count: categories.counts[rank] ?? 0,
    color: categoryColor(theme, slot),
  }));
  const rest = categories.n_categories - entries.length;
  if (rest > 0) {
    // By what is left over, because the list of categories may have been cut short.
    const named = entries.reduce((sum, entry) => sum + entry.count, 0);
    entries.push({
      slot: OTHER_SLOT,
      kind: "other",
      name: `other (${groupDigits(rest)})`,
      count: codes.length - column.n_missing - named,
      color: otherColor(theme),
    });
  }
  if (column.n_missing > 0) {
    entries.push({
      slot: MISSING_SLOT,
      kind: "missing",
      name: "missing",
      count: column.n_missing,
      color: missingColor(theme),
    });
  }
  return { kind: "categories", entries };
}

/** Steps of a ramp: finer than an eye sees, and the missing value's slot follows them. */
const RAMP_STEPS = 256;

function rampSlots(values: Float32Array, column: Column): Uint16Array {
  const [low, high] = rangeOf(values, column);
  const span = high - low;
  const slots = new Uint16Array(values.length);
  for (let index = 0; index < values.length; index++) {
    const value = values[index] ?? Number.NaN;
    if (Number.isNaN(value)) {
      slots[index] = RAMP_STEPS;
      continue;
    }
    // A column with one value has no span: its points stand in the middle.
    const share = span > 0 ? (value - low) / span : 0.5;
    slots[index] = Math.min(RAMP_STEPS - 1, Math.max(0, Math.floor(share * RAMP_STEPS)));
  }
  return slots;
}

/** The ends of the ramp: as told, or of the finite values where nothing was told. */
function rangeOf(values: Float32Array, { minimum, maximum }: Column): readonly [number, number] {
  if (minimum !== null && maximum !== null) return [minimum, maximum];
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low <= high ? [low, high] : [0, 1];
}

function rampPalette(theme: ThemeName): Uint8Array {
  const colors = Array.from({ length: RAMP_STEPS }, (_, step) =>
    rampColor(theme, step / (RAMP_STEPS - 1)),
  );
  return toPalette([...colors, missingColor(theme)]);
}

function rampLegend(column: Column, values: Float32Array, theme: ThemeName): Legend {
  const [minimum, maximum] = rangeOf(values, column);
  const stops = Array.from({ length: 24 }, (_, step) => rampColor(theme, step / 23));
  return {
    kind: "ramp",
    minimum,
    maximum,
    stops,
    nMissing: column.n_missing,
    missing: missingColor(theme),
  };
}

function toPalette(colors: readonly Rgb[]): Uint8Array {
  const bytes = new Uint8Array(colors.length * 4);
  colors.forEach((color, slot) => {
    bytes.set([...color, 255], slot * 4);
  });
  return bytes;
}

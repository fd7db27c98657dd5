/** Types for coloring: values of a column, style, coloring and legend. */
import type { Categories } from "../data/dataset";
import type { Rgb, ThemeName } from "./palette";

/** Each point's color is an index into a palette, so a recolor uploads 2 bytes a point. */
export interface Coloring {
  /** n_points palette indices. */
  readonly codes: Uint16Array;
  /** RGBA bytes, 4 an entry, at most 4096 entries. */
  readonly palette: Uint8Array;
}

export interface CodeValues {
  readonly kind: "codes";
  /** Rank among the categories, most frequent first; all bits set is missing. */
  readonly codes: Uint16Array | Uint32Array;
  readonly categories: Categories;
}

/** Float64 where float32 is too coarse: in seconds since 1970 its steps are 128. */
export type Numbers = Float32Array | Float64Array;

export interface NumberValues {
  readonly kind: "numbers";
  /** NaN is missing. */
  readonly values: Numbers;
}

export type ColumnValues = CodeValues | NumberValues;

/** Chosen colors, "#rrggbb", by the name of the category or one of the keys below. */
export type Swatches = Readonly<Record<string, string>>;

export type RampTransform = "linear" | "log" | "quantile";
/** "auto" is diverging where there are values on both sides of zero. */
export type RampKind = "auto" | "sequential" | "diverging";

/** The ends of the ramp as a person set them, of one column. */
export interface RampRange {
  readonly column: string;
  readonly low: number;
  readonly high: number;
}

export interface RampChoice {
  /** "auto" is the first of them that spreads the values. */
  readonly transform: RampTransform | "auto";
  readonly kind: RampKind;
  /** Where there is none, 1 % to 99 % of the values if those beyond reach far. */
  readonly range?: RampRange | undefined;
}

/** Keys for what is not a category; no name begins with this character. */
export const OTHER = "\u0000other";
export const MISSING = "\u0000missing";

/** Places in the palette by the names of categories. */
export type ColorOrder = ReadonlyMap<string, number>;

/** How a column is colored. */
export interface ColorStyle {
  readonly theme: ThemeName;
  readonly swatches: Swatches;
  readonly ramp: RampChoice;
  /** How many categories have a color of their own, the most frequent first; at most N_COLORS. */
  readonly nColors: number;
  /** Which color each has where there are more than can be told apart at a glance. */
  readonly order: ColorOrder;
}

export interface LegendEntry {
  /** Which slot of the palette it is. */
  readonly slot: number;
  readonly kind: "category" | "other" | "missing";
  /** The category's own name; the key of `Swatches`. */
  readonly key: string;
  /** The text of the entry. */
  readonly name: string;
  readonly count: number;
  readonly color: Rgb;
}

export interface CategoryLegend {
  readonly kind: "categories";
  readonly entries: readonly LegendEntry[];
  /** How many categories have no color of their own. */
  readonly nRest: number;
}

export interface RampLegend {
  readonly kind: "ramp";
  readonly transform: RampTransform;
  /** Whether the transform was chosen by the values. */
  readonly isAutomatic: boolean;
  /** Whether a person set the ends. */
  readonly isOwnRange: boolean;
  /** Values beyond the ends, which have the colors of the ends. */
  readonly nBelow: number;
  readonly nAbove: number;
  /** From values to places on the histogram, 0 to 1, and back. */
  readonly whole: {
    readonly shareOf: (value: number) => number;
    readonly valueAt: (share: number) => number;
  };
  /** Bars of the histogram, of equal width. */
  readonly counts: Uint32Array;
  readonly minimum: number;
  /** The value in the middle of the bar, where that is not half way. */
  readonly middle: number | null;
  readonly maximum: number;
  readonly stops: readonly Rgb[];
  readonly nMissing: number;
  readonly missing: Rgb;
}

export type Legend = { readonly kind: "none" } | CategoryLegend | RampLegend;

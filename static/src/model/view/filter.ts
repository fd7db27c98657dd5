/**
 * Filters of columns: a range of numbers or a set of categories, at most one for each column. They
 * refer to columns and categories by name, so they stay valid from step to step and run to run.
 */
import type { CodeValues, ColumnValues, NumberValues } from "../color/color-style";
import { N_COLORS } from "../color/palette";
import { type ColumnRef, knownCategories } from "../data/dataset";

export interface RangeFilter {
  readonly kind: "range";
  readonly column: ColumnRef;
  /** Both ends pass; null where only missing values do. */
  readonly range: readonly [low: number, high: number] | null;
  readonly missing: boolean;
}

export interface ValuesFilter {
  readonly kind: "values";
  readonly column: ColumnRef;
  readonly names: readonly string[];
  /** Whether the categories pass that are too rare for a color of their own. */
  readonly other: boolean;
  readonly missing: boolean;
}

export type ColumnFilter = RangeFilter | ValuesFilter;

/** A value that can be filtered by, other than a category's name. */
export type ValueKey = { readonly name: string } | "other" | "missing";

export function filterOf(filters: readonly ColumnFilter[], column: ColumnRef): ColumnFilter | null {
  return filters.find((each) => isOf(each, column)) ?? null;
}

/** Replace a column's filter; null removes it. */
export function withFilter(
  filters: readonly ColumnFilter[],
  column: ColumnRef,
  next: ColumnFilter | null,
): readonly ColumnFilter[] {
  const at = filters.findIndex((each) => isOf(each, column));
  if (next === null) return at < 0 ? filters : filters.filter((_, index) => index !== at);
  return at < 0 ? [...filters, next] : filters.map((each, index) => (index === at ? next : each));
}

/** Add a value to a filter or remove it; null when none is left: then nothing is filtered. */
export function toggleValue(
  filter: ColumnFilter | null,
  column: ColumnRef,
  key: ValueKey,
): ValuesFilter | null {
  const old: ValuesFilter =
    filter?.kind === "values"
      ? filter
      : { kind: "values", column, names: [], other: false, missing: false };
  const next: ValuesFilter =
    key === "other"
      ? { ...old, other: !old.other }
      : key === "missing"
        ? { ...old, missing: !old.missing }
        : { ...old, names: toggled(old.names, key.name) };
  return next.names.length === 0 && !next.other && !next.missing ? null : next;
}

export function hasValue(filter: ColumnFilter | null, key: ValueKey): boolean {
  if (filter?.kind === "range") return key === "missing" && filter.missing;
  if (!filter) return false;
  if (key === "other") return filter.other;
  return key === "missing" ? filter.missing : filter.names.includes(key.name);
}

/**
 * 1 for each point that does not pass; null where the values are of another kind. `nColors`: how many
 * categories are not "other".
 */
export function failing(
  filter: ColumnFilter,
  values: ColumnValues,
  nColors = N_COLORS,
): Uint8Array | null {
  if (filter.kind === "range") {
    return values.kind === "numbers" ? outsideRange(filter, values) : null;
  }
  return values.kind === "codes" ? outsideValues(filter, values, nColors) : null;
}

/** How many filters each point fails, so that a chart can ignore its own filter. */
export function countFailures(masks: readonly Uint8Array[], nPoints: number): Uint8Array {
  const counts = new Uint8Array(nPoints);
  for (const mask of masks) {
    for (let index = 0; index < nPoints; index++) {
      counts[index] = (counts[index] as number) + (mask[index] as number);
    }
  }
  return counts;
}

/** The points that pass all filters and are not hidden, ascending. */
export function passingRows(
  nPoints: number,
  failures: Uint8Array | null,
  hidden: Uint8Array | null,
): Uint32Array {
  const rows = new Uint32Array(nPoints);
  let n = 0;
  for (let row = 0; row < nPoints; row++) if (!failures?.[row] && !hidden?.[row]) rows[n++] = row;
  return rows.slice(0, n);
}

function outsideRange({ range, missing }: RangeFilter, { values }: NumberValues): Uint8Array {
  const mask = new Uint8Array(values.length);
  const [low, high] = range ?? [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  const ofMissing = missing ? 0 : 1;
  for (let index = 0; index < mask.length; index++) {
    const value = values[index] as number;
    mask[index] = Number.isNaN(value) ? ofMissing : value >= low && value <= high ? 0 : 1;
  }
  return mask;
}

function outsideValues(
  filter: ValuesFilter,
  { codes, categories }: CodeValues,
  nColors: number,
): Uint8Array {
  const wanted = new Set(filter.names);
  // One look-up a code: 1 for what fails. Categories without a color are "other".
  const fails = new Uint8Array(categories.n_categories).fill(1);
  if (filter.other) fails.fill(0, nColors);
  for (const { rank, name } of knownCategories(categories)) {
    if (wanted.has(name)) fails[rank] = 0;
  }
  const missing = codes instanceof Uint16Array ? 0xffff : 0xffffffff;
  const ofMissing = filter.missing ? 0 : 1;
  const ofUnnamed = filter.other ? 0 : 1;
  const mask = new Uint8Array(codes.length);
  for (let index = 0; index < mask.length; index++) {
    const code = codes[index] as number;
    mask[index] =
      code < fails.length ? (fails[code] as number) : code === missing ? ofMissing : ofUnnamed;
  }
  return mask;
}

function isOf({ column }: ColumnFilter, { name, index }: ColumnRef): boolean {
  return column.index === index && column.name === name;
}

function toggled(names: readonly string[], name: string): readonly string[] {
  return names.includes(name) ? names.filter((each) => each !== name) : [...names, name];
}

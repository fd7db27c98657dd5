/** Colors of categories: the most frequent have their own, the others share one. */

import { type Categories, type Category, type Column, knownCategories } from "../data/dataset";
import { count as groupDigits } from "../text/format";
import {
  type CategoryLegend,
  type CodeValues,
  type ColorStyle,
  type LegendEntry,
  MISSING,
  OTHER,
} from "./color-style";
import {
  categoryColor,
  missingColor,
  N_COLORS,
  N_DISTINCT,
  otherColor,
  parseColor,
  type Rgb,
  toPalette,
} from "./palette";

const OTHER_SLOT = N_COLORS;
const MISSING_SLOT = N_COLORS + 1;
/** From here on: less frequent categories with a chosen color. */
const FIRST_EXTRA = N_COLORS + 2;
/** A palette of the renderer holds 4096 colors. */
const MAX_EXTRA = 4000;

/** Columns of users and the like: none of so many is worth a color unless it is looked for. */
const MANY = 1000;

/** Whether a column has a color only for those categories that a person looks for. */
export function isSearched({ n_categories }: Pick<Categories, "n_categories">): boolean {
  return n_categories > MANY;
}

/** The first color of the palette that no highlighted category has yet. */
export function nextHighlight({ theme, swatches }: Pick<ColorStyle, "theme" | "swatches">): Rgb {
  const taken = new Set(Object.values(swatches).map((each) => parseColor(each).join()));
  for (let slot = 0; slot < N_COLORS; slot++) {
    const color = categoryColor(theme, slot);
    if (!taken.has(color.join())) return color;
  }
  return categoryColor(theme, 0);
}

const byName = new Intl.Collator("en", { numeric: true, sensitivity: "variant" });

/**
 * The categories that have a color of their own, in the order of their names. By name and not by
 * count, so that a class keeps its color from step to step and from "label" to "predicted".
 */
function colored(categories: Categories, style: ColorStyle): number[] {
  const ranks = categories.names.slice(0, nOwn(categories, style)).map((_, rank) => rank);
  const name = (rank: number) => categories.names[rank] ?? "";
  return ranks.sort((a, b) => byName.compare(name(a), name(b)));
}

/** A few colors differ wherever they are; more of them are arranged by where the groups lie. */
function ownColor(name: string, slot: number, n: number, { theme, order }: ColorStyle): Rgb {
  return categoryColor(theme, n > N_DISTINCT ? (order.get(name) ?? slot) : slot);
}

function nOwn(categories: Categories, { nColors }: ColorStyle): number {
  return isSearched(categories) ? 0 : Math.min(nColors, N_COLORS);
}

/** Less frequent categories with a chosen color. */
function extras(categories: Categories, style: ColorStyle): readonly Category[] {
  const { swatches } = style;
  const first = nOwn(categories, style);
  if (Object.keys(swatches).length === 0) return [];
  return knownCategories(categories)
    .filter(({ rank, name }) => rank >= first && swatches[name] !== undefined)
    .slice(0, MAX_EXTRA);
}

export function categorySlots({ codes, categories }: CodeValues, style: ColorStyle): Uint16Array {
  const missing = codes instanceof Uint16Array ? 0xffff : 0xffffffff;
  const slotOf = new Uint16Array(categories.n_categories).fill(OTHER_SLOT);
  colored(categories, style).forEach((rank, slot) => {
    slotOf[rank] = slot;
  });
  extras(categories, style).forEach(({ rank }, at) => {
    slotOf[rank] = FIRST_EXTRA + at;
  });
  const slots = new Uint16Array(codes.length);
  for (let index = 0; index < codes.length; index++) {
    const code = codes[index] as number;
    slots[index] =
      code === missing
        ? MISSING_SLOT
        : code < slotOf.length
          ? (slotOf[code] as number)
          : OTHER_SLOT;
  }
  return slots;
}

export function categoryPalette({ categories }: CodeValues, style: ColorStyle): Uint8Array {
  const { theme, swatches } = style;
  const own = colored(categories, style);
  const first = Array.from({ length: N_COLORS }, (_, slot) => {
    const name = categories.names[own[slot] ?? -1] ?? "";
    return chosen(swatches[name], ownColor(name, slot, own.length, style));
  });
  const rest = extras(categories, style).map(({ name }) =>
    chosen(swatches[name], otherColor(theme)),
  );
  return toPalette([...first, colorOfOther(style), colorOfMissing(style), ...rest]);
}

export function categoryLegend(
  column: Column,
  values: CodeValues,
  style: ColorStyle,
): CategoryLegend {
  const { categories, codes } = values;
  const extra = extras(categories, style);
  const entryOf = (name: string, count: number, slot: number, fallback: Rgb): LegendEntry => ({
    slot,
    kind: "category",
    key: name,
    name,
    count,
    color: chosen(style.swatches[name], fallback),
  });
  const own = colored(categories, style);
  const entries = [
    ...own.map((rank, slot) => {
      const name = categories.names[rank] ?? "";
      const color = ownColor(name, slot, own.length, style);
      return entryOf(name, categories.counts[rank] ?? 0, slot, color);
    }),
    ...extra.map(({ name, count }, at) =>
      entryOf(name, count, FIRST_EXTRA + at, otherColor(style.theme)),
    ),
  ];
  const nRest = categories.n_categories - entries.length;
  if (nRest > 0) {
    // By what is left over, because the list of categories may have been cut short.
    const named = entries.reduce((sum, entry) => sum + entry.count, 0);
    entries.push({
      slot: OTHER_SLOT,
      kind: "other",
      key: OTHER,
      name: isSearched(categories)
        ? `${entries.length > 0 ? "other: " : ""}${groupDigits(nRest)} values`
        : `other: ${groupDigits(nRest)} less frequent`,
      count: codes.length - column.n_missing - named,
      color: colorOfOther(style),
    });
  }
  if (column.n_missing > 0) {
    entries.push({
      slot: MISSING_SLOT,
      kind: "missing",
      key: MISSING,
      name: "missing",
      count: column.n_missing,
      color: colorOfMissing(style),
    });
  }
  return { kind: "categories", entries, nRest };
}

function colorOfOther({ theme, swatches }: ColorStyle): Rgb {
  return chosen(swatches[OTHER], otherColor(theme));
}

export function colorOfMissing({ theme, swatches }: ColorStyle): Rgb {
  return chosen(swatches[MISSING], missingColor(theme));
}

function chosen(hex: string | undefined, fallback: Rgb): Rgb {
  return hex === undefined ? fallback : parseColor(hex);
}

/** Colors that anybody tells apart; beyond them a pattern helps where a color stands alone. */
const N_PLAIN = 12;
const N_PATTERNS = 3;

/** 0 for the first twelve categories; 1, 2, 3 and again for those after them. */
export function patternOf(slot: number): number {
  if (slot < N_PLAIN || isBelow(slot)) return 0;
  return 1 + ((Math.floor(slot / N_PLAIN) - 1) % N_PATTERNS);
}

/** Whether points of a slot are context: those without a color of their own lie below the others. */
export function isBelow(slot: number): boolean {
  return slot === OTHER_SLOT || slot === MISSING_SLOT;
}

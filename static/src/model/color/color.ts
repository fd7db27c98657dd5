/** Computes a color for each point from the values of a column, and the legend for it. */

import type { Column } from "../data/dataset";
import { categoryLegend, categoryPalette, categorySlots } from "./category-color";
import type { Coloring, ColorStyle, ColumnValues, Legend } from "./color-style";
import { N_COLORS, N_DISTINCT, plainColor, type ThemeName, toPalette } from "./palette";
import { rampLegend, rampPalette, rampSlots, SEQUENTIAL } from "./ramp";

export type ColorScale = "categorical" | "numeric";
/** "auto" depends on the column; either can be forced where both make sense. */
export type ScaleChoice = "auto" | ColorScale;

export function plainStyle(theme: ThemeName): ColorStyle {
  return { theme, swatches: {}, ramp: SEQUENTIAL, nColors: N_COLORS, order: new Map() };
}

/** Whether colors of a column can mean anything: free text and identifiers differ at every point. */
export function isColorable({ kind, is_identifier = false }: Column): boolean {
  return kind !== "text" && !is_identifier;
}

/** Whether the values of a column are numbers or times. */
export function isNumeric({ kind }: Column): boolean {
  return kind === "numeric" || kind === "time";
}

/** Integers with few distinct values are classes far more often than quantities. */
export function automaticScale(column: Column): ColorScale {
  if (!isNumeric(column)) return "categorical";
  // Shares that all happen to be 0 or 1 are no classes.
  if (column.span) return "numeric";
  return column.kind === "numeric" && column.is_integer && column.n_categories <= N_DISTINCT
    ? "categorical"
    : "numeric";
}

export function scaleOf(column: Column, choice: ScaleChoice): ColorScale {
  if (!isNumeric(column)) return "categorical";
  return choice === "auto" ? automaticScale(column) : choice;
}

export function plainColoring(nPoints: number, theme: ThemeName): Coloring {
  return { codes: new Uint16Array(nPoints), palette: toPalette([plainColor(theme)]) };
}

export function coloringOf(column: Column, values: ColumnValues, style: ColorStyle): Coloring {
  return values.kind === "codes"
    ? { codes: categorySlots(values, style), palette: categoryPalette(values, style) }
    : {
        codes: rampSlots(values.values, column, style.ramp),
        palette: rampPalette(values.values, column, style),
      };
}

export function legendOf(column: Column, values: ColumnValues, style: ColorStyle): Legend {
  return values.kind === "codes"
    ? categoryLegend(column, values, style)
    : rampLegend(column, values.values, style);
}

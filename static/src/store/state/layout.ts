/** The layout of the page: which panels are open, and how large they are. */
import type { MeasureName } from "../../model/data/measurement";

export type PanelName = "left" | "right" | "table";

/** What of the panels a narrow window shows below the plot, one at a time. */
export type SheetName = "projection" | "color" | "inspect";

export interface Layout {
  /** CSS pixels that a person chose; null for as wide as the window proposes. */
  readonly sizes: Readonly<Record<PanelName, number | null>>;
  readonly open: Readonly<Record<PanelName, boolean>>;
  /** Which side lies over several views in a small window, where neither has room beside them. */
  readonly drawer: "left" | "right" | null;
  /** Whether a narrow window shows all views one over the other. */
  readonly isOverlaid: boolean;
  /** null: nothing, the plot has all of the window. */
  readonly sheet: SheetName | null;
  /** Which measure of all steps is shown below the plot; null: none. */
  readonly measure: MeasureName | null;
}

export const INITIAL_LAYOUT: Layout = {
  sizes: { left: null, right: null, table: null },
  open: { left: true, right: true, table: false },
  drawer: null,
  isOverlaid: false,
  sheet: "color",
  measure: null,
};

/** Narrower, nothing in a panel can be read; wider, nothing of the plot is left. */
export const SIZE_RANGE: Readonly<Record<PanelName, readonly [number, number]>> = {
  left: [210, 640],
  right: [220, 720],
  table: [110, 900],
};

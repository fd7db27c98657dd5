/**
 * What is known of a set of points, whatever is shown of them: views of the same points share
 * their selection. Rows of one set name nothing in another one.
 */
import type { NamedSelection } from "../../model/view/named-selection";
import { EMPTY_SELECTION, type Selection } from "../../model/view/selection";
import { type History, startHistory } from "./history";

/** Run, tensor name and number of points as one text; or a view that shows no points yet. */
export type PointSpace = string;

/** Steps of a tensor have the same points as long as their number stays. */
export function pointSpaceOf(run: string, name: string, nPoints: number): PointSpace {
  return JSON.stringify([run, name, nPoints]);
}

/**
 * Whether the points of two spaces are taken for the same ones, row by row: the same tensor of
 * another run, with as many points. Nothing else says which point is which.
 */
export function isMatchedByRow(a: PointSpace, b: PointSpace): boolean {
  if (a === b) return false;
  const one = partsOf(a);
  const other = partsOf(b);
  return one !== null && other !== null && one.name === other.name && one.nPoints === other.nPoints;
}

/** Its name; null while a view shows nothing. */
export function tensorIn(space: PointSpace): unknown {
  return partsOf(space)?.name ?? null;
}

/** null while a view shows nothing. */
export function nPointsIn(space: PointSpace): unknown {
  return partsOf(space)?.nPoints ?? null;
}

function partsOf(space: PointSpace): { readonly name: unknown; readonly nPoints: unknown } | null {
  // Until a view shows something its space is no list.
  if (!space.startsWith("[")) return null;
  const [, name, nPoints] = JSON.parse(space) as readonly unknown[];
  return { name, nPoints };
}

/** Until a view shows something, what a link selects in it belongs to no points. */
export function ownSpaceOf(view: string): PointSpace {
  return `view ${view}`;
}

/** CSS pixels from the plot's top left corner. */
export interface Anchor {
  readonly x: number;
  readonly y: number;
}

export interface PointsState {
  readonly hover: number | null;
  /** Where the hovered point stands, and in which view; null where it was pointed at in a list. */
  readonly anchor: (Anchor & { readonly view: string }) | null;
  /** Selections one after the other: back and forward walk along them. */
  readonly history: History<Selection>;
  /** Selections that were saved under a name. */
  readonly named: readonly NamedSelection[];
}

export const INITIAL_POINTS: PointsState = {
  hover: null,
  anchor: null,
  history: startHistory(EMPTY_SELECTION),
  named: [],
};

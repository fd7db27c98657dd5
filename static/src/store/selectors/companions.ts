/** Scalars, vector searches and changes of files of what is shown. */
import { type Entry, entryAt } from "../../model/data/listing";
import { isGone } from "../../model/data/listing-changes";
import {
  chosenSeries,
  fitsLogarithm,
  type Scalars,
  type Series,
  valueExtent,
} from "../../model/data/scalars";
import { isExpression, type Nearest } from "../../model/projection/expression";
import type { Answer, State } from "../state/state";
import { entryOf, listingOf } from "./listing";
import { labelColumn, selection, shownDataset } from "./shown";
import { runsElsewhere } from "./views";

/** Of the shown run; null before they are loaded, and where there are none. */
export function scalarsHere(state: State): Scalars | null {
  const found = state.scalars.runs[state.view.place?.run ?? ""];
  return found && found.series.length > 0 ? found : null;
}

export function seriesHere(state: State): Series | null {
  const found = scalarsHere(state);
  return found && chosenSeries(found.series, state.scalars.tag);
}

/** The same scalar of the runs that other views show, by run; of the shown run it is `seriesHere`. */
export function seriesElsewhere(state: State): readonly { run: string; series: Series }[] {
  const own = seriesHere(state);
  return runsElsewhere(state).flatMap((run) => {
    const series = state.scalars.runs[run]?.series.find(({ tag }) => tag === own?.tag);
    return series ? { run, series } : [];
  });
}

export function isLogHere(state: State): boolean {
  const series = seriesHere(state);
  if (!series) return false;
  const extent = valueExtent(series);
  return extent.low > 0 && (state.scalars.isLog ?? fitsLogarithm(extent));
}

/** Whether the place was deleted while its projection is on the screen. */
export function isPlaceGone(state: State): boolean {
  const listing = listingOf(state);
  const { place } = state.view;
  return listing !== null && place !== null && state.work.shown !== null && isGone(listing, place);
}

/** The revision of a dataset's files as the listing has it now; null where it is gone. */
export function revisionOf(state: State, id: string): string | null {
  if (!listingOf(state)) return null;
  return entryOf(state, id)?.revision ?? state.datasets[id]?.revision ?? null;
}

/** The same of its tags. */
export function tagsOf(state: State, id: string): string | null {
  if (!listingOf(state)) return null;
  return entryOf(state, id)?.tags ?? state.datasets[id]?.tags ?? null;
}

/** Whether a dataset was fetched, and is still what was fetched, its tags included. */
export function isCurrent(state: State, id: string): boolean {
  const known = state.datasets[id];
  return (
    known !== undefined &&
    known.revision === revisionOf(state, id) &&
    known.tags === tagsOf(state, id)
  );
}

/** The column whose labels an expression names: the one that is searched, or the labels' own. */
export function expressionColumn(state: State): number | null {
  const data = shownDataset(state);
  if (!data) return null;
  const { column } = state.attention.search;
  if (column !== null && column < data.info.columns.length) return column;
  return labelColumn(state, data)?.index ?? null;
}

/** Whether the centroid that was asked about is that of the present selection. */
export function isCentroidOpen(state: State): boolean {
  const rows = selection(state);
  return rows.length > 1 && state.query.centroidOf === rows;
}

/** The answer that is shown, and marked in the plot. */
export function openAnswer(state: State): Answer<Nearest> | null {
  if (isCentroidOpen(state)) return state.query.centroid;
  return isExpression(state.attention.search.text) ? state.query.expression : null;
}

export function currentEntry(state: State): Entry | null {
  const listing = listingOf(state);
  const { place } = state.view;
  return listing && place ? entryAt(listing, place) : null;
}

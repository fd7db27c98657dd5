/** What can be checked of the shown dataset, and what was found. */
import { automaticScale } from "../../model/color/color";
import { type Column, resolveColumn } from "../../model/data/dataset";
import type { Nearness } from "../../model/projection/nearness";
import type { State } from "../state/state";
import { colorColumn, shownDataset } from "./shown";

/** Columns of classes: those that color as categories, and are no names of points. */
export function classColumns(state: State): readonly Column[] {
  const data = shownDataset(state);
  return (data?.info.columns ?? []).filter(
    (column) =>
      column.kind !== "text" &&
      !column.is_identifier &&
      column.n_categories >= 2 &&
      automaticScale(column) === "categorical",
  );
}

export interface Crossed {
  readonly rows: Column;
  readonly columns: Column;
}

/** A person's choice, or what looks like a label and what a model made of it. */
export function crossedColumns(state: State): Crossed | null {
  const data = shownDataset(state);
  const classes = classColumns(state);
  if (!data || classes.length < 2) return null;
  const chosen = (side: "rows" | "columns") => {
    const found = resolveColumn(data.info, state.checks[side]);
    return classes.find(({ index }) => index === found?.index) ?? null;
  };
  const isPredicted = ({ name }: Column) => /pred|guess|output|assigned/i.test(name);
  const colored = classes.find(({ index }) => index === colorColumn(state, data)?.index);
  const label = colored && !isPredicted(colored) ? colored : classes.find((it) => !isPredicted(it));
  const rows = chosen("rows") ?? label ?? classes[0];
  const others = classes.filter((each) => each !== rows);
  const columns = chosen("columns") ?? others.find(isPredicted) ?? others[0];
  return rows && columns ? { rows, columns } : null;
}

/** Names what distances are measured of, and how. */
export function nearnessKey({ work, datasets, view }: State): string {
  const id = work.shown?.dataset ?? "";
  return id === "" ? "" : `${id} ${datasets[id]?.revision} ${view.k} ${view.metric}`;
}

/** What was found of what is shown now; null before it is there. */
export function foundNearness(state: State): Nearness | null {
  const { asked, work } = state.checks;
  return asked !== "" && asked === nearnessKey(state) ? (work?.result ?? null) : null;
}

/** A metadata column, or one value of a column, as a parameter of a method. */
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { isEqual } from "../../model/data/equality";
import { currentValue, type Parameter } from "../../model/projection/method";
import { groupingColumns } from "../../model/projection/supervision";
import { methodNamed } from "../../store/selectors/listing";
import { shownDataset } from "../../store/selectors/shown";
import type { State } from "../../store/state/state";
import { useSelect, useStore } from "../context";
import { type ChoiceControlProps, NameChoice } from "./name-choice";

const NO_NAMES: readonly string[] = [];

export function ColumnControl(props: ChoiceControlProps): JSX.Element {
  const names = useSelect(
    (state) => columnNames(state, props.parameter),
    [props.parameter],
    isEqual,
  );
  return <NameChoice {...props} names={names} />;
}

/** Labels have to divide the points into groups; for anything else every column will do. */
function columnNames(state: State, { group }: Parameter): readonly string[] {
  const info = shownDataset(state)?.info;
  if (!info) return NO_NAMES;
  const columns = group === "labels" ? groupingColumns(info.columns, info.n_points) : info.columns;
  return columns.map(({ name }) => name).filter((name) => name !== "");
}

export function CategoryControl(props: ChoiceControlProps): JSX.Element {
  const store = useStore();
  const { of } = props.parameter;
  const index = useSelect((state) => columnIndex(state, of), [of]);
  const names = useSelect(
    (state) => shownDataset(state)?.columns[index ?? -1]?.codes?.categories.names ?? NO_NAMES,
    [index],
  );
  useEffect(() => {
    if (index !== null) store.request({ kind: "load-column", column: index, what: "codes" });
  }, [store, index]);
  return <NameChoice {...props} names={names.filter((name) => name !== "")} />;
}

/** Where the column stands that another parameter of the open method names. */
function columnIndex(state: State, parameter: string): number | null {
  const { method, drafts } = state.view;
  const found = methodNamed(state, method)?.parameters.find(({ name }) => name === parameter);
  const column = found ? currentValue(found, drafts[method] ?? {}) : null;
  return shownDataset(state)?.info.columns.find(({ name }) => name === column)?.index ?? null;
}

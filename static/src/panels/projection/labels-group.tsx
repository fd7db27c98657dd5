/** The parameters of supervision: which column, how much, and which value means unknown. */
import type { JSX } from "preact";
import {
  currentValue,
  type Method,
  type Parameter,
  type Params,
} from "../../model/projection/method";
import { isInEffect, isSet } from "../../model/projection/parameter-form";
import { groupingColumns } from "../../model/projection/supervision";
import { shownDataset } from "../../store/selectors/shown";
import { useSelect } from "../context";
import { FoldedGroup } from "./folded-group";
import { ParameterControl } from "./parameter-control";

const NO_PARAMS: Params = {};

export interface LabelsProps {
  readonly method: Method;
  readonly parameters: readonly Parameter[];
}

/** Nothing where no column divides the points, unless a link has chosen one already. */
export function LabelsGroup({ method, parameters }: LabelsProps): JSX.Element | null {
  const draft = useSelect(({ view }) => view.drafts[method.name] ?? NO_PARAMS, [method]);
  const hasColumns = useSelect((state) => {
    const info = shownDataset(state)?.info;
    return info !== undefined && groupingColumns(info.columns, info.n_points).length > 0;
  });
  const columns = parameters
    .filter(({ kind }) => kind === "column")
    .map((each) => currentValue(each, draft))
    .filter(isSet);
  if (parameters.length === 0 || (!hasColumns && columns.length === 0)) return null;
  return (
    <FoldedGroup title="Supervision" method={method} group="labels">
      {parameters
        .filter((each) => isInEffect(method, each, draft))
        .map((each) => (
          <ParameterControl key={each.name} parameter={each} withSlider={true} />
        ))}
      {columns.map((column) => (
        <p key={column} class="hint">
          Neighbors with a different {column} are moved apart: groups separate more clearly than the
          vectors alone would show.
        </p>
      ))}
    </FoldedGroup>
  );
}

/** The parameters of preprocessing: folded away, because they are rarely set. */
import type { JSX } from "preact";
import type { Method, Parameter } from "../../model/projection/method";
import { FoldedGroup } from "./folded-group";
import { ParameterControl } from "./parameter-control";

export interface PreprocessingProps {
  readonly method: Method;
  readonly parameters: readonly Parameter[];
}

export function PreprocessingGroup({ method, parameters }: PreprocessingProps): JSX.Element | null {
  if (parameters.length === 0) return null;
  return (
    <FoldedGroup title="Preprocessing" method={method} group="preprocessing">
      {parameters.map((parameter) => (
        <ParameterControl key={parameter.name} parameter={parameter} />
      ))}
    </FoldedGroup>
  );
}

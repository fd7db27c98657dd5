/** What is done to the vectors before the method sees them: folded away, because it is rare. */
import type { JSX } from "preact";
import type { Parameter } from "../../model/projection/method";
import { preprocessingNotes } from "../../model/projection/parameter-form";
import { useSelect } from "../context";
import { ParameterControl } from "./parameter-control";

export interface PreprocessingProps {
  readonly method: string;
  readonly parameters: readonly Parameter[];
}

export function PreprocessingGroup({ method, parameters }: PreprocessingProps): JSX.Element | null {
  const notes = useSelect(
    ({ view }) => preprocessingNotes(view.drafts[method] ?? {}).join(", "),
    [method],
  );
  if (parameters.length === 0) return null;
  return (
    <details class="advanced" key={`before ${method}`}>
      <summary>
        Before the projection
        {/* What is on must be seen while the group is folded. */}
        {notes !== "" && <span class="summary-note">{notes}</span>}
      </summary>
      <div class="stack">
        {parameters.map((parameter) => (
          <ParameterControl key={`${method}.${parameter.name}`} parameter={parameter} />
        ))}
      </div>
    </details>
  );
}

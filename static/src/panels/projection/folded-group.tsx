/** Parameters that are folded away; what is set among them is said while they are. */
import type { ComponentChildren, JSX } from "preact";
import { isEqual } from "../../model/data/equality";
import type { Method, ParameterGroup } from "../../model/projection/method";
import { groupNotes } from "../../model/projection/setting-notes";
import { useSelect } from "../context";

export interface FoldedGroupProps {
  readonly title: string;
  readonly method: Method;
  readonly group: ParameterGroup;
  readonly children: ComponentChildren;
}

export function FoldedGroup({ title, method, group, children }: FoldedGroupProps): JSX.Element {
  const notes = useSelect(
    ({ view }) => groupNotes(method, view.drafts[method.name] ?? {}, group),
    [method, group],
    isEqual,
  );
  return (
    <details class="advanced">
      <summary>
        {title}
        {notes.length > 0 && <span class="summary-note">{notes.join(", ")}</span>}
      </summary>
      <div class="stack">{children}</div>
    </details>
  );
}

/** Marks what a person has tagged, beside what the data says. */
import type { JSX } from "preact";
import type { Column } from "../../model/data/dataset";
import { counted } from "../../model/text/format";
import { Icon } from "../controls/icon";

export function TagMark({ column }: { readonly column: Column }): JSX.Element | null {
  const { tags } = column;
  if (!tags) return null;
  const told = tags.edits
    ? `${counted(tags.n_tagged, "value")} edited; the data is as it was`
    : `${counted(tags.n_tagged, "point")} tagged`;
  return (
    <span class="tag-mark" role="img" aria-label={told} title={told}>
      <Icon name={tags.edits ? "pencil" : "tag"} />
    </span>
  );
}

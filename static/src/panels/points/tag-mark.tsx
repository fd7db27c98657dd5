/** The mark of a column with tags. */
import type { JSX } from "preact";
import type { Column } from "../../model/data/dataset";
import { counted } from "../../model/text/format";
import { Icon } from "../controls/icon";

export function TagMark({ column }: { readonly column: Column }): JSX.Element | null {
  const { tags } = column;
  if (!tags) return null;
  const text = tags.edits
    ? `${counted(tags.n_tagged, "value")} edited; the data itself is unchanged`
    : `${counted(tags.n_tagged, "point")} tagged`;
  return (
    <span class="tag-mark" role="img" aria-label={text} title={text}>
      <Icon name={tags.edits ? "pencil" : "tag"} />
    </span>
  );
}

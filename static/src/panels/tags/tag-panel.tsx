/** Labels the selected points: choose a column, type a value, Enter. */
import type { JSX } from "preact";
import { openTagging } from "../../store/actions/tags";
import { shownTags } from "../../store/selectors/tags";
import { useOffered, useSelect, useStore } from "../context";
import { IconButton } from "../controls/icon-button";
import { TagForm } from "./tag-form";
import { TagStatus } from "./tag-status";

export function TagPanel(): JSX.Element | null {
  const store = useStore();
  const isOpen = useSelect(({ tags }) => tags.isOpen);
  const table = useSelect(shownTags);
  const isOffered = useOffered("open-tags");
  if (!isOffered) return null;
  if (!isOpen) return <TagStatus isQuiet={true} />;
  return (
    <section class="tags" aria-label="Tags">
      <div class="section-head">
        <h3 class="section-title">Tag</h3>
        <IconButton
          icon="close"
          name="Close tags"
          onPress={() => store.dispatch(openTagging(false))}
        />
      </div>
      {/* Above the form: what went wrong must not be scrolled to. */}
      <TagStatus isQuiet={false} />
      {table ? <TagForm table={table} /> : <p class="hint is-padded">Loading tags…</p>}
    </section>
  );
}

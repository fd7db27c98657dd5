/** Labels the selected points: choose a column, type a value, Enter. */
import type { JSX } from "preact";
import { openTagging } from "../../store/actions/tags";
import { shownTags } from "../../store/selectors/tags";
import { useOffered, useSelect, useStore } from "../context";
import { IconButton } from "../controls/icon-button";
import { Lazy } from "../controls/lazy";
import { TagStatus } from "./tag-status";

const FORM = async () => (await import("./tag-form")).TagForm;

export function TagPanel(): JSX.Element | null {
  const store = useStore();
  const isOpen = useSelect(({ tags }) => tags.isOpen);
  const hasTable = useSelect((state) => shownTags(state) !== null);
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
      <Lazy isWanted={hasTable} load={FORM} />
      {!hasTable && <p class="hint is-padded">Loading tags…</p>}
    </section>
  );
}

/** Whether the tags are saved and where; if not, why, and what can be done about it. */
import type { ComponentChildren, JSX } from "preact";
import { shownKept, shownTags } from "../../store/selectors/tags";
import type { KeptTags } from "../../store/state/tags";
import { useSelect, useStore } from "../context";
import { Icon } from "../controls/icon";

export interface TagStatusProps {
  /** Say only what needs something to be done. */
  readonly isQuiet: boolean;
}

export function TagStatus({ isQuiet }: TagStatusProps): JSX.Element | null {
  const kept = useSelect(shownKept);
  const table = useSelect(shownTags);
  if (!kept || !table) return null;
  const isWrong = kept.status === "failed" || kept.status === "conflict";
  if (isQuiet && !isWrong) return null;
  const isUnsaved = table !== kept.table;
  return (
    <div class={`tag-status${isWrong ? " is-wrong" : ""}`} role="status" aria-label="Saving tags">
      {isWrong && <Icon name="warning" />}
      <p>{sentence(kept, isUnsaved)}</p>
      <Ways kept={kept} />
    </div>
  );
}

function sentence(kept: KeptTags, isUnsaved: boolean): ComponentChildren {
  if (kept.status === "failed") return `Not saved: ${kept.message}`;
  if (kept.status === "conflict") {
    return `Not saved: ${kept.message} Merge keeps both; where both changed the same cell, yours wins.`;
  }
  if (kept.status === "saving" || isUnsaved) return "Saving…";
  if (!kept.isBeside) {
    return "Tags for this data are kept until the server stops, because it has no folder of its own.";
  }
  if (kept.revision === null) {
    return kept.file ? (
      <>
        Tags will be saved next to the data, in <File name={kept.file} />
      </>
    ) : (
      "No tags yet."
    );
  }
  if (kept.file === null) return "Kept in the server's memory until it stops.";
  return (
    <>
      Saved in <File name={kept.file} />
    </>
  );
}

function File({ name }: { readonly name: string }): JSX.Element {
  return (
    <span class="tag-file" title={name}>
      {name.split("/").at(-1)}
    </span>
  );
}

/** What can be done now, each a word. */
function Ways({ kept }: { readonly kept: KeptTags }): JSX.Element | null {
  const store = useStore();
  const { status, isBeside, file, revision } = kept;
  const isInMemory = file === null && revision !== null;
  const save = (isForSession: boolean) => store.request({ kind: "save-tags", isForSession });
  if (status === "saving") return null;
  return (
    <span class="tag-remedies">
      {status === "conflict" && (
        <>
          <Way name="Merge" onPress={() => store.request({ kind: "settle-tags", how: "merge" })} />
          <Way
            name="Take theirs"
            onPress={() => store.request({ kind: "settle-tags", how: "theirs" })}
          />
        </>
      )}
      {status === "failed" && <Way name="Retry" onPress={() => save(false)} />}
      {status === "failed" && isBeside && (
        <Way name="Keep until the server stops" onPress={() => save(true)} />
      )}
      {status === "clean" && isInMemory && isBeside && (
        <Way name="Save next to the data" onPress={() => save(false)} />
      )}
      {(status !== "clean" || isInMemory) && (
        <Way name="Download" onPress={() => store.request({ kind: "download-tags" })} />
      )}
    </span>
  );
}

function Way({ name, onPress }: { readonly name: string; readonly onPress: () => void }) {
  return (
    <button type="button" class="link" onClick={onPress}>
      {name}
    </button>
  );
}

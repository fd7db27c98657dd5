/** Bookmarks: views that are kept in this browser, in a file, or as a link. */
import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import type { Bookmark } from "../../model/view/bookmark";
import { addBookmark, removeBookmark, renameBookmark } from "../../store/actions/bookmarks";
import { currentEntry } from "../../store/selectors/companions";
import { filesKey } from "../../store/selectors/table";
import { useOffered, useSelect, useStore } from "../context";
import { Icon } from "../controls/icon";
import { IconButton } from "../controls/icon-button";
import { NameField } from "../controls/name-field";

export function BookmarksPanel(): JSX.Element {
  const bookmarks = useSelect((state) => state.bookmarks);
  return (
    <section class="bookmarks" aria-label="Bookmarks">
      <Head />
      <Offered />
      {bookmarks.length === 0 ? (
        <p class="hint is-padded">
          A bookmark saves the run, step, projection, colors, filters, selections and camera. This
          browser keeps it for this log directory. Bookmark files from TensorBoard can be opened,
          too.
        </p>
      ) : (
        <ul class="bookmark-list">
          {bookmarks.map((bookmark, at) => (
            <Row key={at} bookmark={bookmark} at={at} />
          ))}
        </ul>
      )}
    </section>
  );
}

function Head(): JSX.Element {
  const store = useStore();
  return (
    <div class="bookmarks-head">
      <button
        type="button"
        class="button is-primary"
        title="Save this view (Ctrl D)"
        onClick={() => store.dispatch(addBookmark())}
      >
        <Icon name="bookmark" />
        Bookmark this view
      </button>
      <FileButtons />
    </div>
  );
}

/** Bookmarks leave this browser as a link or a file, and come back from a file. */
function FileButtons(): JSX.Element {
  const store = useStore();
  const hasNone = useSelect(({ bookmarks }) => bookmarks.length === 0);
  const hasLink = useOffered("copy-link");
  const file = useRef<HTMLInputElement>(null);
  return (
    <>
      <div class="button-row">
        {hasLink && (
          <button
            type="button"
            class="button"
            onClick={() => store.request({ kind: "copy-link" })}
            title="Copy a link to this view"
          >
            Copy link
          </button>
        )}
        <button
          type="button"
          class="button"
          disabled={hasNone}
          onClick={() => store.request({ kind: "save-bookmarks" })}
        >
          Save file
        </button>
        <button type="button" class="button" onClick={() => file.current?.click()}>
          Open file
        </button>
      </div>
      <input
        ref={file}
        type="file"
        class="visually-hidden"
        tabIndex={-1}
        accept=".json,.txt,application/json,text/plain"
        aria-label="Bookmark file from projector or TensorBoard"
        onChange={({ currentTarget }) => {
          const [chosen] = currentTarget.files ?? [];
          if (chosen) store.request({ kind: "open-bookmarks", file: chosen });
          // The same file can be opened once more.
          currentTarget.value = "";
        }}
      />
    </>
  );
}

const NONE: readonly Bookmark[] = [];

/** What the log directory has for this tensor; it can be shown, and only shown. */
function Offered(): JSX.Element | null {
  const store = useStore();
  const offered = useSelect((state) =>
    currentEntry(state)?.has_bookmarks && state.offeredBookmarks.of === filesKey(state)
      ? state.offeredBookmarks
      : null,
  );
  if (!offered) return null;
  return (
    <section class="bookmarks-offered" aria-label="Bookmarks from the log directory">
      <h3 class="bookmarks-title">From the log directory</h3>
      {offered.error !== null && <p class="hint is-padded">{offered.error}</p>}
      <ul class="bookmark-list">
        {(offered.value ?? NONE).map((bookmark, at) => (
          <li key={at} class="bookmark-row">
            <button
              type="button"
              class="bookmark-show"
              title={`Show ${bookmark.name}`}
              onClick={() => store.request({ kind: "show-bookmark", bookmark })}
            >
              <Icon name="play" />
              <span>{bookmark.name}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Row({ bookmark, at }: { readonly bookmark: Bookmark; readonly at: number }): JSX.Element {
  const store = useStore();
  const { name } = bookmark;
  return (
    <li class="bookmark-row">
      <IconButton
        icon="play"
        name={`Show ${name}`}
        onPress={() => store.request({ kind: "show-bookmark", bookmark })}
      />
      <NameField value={name} onChange={(next) => store.dispatch(renameBookmark(at, next))} />
      <IconButton
        icon="close"
        name={`Delete ${name}`}
        onPress={() => store.dispatch(removeBookmark(at))}
      />
    </li>
  );
}

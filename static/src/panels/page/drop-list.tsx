/** Files that are being uploaded, and why some could not be opened. */
import type { JSX } from "preact";
import { type Drop, fileSize, namesOf, shareSent, type Upload } from "../../model/data/file-drop";
import { useSelect, useStore } from "../context";
import { Icon } from "../controls/icon";
import { IconButton } from "../controls/icon-button";

export function DropList(): JSX.Element | null {
  const drops = useSelect(({ fileDrops }) => fileDrops.drops);
  if (drops.length === 0) return null;
  return (
    <div class="drop-list">
      {drops.map((drop) =>
        drop.state === "failed" ? (
          <Refused key={drop.batch} drop={drop} />
        ) : (
          <Sending key={drop.batch} drop={drop} />
        ),
      )}
    </div>
  );
}

function Sending({ drop }: { readonly drop: Drop }): JSX.Element {
  const store = useStore();
  const { batch, files, state } = drop;
  const names = namesOf(files);
  const sent = files.reduce(
    (sum, each) => sum + (each.state === "done" ? each.size : each.sent),
    0,
  );
  const total = files.reduce((sum, { size }) => sum + size, 0);
  return (
    <section class="drop" aria-label={`Opening ${names}`}>
      <div class="drop-head">
        <strong class="drop-name">{names}</strong>
        <IconButton
          icon="close"
          name={`Cancel ${names}`}
          onPress={() => store.request({ kind: "cancel-drop", batch })}
        />
      </div>
      <progress
        aria-label={`Sending ${names}`}
        // Without a value it says that it is at work, and not how far.
        {...(state === "sending" && { value: shareSent(drop) })}
        max={1}
      />
      <p class="hint number">
        {state === "reading" ? "Reading the files…" : `${fileSize(sent)} of ${fileSize(total)}`}
      </p>
    </section>
  );
}

function Refused({ drop: { batch, files } }: { readonly drop: Drop }): JSX.Element {
  const store = useStore();
  const refused = files.filter((each) => each.message !== null);
  return (
    <section class="drop is-failed" role="alert" aria-label={`Not opened: ${namesOf(refused)}`}>
      <Icon name="warning" />
      <ul>{refused.map(reason)}</ul>
      <IconButton
        icon="close"
        name="Dismiss"
        onPress={() => store.request({ kind: "cancel-drop", batch })}
      />
    </section>
  );
}

function reason({ name, message }: Upload): JSX.Element {
  return (
    <li key={name}>
      <strong class="drop-name">{name}</strong>
      <p>{message}</p>
    </li>
  );
}

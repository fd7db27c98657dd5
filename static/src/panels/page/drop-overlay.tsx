/** What will happen to files while they are dragged over the page. */
import type { JSX } from "preact";
import { counted } from "../../model/text/format";
import { useSelect } from "../context";
import { Icon } from "../controls/icon";

export function DropOverlay(): JSX.Element | null {
  const dragged = useSelect(({ fileDrops }) => fileDrops.dragged);
  if (dragged === null) return null;
  return (
    <div class="drop-overlay" role="status">
      <div class="drop-frame">
        <Icon name="open" />
        <h2>Drop to open {dragged === 1 ? "the file" : counted(dragged, "file")}</h2>
        <p>
          Kept on this machine until projector stops.
          {dragged === 1 && " Drop vectors and their metadata together."}
        </p>
      </div>
    </div>
  );
}

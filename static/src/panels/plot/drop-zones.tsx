/** Over a view while something is dragged: where a drop opens another view, and where it changes this one. */
import type { JSX } from "preact";
import { MOST_VIEWS } from "../../model/view/view";
import type { DropSide } from "../../store/actions/dropped-parts";
import { viewLetter } from "../../store/selectors/views";
import { useSelect } from "../context";

export function DropZones(): JSX.Element | null {
  const part = useSelect(({ page }) => page.draggedPart);
  const own = useSelect(({ views }) => views.own);
  const letter = useSelect(viewLetter);
  const hasRoom = useSelect(({ views }) => views.order.length < MOST_VIEWS);
  if (part === null) return null;
  const zone = (side: DropSide, name: string, text: string) => (
    <div
      class={`drop-zone is-${side}`}
      role="img"
      aria-label={name}
      data-drop-view={own}
      data-drop-side={side}
    >
      <span>{text}</span>
    </div>
  );
  return (
    <div class="drop-zones">
      {hasRoom && zone("before", `Open ${part} before view ${letter}`, `Open ${part}`)}
      {zone("instead", `Show ${part} in view ${letter}`, `Show ${part}`)}
      {hasRoom && zone("behind", `Open ${part} behind view ${letter}`, `Open ${part}`)}
    </div>
  );
}

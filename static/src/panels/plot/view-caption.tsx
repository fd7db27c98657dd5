/** What a view shows, above its plot, where there are several views. */
import type { JSX } from "preact";
import { activateView, removeView, setCameraFree } from "../../store/actions/views";
import { titleWords, viewLetter, viewTitle } from "../../store/selectors/views";
import { useSelect, useStore } from "../context";
import { IconButton } from "../controls/icon-button";
import { Lazy } from "../controls/lazy";

const MENUS = async () => (await import("./caption-menus")).CaptionMenus;

export function ViewCaption(): JSX.Element {
  const store = useStore();
  const own = useSelect(({ views }) => views.own);
  const letter = useSelect(viewLetter);
  const isActive = useSelect(({ views }) => views.active === views.own);
  const title = useSelect(viewTitle);
  const short = useSelect((state) =>
    titleWords(state)
      .map(({ text }) => text)
      .join(" · "),
  );
  const isLinked = useSelect(({ page }) => page.isCameraLinked);
  const isFree = useSelect(({ page }) => page.isCameraFree);
  return (
    <div class="view-caption">
      <button
        type="button"
        class="view-name"
        aria-pressed={isActive}
        aria-label={`${letter}: ${title}`}
        title={`${letter}: ${title}. The panels act on the view that is pressed.`}
        onClick={() => store.dispatch(activateView(own))}
      >
        <span class="view-letter">{letter}</span>
        <span class="view-title">{short}</span>
      </button>
      <Lazy isWanted load={MENUS} />
      {isLinked && (
        <IconButton
          icon="link"
          name={`Move view ${letter} with the others`}
          isPressed={!isFree}
          onPress={() => store.dispatch(setCameraFree(own, !isFree))}
        />
      )}
      <IconButton
        icon="close"
        name={`Close view ${letter}`}
        onPress={() => store.dispatch(removeView(own))}
      />
    </div>
  );
}

/** What a view shows, above its plot, where there are several views. */
import type { JSX } from "preact";
import { count } from "../../model/text/format";
import { activateView, removeView } from "../../store/actions/views";
import { methodNamed } from "../../store/selectors/listing";
import { viewLetter } from "../../store/selectors/views";
import type { State } from "../../store/state/state";
import { useSelect, useStore } from "../context";
import { IconButton } from "../controls/icon-button";

export function ViewCaption(): JSX.Element {
  const store = useStore();
  const own = useSelect(({ views }) => views.own);
  const letter = useSelect(viewLetter);
  const isActive = useSelect(({ views }) => views.active === views.own);
  const title = useSelect(viewTitle);
  return (
    <div class="view-caption">
      <button
        type="button"
        class="view-name"
        aria-pressed={isActive}
        title={`${letter}: ${title}. The panels act on the view that is pressed.`}
        onClick={() => store.dispatch(activateView(own))}
      >
        <span class="view-letter">{letter}</span>
        <span class="view-title">{title}</span>
      </button>
      <IconButton
        icon="close"
        name={`Close view ${letter}`}
        onPress={() => store.dispatch(removeView(own))}
      />
    </div>
  );
}

/** "mlp-relu · hidden · step 2,000 · UMAP" */
export function viewTitle(state: State): string {
  const { place, request } = state.view;
  const { shown } = state.work;
  const method = shown?.method ?? request.method;
  const title = methodNamed(state, method)?.title ?? method;
  if (!place) return title;
  const step = place.step === null ? [] : [`step ${count(place.step)}`];
  return [place.run, place.name, ...step, title].filter((part) => part !== "").join(" · ");
}

/** What a view shows, above its plot, where there are several views. */
import type { JSX } from "preact";
import { count } from "../../model/text/format";
import { activateView, removeView } from "../../store/actions/views";
import { methodNamed } from "../../store/selectors/listing";
import { ownSettings, viewLetter } from "../../store/selectors/views";
import type { State } from "../../store/state/state";
import { viewParts } from "../../store/state/views-state";
import { useSelect, useStore } from "../context";
import { IconButton } from "../controls/icon-button";

export function ViewCaption(): JSX.Element {
  const store = useStore();
  const own = useSelect(({ views }) => views.own);
  const letter = useSelect(viewLetter);
  const isActive = useSelect(({ views }) => views.active === views.own);
  const title = useSelect(viewTitle);
  const short = useSelect(shortTitle);
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
        <span class="view-title">{short}</span>
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
  return Object.values(titleParts(state)).filter(Boolean).join(" · ");
}

/** Only that in which it differs from the other views; all of it where it differs in nothing. */
function shortTitle(state: State): string {
  const differing = state.views.differing.split(" ");
  const parts = Object.entries(titleParts(state)).filter(([name]) => differing.includes(name));
  const texts = parts.map(([, text]) => text).filter(Boolean);
  const settings = differing.includes("run") ? ownSettings(state) : "";
  if (settings) texts.push(settings);
  return texts.length > 0 ? texts.join(" · ") : viewTitle(state);
}

function titleParts(state: State): Readonly<Record<string, string>> {
  const { run = "", tensor = "", step, method } = viewParts(state.view);
  const title = methodNamed(state, method)?.title ?? method;
  return {
    run,
    tensor,
    step: typeof step === "number" ? `step ${count(step)}` : "",
    method: title,
  };
}

/** What a view shows, word by word; each word is a menu of what else it could show. */
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { isEqual } from "../../model/data/equality";
import { type Place, runsOf, tensorsOf } from "../../model/data/listing";
import { count } from "../../model/text/format";
import { overlayViews } from "../../store/actions/layout";
import { goToRun, goToStep, goToTensor } from "../../store/actions/place";
import { openMethod } from "../../store/actions/projection";
import { activateView } from "../../store/actions/views";
import { listingOf, methodsOf } from "../../store/selectors/listing";
import { type TitleWord, titleWords, viewLetter } from "../../store/selectors/views";
import type { Store } from "../../store/store";
import { useSelect, useStore } from "../context";
import { titleOf } from "../page/run-title";

/** Longer lists are searched in the header. */
const MOST_OPTIONS = 400;

interface Option {
  readonly value: string;
  readonly text: string;
}

type Part = Exclude<TitleWord["part"], "settings">;

export function CaptionMenus(): JSX.Element {
  const letter = useSelect(viewLetter);
  const words = useSelect(titleWords, [], isEqual);
  return (
    <span class="caption-words">
      <Overlay />
      {words.map(({ part, text }) => (
        <Word key={part} part={part} text={text} letter={letter} />
      ))}
    </span>
  );
}

/** In a narrow window, which shows one view: the others over it. */
function Overlay(): JSX.Element | null {
  const store = useStore();
  const isActive = useSelect(({ views }) => views.own === views.active);
  const letter = useSelect(viewLetter);
  const isOverlaid = useSelect(({ layout }) => layout.isOverlaid);
  // In the active view: a press elsewhere changes which one is.
  if (!isActive) return null;
  return (
    <button
      type="button"
      class="caption-overlay"
      aria-pressed={isOverlaid}
      title="Draw the other views over the one that is shown"
      onClick={() => store.dispatch(overlayViews(!isOverlaid))}
    >
      Overlay<span class="visually-hidden"> of the others on view {letter}</span>
    </button>
  );
}

interface WordProps extends TitleWord {
  readonly letter: string;
}

function Word({ part, text, letter }: WordProps): JSX.Element {
  const store = useStore();
  const own = useSelect(({ views }) => views.own);
  const options = useOptions(part);
  const value = useSelect(({ view }) => valueIn(part, view.place, view.request.method));
  const activate = () => store.dispatch(activateView(own));
  if (part === "settings" || options.length < 2 || options.length > MOST_OPTIONS) {
    return <span class="caption-word">{text}</span>;
  }
  return (
    <span class="caption-word is-menu">
      <span aria-hidden="true">{text}</span>
      <select
        aria-label={`${NAMES[part]} of view ${letter}`}
        title={text}
        value={value}
        onFocus={activate}
        onChange={({ currentTarget }) => {
          activate();
          choose(store, part, currentTarget.value);
        }}
      >
        {options.map((each) => (
          <option key={each.value} value={each.value}>
            {each.text}
          </option>
        ))}
      </select>
    </span>
  );
}

const NAMES: Readonly<Record<Part, string>> = {
  run: "Run",
  tensor: "Tensor",
  step: "Step",
  method: "Method",
};

const NO_OPTIONS: readonly Option[] = [];

function useOptions(part: WordProps["part"]): readonly Option[] {
  const listing = useSelect(listingOf);
  const methods = useSelect(methodsOf);
  const run = useSelect(({ view }) => view.place?.run);
  const name = useSelect(({ view }) => view.place?.name);
  return useMemo(() => {
    if (part === "method") {
      return methods?.map((each) => ({ value: each.name, text: each.title })) ?? NO_OPTIONS;
    }
    if (!listing || run === undefined) return NO_OPTIONS;
    if (part === "run")
      return runsOf(listing).map((each) => ({ value: each, text: titleOf(each) }));
    const tensors = tensorsOf(listing, run);
    if (part === "tensor") return tensors.map((each) => ({ value: each.name, text: each.name }));
    const steps = part === "step" ? tensors.find((each) => each.name === name)?.steps : undefined;
    return (
      steps?.flatMap(({ step }) =>
        step === null ? [] : [{ value: String(step), text: `step ${count(step)}` }],
      ) ?? NO_OPTIONS
    );
  }, [part, listing, methods, run, name]);
}

function valueIn(part: WordProps["part"], place: Place | null, method: string): string {
  if (part === "method") return method;
  if (part === "run") return place?.run ?? "";
  return part === "tensor" ? (place?.name ?? "") : String(place?.step ?? "");
}

function choose(store: Store, part: Part, value: string): void {
  if (part === "run") store.dispatch(goToRun(value));
  if (part === "tensor") store.dispatch(goToTensor(value));
  if (part === "step") store.dispatch(goToStep(Number(value)));
  if (part === "method") {
    store.dispatch(openMethod(value));
    store.request({ kind: "run" });
  }
}

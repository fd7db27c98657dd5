/** Commands for several views: split, close, link, and sets of views that are worth comparing. */
import { evenly } from "../../model/data/evenly";
import { type Entry, placeOf, runsOf, tensorsOf } from "../../model/data/listing";
import { MOST_VIEWS, type View } from "../../model/view/view";
import { setCamerasLinked, setStepLink } from "../actions/page";
import { viewAt } from "../actions/place";
import { activateNext, openViews, removeView, splitView } from "../actions/views";
import { offers } from "../offered";
import { listingOf, methodNamed } from "../selectors/listing";
import { ownPairs, showsSeveralRuns } from "../selectors/views";
import type { State } from "../state/state";
import type { CommandDefinition } from "./command";

const VIEWS = { group: "Views" } as const;
const METHODS: readonly string[] = ["pca", "tsne", "umap"];

/** Sets of views, each made of what a state offers; it is offered where it has two or more. */
const SETS: readonly {
  readonly id: string;
  readonly title: (n: number, nAll: number) => string;
  readonly all: (state: State) => readonly Partial<View>[];
}[] = [
  {
    id: "compare.runs",
    title: (n, nAll) => (n === nAll ? `Compare the ${n} runs` : `Compare ${n} of ${nAll} runs`),
    all: (state) => entriesOfRuns(state).map((entry) => viewAt(state, placeOf(entry))),
  },
  {
    id: "compare.first-and-last",
    title: () => "Compare the first and the last step",
    all: (state) => {
      const steps = stepsOf(state);
      const ends = [steps[0], steps.at(-1)].filter((each) => each !== undefined);
      return steps.length < 2 ? [] : ends.map((entry) => viewAt(state, placeOf(entry)));
    },
  },
  {
    id: "compare.steps",
    title: (n, nAll) =>
      n === nAll ? `Show all ${n} steps side by side` : `Show ${n} of ${nAll} steps side by side`,
    all: (state) => stepsOf(state).map((entry) => viewAt(state, placeOf(entry))),
  },
  {
    id: "compare.methods",
    title: () => "Compare PCA, t-SNE and UMAP",
    all: (state) => {
      if (!METHODS.every((method) => methodNamed(state, method))) return [];
      const { dims, drafts } = state.view;
      return METHODS.map((method) => ({
        method,
        request: { method, params: drafts[method] ?? {}, dims },
        camera: null,
      }));
    },
  },
];

export const VIEW_COMMANDS: readonly CommandDefinition[] = [
  {
    ...VIEWS,
    id: "views.split",
    title: "Split: one more view",
    keys: ["\\"],
    isEnabled: ({ views }) => views.order.length < MOST_VIEWS,
    run: (store) => store.dispatch(splitView()),
  },
  {
    ...VIEWS,
    id: "views.close",
    title: "Close this view",
    keys: ["Shift+W"],
    isEnabled: hasSeveral,
    run: (store) => store.dispatch(removeView(store.state.peek().views.active)),
  },
  {
    ...VIEWS,
    id: "views.next",
    title: "Next view",
    keys: ["J"],
    isEnabled: hasSeveral,
    run: (store) => store.dispatch(activateNext(1)),
  },
  {
    ...VIEWS,
    id: "views.link-cameras",
    title: "Link the cameras",
    keys: ["K"],
    isEnabled: hasSeveral,
    isOn: ({ page }) => page.isCameraLinked,
    run: (store) => store.dispatch((state) => setCamerasLinked(!state.page.isCameraLinked)(state)),
  },
];

/** Where views show several runs: whether the others go along to another step. */
export const STEP_LINK_COMMANDS: readonly CommandDefinition[] = (
  [
    ["step", "Other runs go along to the same step"],
    ["share", "Other runs go along to the same share of training"],
    ["off", "Other runs stay at their steps"],
  ] as const
).map(([link, title]) => ({
  ...VIEWS,
  id: `views.steps-${link}`,
  title,
  isEnabled: showsSeveralRuns,
  isOn: ({ page }: State) => page.stepLink === link,
  run: (store) => store.dispatch(setStepLink(link)),
}));

/** Made when they are listed: they depend on what the log directory has. */
export function comparisonCommands(state: State): readonly CommandDefinition[] {
  return SETS.flatMap(({ id, title, all }) => {
    const parts = all(state);
    if (parts.length < 2) return [];
    const shown = evenly(parts, MOST_VIEWS);
    return {
      ...VIEWS,
      id,
      title: title(shown.length, parts.length),
      run: (store) => store.dispatch(openViews(shown)),
    };
  });
}

/** One for each view that shows the same points as this one at another step, or of another run. */
export function driftCommands(state: State): readonly CommandDefinition[] {
  return ownPairs(state).map(({ from, to }) => ({
    ...VIEWS,
    id: `drift.${from.dataset}.${to.dataset}`,
    title: `Show the drift from ${from.letter} to ${to.letter}`,
    isOffered: offers("show-drift"),
    run: (store) => store.request({ kind: "show-drift", from: from.dataset, to: to.dataset }),
  }));
}

function hasSeveral({ views }: State): boolean {
  return views.order.length > 1;
}

/** Of each run the tensor that is shown, at the step that comes nearest. */
function entriesOfRuns(state: State): readonly Entry[] {
  const listing = listingOf(state);
  const { place } = state.view;
  if (!listing || !place) return [];
  return runsOf(listing).flatMap((run) => {
    const steps = tensorsOf(listing, run).find(({ name }) => name === place.name)?.steps ?? [];
    const exact = steps.find(({ step }) => step === place.step) ?? steps.at(-1);
    return exact ?? [];
  });
}

function stepsOf(state: State): readonly Entry[] {
  const listing = listingOf(state);
  const { place } = state.view;
  if (!listing || !place) return [];
  return tensorsOf(listing, place.run).find(({ name }) => name === place.name)?.steps ?? [];
}

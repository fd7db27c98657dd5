/** Commands for steps, runs and tensors, and for the projection that is computed. */
import { runsOf, tensorsOf } from "../../model/data/listing";
import type { Method } from "../../model/projection/method";
import { openInspector, setPlaying } from "../actions/page";
import { goToRun, goToTensor, moveStep } from "../actions/place";
import { compareWithLast, openMethod, resetParameters, setDims } from "../actions/projection";
import { offers } from "../offered";
import { formProblems } from "../selectors/form";
import { listingOf, methodsOf } from "../selectors/listing";
import type { State } from "../state/state";
import type { CommandDefinition } from "./command";

const DATA = { group: "Data" } as const;
const PROJECTION = { group: "Projection" } as const;

export const STEP_COMMANDS: readonly CommandDefinition[] = [
  {
    ...DATA,
    id: "step.previous",
    title: "Previous step",
    keys: ["["],
    isEnabled: hasSteps,
    run: (store) => store.dispatch(moveStep(-1)),
  },
  {
    ...DATA,
    id: "step.next",
    title: "Next step",
    keys: ["]"],
    isEnabled: hasSteps,
    run: (store) => store.dispatch(moveStep(1)),
  },
  {
    ...DATA,
    id: "step.play",
    title: ({ page }) => (page.isPlaying ? "Pause the steps" : "Play through the steps"),
    keys: ["P"],
    isEnabled: hasSteps,
    run: (store) => store.dispatch((state) => setPlaying(!state.page.isPlaying)(state)),
  },
  {
    ...DATA,
    id: "search.points",
    title: "Search points",
    keys: ["/", "Ctrl+F"],
    run: (store) => {
      store.dispatch(openInspector("inspect"));
      store.request({ kind: "focus-search" });
    },
  },
];

export const PROJECTION_COMMANDS: readonly CommandDefinition[] = [
  {
    ...PROJECTION,
    id: "projection.run",
    title: "Run projection",
    keys: ["R"],
    isEnabled: (state) => formProblems(state).length === 0,
    run: (store) => store.request({ kind: "run" }),
  },
  {
    ...PROJECTION,
    id: "projection.stop",
    title: "Stop projection",
    isOffered: offers("stop"),
    run: (store) => store.request({ kind: "stop" }),
  },
  {
    ...PROJECTION,
    id: "projection.compare",
    title: "Compare with previous projection",
    keys: ["C"],
    isEnabled: ({ work }) => work.before !== null,
    run: (store) => store.dispatch(compareWithLast()),
  },
  {
    ...PROJECTION,
    id: "projection.reset-parameters",
    title: "Reset parameters",
    run: (store) => store.dispatch(resetParameters()),
  },
  {
    ...PROJECTION,
    id: "projection.dims",
    title: ({ view }) => (view.dims === 2 ? "Show in 3D" : "Show in 2D"),
    keys: ["D"],
    onSheet: "2D or 3D",
    run: (store) => store.dispatch((state) => setDims(state.view.dims === 2 ? 3 : 2)(state)),
  },
];

const NO_METHODS: readonly Method[] = [];
/** Methods come once from the server, so their commands are made once. */
const made = new WeakMap<readonly Method[], readonly CommandDefinition[]>();

/** The only commands with keys that depend on the state: 1, 2, … in the order of the methods. */
export function methodCommands(state: State): readonly CommandDefinition[] {
  const methods = methodsOf(state) ?? NO_METHODS;
  const known = made.get(methods);
  if (known) return known;
  const commands = methods.map(
    ({ name, title }, at): CommandDefinition => ({
      ...PROJECTION,
      id: `method.${name}`,
      title: `Open ${title}`,
      keys: [String(at + 1)],
      isOn: ({ view }) => view.method === name,
      run: (store) => store.dispatch(openMethod(name)),
    }),
  );
  made.set(methods, commands);
  return commands;
}

/** The other runs and tensors, where there are any. */
export function placeCommands(state: State): readonly CommandDefinition[] {
  const listing = listingOf(state);
  if (!listing) return [];
  const runs = runsOf(listing);
  const tensors = tensorsOf(listing, state.view.place?.run ?? "");
  return [
    ...(runs.length > 1 ? runs : []).map(
      (name): CommandDefinition => ({
        ...DATA,
        id: `run.${name}`,
        title: `Go to run ${name}`,
        isOn: (state) => state.view.place?.run === name,
        run: (store) => store.dispatch(goToRun(name)),
      }),
    ),
    ...(tensors.length > 1 ? tensors : []).map(
      ({ name }): CommandDefinition => ({
        ...DATA,
        id: `tensor.${name}`,
        title: `Go to tensor ${name}`,
        isOn: (state) => state.view.place?.name === name,
        run: (store) => store.dispatch(goToTensor(name)),
      }),
    ),
  ];
}

function hasSteps(state: State): boolean {
  const listing = listingOf(state);
  const { place } = state.view;
  if (!listing || !place) return false;
  const tensor = tensorsOf(listing, place.run).find(({ name }) => name === place.name);
  return (tensor?.steps.length ?? 0) > 1;
}

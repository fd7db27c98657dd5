/** What of the open form cannot be computed, and why. */
import {
  checkText,
  currentValue,
  type Method,
  type Parameter,
} from "../../model/projection/method";
import { formGroups } from "../../model/projection/parameter-form";
import { parsePoints } from "../../model/projection/point-ranges";
import type { State } from "../state/state";
import { methodNamed } from "./listing";
import { shownDataset } from "./shown";

export function mistypedKey(method: string, name: string): string {
  return `${method}.${name}`;
}

/** What stands in the field of a parameter where it is no value; null where it is one. */
export function mistypedText(state: State, parameter: Parameter): string | null {
  const { method, drafts } = state.view;
  const found = state.work.mistyped[mistypedKey(method, parameter.name)];
  return found && found.over === currentValue(parameter, drafts[method] ?? {}) ? found.text : null;
}

/** Why the open form cannot be run: one sentence for each parameter; none where it can. */
export function formProblems(state: State): readonly string[] {
  const method = methodNamed(state, state.view.method);
  if (!method) return [];
  const { basic, advanced, preprocessing, labels } = formGroups(method, state.view.dims);
  const shown = [...basic, ...advanced, ...preprocessing, ...labels];
  const wrong = shown.flatMap((parameter) => {
    const problem = problemOf(state, parameter);
    return problem === null ? [] : [`${parameter.name}: ${problem}`];
  });
  return [...wrong, ...missingPoints(state, method, shown)];
}

function problemOf(state: State, parameter: Parameter): string | null {
  if (parameter.kind === "points") {
    const parsed = parsePoints(pointsText(state, parameter), nPointsOf(state));
    return "message" in parsed ? parsed.message : null;
  }
  const text = mistypedText(state, parameter);
  const checked = text === null ? null : checkText(parameter, text);
  return checked && "message" in checked ? checked.message : null;
}

/**
 * What is done at once and asks for points has nothing to show without any: axes between all points
 * and all points lead nowhere, and everything would be on one spot.
 */
function missingPoints(
  state: State,
  method: Method,
  shown: readonly Parameter[],
): readonly string[] {
  const sets = shown.filter(({ kind }) => kind === "points");
  const isGiven = sets.some((parameter) => pointsText(state, parameter).trim() !== "");
  return sets.length === 0 || isGiven || !method.is_instant
    ? []
    : [`${method.title} needs the points of at least one end: select some, or type labels.`];
}

function pointsText({ view }: State, parameter: Parameter): string {
  const value = currentValue(parameter, view.drafts[view.method] ?? {});
  return value === null ? "" : String(value);
}

function nPointsOf(state: State): number | null {
  return shownDataset(state)?.info.n_points ?? null;
}

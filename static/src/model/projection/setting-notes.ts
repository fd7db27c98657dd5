/** Says in words what a projection was made with: for the status bar and for folded groups. */
import { count } from "../text/format";
import {
  currentValue,
  isShownInForm,
  type Method,
  type Parameter,
  type ParameterGroup,
  type Params,
} from "./method";
import { isInEffect, isSet } from "./parameter-form";

/** The order of the groups: what was done first comes first. */
const ORDER: readonly ParameterGroup[] = ["preprocessing", "labels", "scale", ""];

/** "centered", "supervised by label", "5,000 landmarks", "n_neighbors 15". */
export function settingNotes(method: Method, params: Params): string[] {
  return ORDER.flatMap((group) => groupNotes(method, params, group));
}

export function groupNotes(method: Method, params: Params, group: ParameterGroup): string[] {
  return method.parameters
    .filter((each) => each.group === group && isShownInForm(each))
    .filter((each) => isInEffect(method, each, params))
    .flatMap((each) => noteOf(each, params));
}

function noteOf(parameter: Parameter, params: Params): string[] {
  const { name, kind, group, note, advanced } = parameter;
  const value = currentValue(parameter, params);
  const isUsual = value === parameter.default;
  if (note !== "") return isUsual ? [] : [note.replace("{value}", valueText(parameter, value))];
  // Points are too many to be listed; the axes say what they mean.
  if (group !== "" || kind === "points" || (advanced && isUsual)) return [];
  if (!isSet(value) || value === false) return [];
  return [value === true ? name : `${name} ${value}`];
}

/** A number of points is read more easily with separators; a seed is copied digit by digit. */
function valueText({ group, unset }: Parameter, value: Parameter["default"]): string {
  if (value === null) return unset;
  return group === "scale" && typeof value === "number" ? count(value) : String(value);
}

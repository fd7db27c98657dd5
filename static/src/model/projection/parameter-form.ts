/** Sorts a method's parameters into the groups of its form, and follows one setting to others. */
import {
  currentValue,
  isShownInForm,
  type Method,
  type Parameter,
  type ParameterValue,
  type Params,
  type Requirement,
  withoutDefaults,
} from "./method";
import type { Dims } from "./projection";

export interface FormGroups {
  readonly basic: readonly Parameter[];
  readonly advanced: readonly Parameter[];
  /** Done to the vectors before any method. */
  readonly preprocessing: readonly Parameter[];
  /** How metadata takes part in the layout. */
  readonly labels: readonly Parameter[];
}

export function formGroups(method: Method, dims: Dims, params: Params = {}): FormGroups {
  const { parameters, takes_labels } = method;
  const shown = parameters
    .filter((each) => isShownInForm(each) && !(each.only_3d && dims === 2))
    .filter((each) => isMet(method, each.requires, params));
  // Any other group, one that a later server adds too, stands among the method's own.
  const own = shown.filter(({ group }) => group !== "preprocessing" && group !== "labels");
  return {
    basic: own.filter(({ advanced }) => !advanced),
    advanced: own.filter(({ advanced }) => advanced),
    preprocessing: shown.filter(({ group }) => group === "preprocessing"),
    labels: takes_labels ? shown.filter(({ group }) => group === "labels") : [],
  };
}

/** Whether a parameter has the value that something else requires. */
export function isMet(
  { parameters }: Method,
  required: Requirement | null | undefined,
  params: Params,
): boolean {
  if (!required) return true;
  const other = parameters.find(({ name }) => name === required[0]);
  return other !== undefined && currentValue(other, params) === required[1];
}

/** The choices that there are with these settings. */
export function choicesOf(method: Method, parameter: Parameter, params: Params): readonly string[] {
  return parameter.choices.filter((each) => isMet(method, parameter.choices_if[each], params));
}

/** The parameters without which another one means nothing; none for most. */
function governing({ parameters }: Method, { kind, group, of }: Parameter): readonly Parameter[] {
  if (kind === "category") return parameters.filter(({ name }) => name === of);
  if (kind === "column" || group !== "labels") return [];
  return parameters.filter((each) => each.kind === "column" && each.group === "labels");
}

/** Whether a setting does something: how much labels count, only where a column was chosen. */
export function isInEffect(method: Method, parameter: Parameter, params: Params): boolean {
  if (!isMet(method, parameter.requires, params)) return false;
  const columns = governing(method, parameter);
  return columns.length === 0 || columns.some((each) => isSet(currentValue(each, params)));
}

/**
 * The settings with one of them changed. A value of the former column means nothing in the new one,
 * without a column nothing that it governs does, and what requires another value is reset.
 */
export function withParameter(
  method: Method | null,
  params: Params,
  name: string,
  value: ParameterValue,
): Params {
  if (!method) return { ...params, [name]: value };
  const next = { ...params, [name]: value };
  const changed = method.parameters.find((each) => each.name === name);
  if (changed && currentValue(changed, params) === value) return withoutDefaults(method, next);
  const stale = method.parameters
    .filter((each) => governing(method, each).some((column) => column.name === name))
    .filter((each) => each.kind === "category" || !isInEffect(method, each, next));
  const unmet = method.parameters.filter(
    (each) =>
      !(
        isMet(method, each.requires, next) &&
        isMet(method, each.choices_if[String(currentValue(each, next))], next)
      ),
  );
  const usual = Object.fromEntries([...stale, ...unmet].map((each) => [each.name, each.default]));
  return withoutDefaults(method, { ...next, ...usual });
}

export function isSet(value: ParameterValue | undefined): boolean {
  return value !== undefined && value !== null && value !== "";
}

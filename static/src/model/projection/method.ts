/** Methods and their parameters, as the server declares them. */

export type ParameterKind =
  | "int"
  | "float"
  | "bool"
  | "choice"
  | "text"
  /** A set of points: "3, 17, 20-40", or "= king + queen". */
  | "points"
  /** The name of a metadata column. */
  | "column"
  /** One value of the column that the parameter `of` names. */
  | "category";
/** Where a parameter stands in the form; "" with the method's own. */
export type ParameterGroup = "" | "preprocessing" | "labels" | "scale";
export type ParameterValue = number | boolean | string | null;
export type Params = Readonly<Record<string, ParameterValue>>;

export interface Parameter {
  readonly name: string;
  readonly kind: ParameterKind;
  /** null means "chosen from the data". */
  readonly default: ParameterValue;
  readonly help: string;
  readonly low: number | null;
  readonly high: number | null;
  readonly choices: readonly string[];
  readonly log: boolean;
  readonly advanced: boolean;
  readonly group: ParameterGroup;
  /** What null means, in a word: "all", "off"; "" where null is not allowed. */
  readonly unset: string;
  /** For the status bar where the value is not the default; "{value}" stands for it, "" is none. */
  readonly note: string;
  /** For a category: the parameter with its column; otherwise "". */
  readonly of: string;
  /** Whether it means something in three dimensions alone. */
  readonly only_3d: boolean;
  /** Another parameter, and the value that it must have for this one to have an effect. */
  readonly requires: Requirement | null;
  /** What some of the choices require, in the same way. */
  readonly choices_if: Readonly<Record<string, Requirement>>;
}

/** The name of a parameter, and a value of it. */
export type Requirement = readonly [string, ParameterValue];

/** Something that a method can do once while it runs. */
export interface MethodAction {
  readonly name: string;
  readonly title: string;
  readonly help: string;
}

export interface Method {
  readonly name: string;
  readonly title: string;
  readonly summary: string;
  /** Names of those that can be changed while it runs. */
  readonly live: readonly string[];
  /** With what alone they can be changed; null: always. */
  readonly live_if: Requirement | null;
  readonly parameters: readonly Parameter[];
  readonly actions: readonly MethodAction[];
  /** Done at once: nothing else needs to be shown meanwhile. */
  readonly is_instant: boolean;
  /** Positions may be asked for any of the components that it kept. */
  readonly keeps_components: boolean;
  /** Several steps may be laid out together. */
  readonly lays_out_series: boolean;
  /** The result may be rotated, mirrored and scaled as a whole without losing meaning. */
  readonly free_orientation: boolean;
  /** A metadata column may influence the layout. */
  /** The package and version that brings it, where it is no part of projector. */
  readonly plugin?: string | null;
  readonly takes_labels: boolean;
}

/**
 * The method of the first projection. The page knows it by name because it is asked for before
 * the declarations have come: the first projection must wait for nothing else. Everything else
 * that the page does with a method follows from its declaration.
 */
export const FIRST_METHOD = "pca";

/**
 * The parameter that the 2D/3D switch stands for. Every method that lets its number of dimensions
 * be chosen calls it so, as the estimators of the field do.
 */
export const N_COMPONENTS = "n_components";

/** Parameters that have a place of their own on the page and none in the form. */
export function isShownInForm(parameter: Parameter): boolean {
  return parameter.name !== N_COMPONENTS;
}

export function findMethod(methods: readonly Method[], name: string): Method | null {
  return methods.find((method) => method.name === name) ?? null;
}

/** The value in force: what was set, or else the declared default. */
export function currentValue(parameter: Parameter, params: Params): ParameterValue {
  const given = params[parameter.name];
  return given === undefined ? parameter.default : given;
}

/** Keep only what differs from the defaults, so that equal settings are equal values. */
export function withoutDefaults(method: Method | null, params: Params): Params {
  if (!method) return params;
  const kept: Record<string, ParameterValue> = {};
  for (const parameter of method.parameters) {
    const given = params[parameter.name];
    if (given !== undefined && given !== parameter.default) kept[parameter.name] = given;
  }
  return kept;
}

/** One text for one setting, whatever the order in which it was made. */
export function paramsKey(params: Params): string {
  return JSON.stringify(
    Object.keys(params)
      .sort()
      .map((name) => [name, params[name]]),
  );
}

export type Checked = { readonly value: ParameterValue } | { readonly message: string };

/** Read what a person typed. The server checks again; this only answers while typing. */
export function checkText(parameter: Parameter, text: string): Checked {
  const trimmed = text.trim();
  if (trimmed === "") {
    const { default: usual } = parameter;
    return usual === null || usual === "" ? { value: usual } : { message: "Enter a value." };
  }
  // A kind that this page does not know yet is a text, which the server checks.
  if (parameter.kind !== "int" && parameter.kind !== "float") return { value: text };
  const value = Number(trimmed);
  const { low, high } = parameter;
  const isAllowed =
    Number.isFinite(value) &&
    (parameter.kind !== "int" || Number.isInteger(value)) &&
    (low === null || value >= low) &&
    (high === null || value <= high);
  return isAllowed ? { value } : { message: rangeText(parameter) };
}

/** What is allowed, whichever part of it a text fails. */
function rangeText({ kind, low, high }: Parameter): string {
  const number = kind === "int" ? "a whole number" : "a number";
  const written = (end: number) => end.toLocaleString("en", { maximumFractionDigits: 9 });
  if (low !== null && high !== null) {
    return `Enter ${number} from ${written(low)} to ${written(high)}.`;
  }
  if (low !== null) return `Enter ${number} of at least ${written(low)}.`;
  return high === null ? `Enter ${number}.` : `Enter ${number} of at most ${written(high)}.`;
}

/** Read a value from a link: the declaration may not have come yet, so by its form alone. */
export function valueFromText(text: string): ParameterValue {
  if (text === "") return null;
  if (text === "true") return true;
  if (text === "false") return false;
  const quoted = /^"(.*)"$/s.exec(text);
  if (quoted) return quoted[1] ?? "";
  const value = Number(text);
  return Number.isFinite(value) && text.trim() !== "" ? value : text;
}

/** The same the other way: a label that is written as a number stays a text, in quotes. */
export function valueToText(value: ParameterValue): string {
  if (value === null) return "";
  const text = String(value);
  return typeof value === "string" && valueFromText(text) !== text ? `"${text}"` : text;
}

const STEPS = 200;

/** A slider's position (0 … STEPS) for a value, on a logarithmic scale where one is declared. */
export function toSlider(parameter: Parameter, value: number): number {
  const { low, high } = sliderRange(parameter);
  const share = parameter.log
    ? Math.log(Math.max(value, low) / low) / Math.log(high / low)
    : (value - low) / (high - low);
  return Math.round(Math.min(1, Math.max(0, share)) * STEPS);
}

export function fromSlider(parameter: Parameter, position: number): number {
  const { low, high } = sliderRange(parameter);
  const share = position / STEPS;
  const exact = parameter.log ? low * (high / low) ** share : low + (high - low) * share;
  if (parameter.kind === "int") return Math.round(exact);
  // Three digits are as fine as a hand on a slider; the text field takes all of them.
  return Number(exact.toPrecision(3));
}

export const SLIDER_STEPS = STEPS;

/** Both ends must be declared (and positive on a logarithmic scale) for a slider to make sense. */
export function hasSlider(parameter: Parameter): boolean {
  if (parameter.low === null || parameter.high === null || parameter.high <= parameter.low) {
    return false;
  }
  return parameter.log ? parameter.low > 0 : parameter.high - parameter.low <= 100_000;
}

function sliderRange(parameter: Parameter): { low: number; high: number } {
  return { low: parameter.low ?? 0, high: parameter.high ?? 1 };
}

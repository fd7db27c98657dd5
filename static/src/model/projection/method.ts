/** Methods and their parameters, as the server declares them. */

export type ParameterKind = "int" | "float" | "bool" | "choice" | "text";
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
}

export interface Method {
  readonly name: string;
  readonly title: string;
  readonly summary: string;
  /** Names of those that can be changed while it runs. */
  readonly live: readonly string[];
  readonly parameters: readonly Parameter[];
}

/**
 * The method of the first picture. It is the only one that is asked for before the declarations
 * have come, because a first picture must wait for nothing else.
 */
export const FIRST_METHOD = "pca";

/** The parameter that the 2D/3D switch stands for. */
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
    return parameter.default === null ? { value: null } : { message: "A value is needed" };
  }
  if (parameter.kind === "text") return { value: text };
  const value = Number(trimmed);
  if (!Number.isFinite(value)) return { message: "Not a number" };
  if (parameter.kind === "int" && !Number.isInteger(value)) {
    return { message: "Must be a whole number" };
  }
  if (parameter.low !== null && value < parameter.low) {
    return { message: `At least ${parameter.low}` };
  }
  if (parameter.high !== null && value > parameter.high) {
    return { message: `At most ${parameter.high}` };
  }
  return { value };
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
  // Three digits are as fine as a hand on a slider; the field beside it takes all of them.
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

/** The call in Python that gives the positions on the screen. */
import type { ParameterValue, Params } from "./method";

export interface PythonCall {
  /** Of the log directory; null for what was given to the server from memory. */
  readonly root: string | null;
  readonly run: string;
  readonly name: string;
  readonly step: number | null;
  readonly method: string;
  /** What differs from the defaults. */
  readonly params: Params;
  readonly dims: 2 | 3;
  /** Which of the components that were kept; null where the result is what is shown. */
  readonly components: readonly number[] | null;
  /** Its place among the steps that it was laid out together with; null where it was alone. */
  readonly together: number | null;
  /** What the call cannot say. */
  readonly notes: readonly string[];
}

export function pythonCall(call: PythonCall): string {
  const { root, run, name, step, method, params, dims, components, together, notes } = call;
  const place = [`run=${literal(run)}`, `name=${literal(name)}`];
  if (step !== null && together === null) place.push(`step=${step}`);
  const isLeading = components === null || components.every((each, axis) => each === axis);
  const nComponents = components === null ? null : dims;
  const arguments_ = [
    ...(nComponents === null ? [] : [`n_components=${nComponents}`]),
    ...Object.entries(params)
      .filter(([key]) => key !== "n_components" || nComponents === null)
      .map(([key, value]) => `${key}=${literal(value)}`),
  ];
  const positions = isLeading ? "p.positions" : `p.scores[:, [${components?.join(", ")}]]`;
  if (together !== null) return seriesCall(call, together, arguments_);
  return [
    "import projector",
    "",
    ...(root === null
      ? ["data = ...  # the Dataset that was given to projector.serve"]
      : [
          `log = projector.open_logdir(${literal(root)})`,
          `data = log.load(log.find(${place.join(", ")}))`,
        ]),
    ...notes.map((note) => `# ${note}`),
    `p = projector.project(data, ${[literal(method), ...arguments_].join(", ")})`,
    `positions = ${positions}`,
    "",
  ].join("\n");
}

/** All steps are one layout, and one of them is shown. */
function seriesCall(
  { root, run, name, method, notes }: PythonCall,
  step: number,
  arguments_: readonly string[],
): string {
  const isStep = `(e.run, e.name) == (${literal(run)}, ${literal(name)})`;
  return [
    "import projector",
    "",
    ...(root === null
      ? ["steps = ...  # the Datasets that were given to projector.serve, their steps ascending"]
      : [
          `log = projector.open_logdir(${literal(root)})`,
          `entries = [e for e in log.entries if ${isStep}]`,
          "steps = [log.load(e) for e in sorted(entries, key=lambda e: e.step)]",
        ]),
    ...notes.map((note) => `# ${note}`),
    `s = projector.project_series(steps, ${[literal(method), ...arguments_].join(", ")})`,
    `positions = s[${step}].positions`,
    "",
  ].join("\n");
}

/** Texts of JSON are texts of Python. */
function literal(value: ParameterValue): string {
  if (value === null) return "None";
  if (value === true) return "True";
  if (value === false) return "False";
  return JSON.stringify(value);
}

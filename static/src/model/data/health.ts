/** The health of one tensor at its steps, as the server measures it, and how it is told. */
import { compact, count, counted } from "../text/format";

export interface Alarm {
  /** The name of a figure. */
  readonly figure: string;
  /** A sentence with the numbers. */
  readonly message: string;
  readonly step: number | null;
}

export interface HealthStep {
  readonly step: number | null;
  readonly n_points: number;
  readonly n_dims: number;
  /** By name; null where one is not defined. */
  readonly figures: Readonly<Record<string, number | null>>;
  readonly warnings: readonly string[];
  readonly alarms: readonly Alarm[];
}

export interface HealthFigure {
  readonly name: string;
  readonly title: string;
  readonly formula: string;
}

export interface HealthSeries {
  readonly run: string;
  readonly name: string;
  readonly figures: readonly HealthFigure[];
  /** Steps ascending. */
  readonly steps: readonly HealthStep[];
}

/** One figure at all steps. */
export interface HealthRow extends HealthFigure {
  readonly steps: readonly number[];
  /** null where it is not defined. */
  readonly values: readonly (number | null)[];
  readonly alarms: readonly Alarm[];
}

/** The figures that are defined at any step: those with alarms first, else in the server's order. */
export function healthRows({ figures, steps }: HealthSeries): readonly HealthRow[] {
  const numbered = steps.filter(({ step }) => step !== null);
  const rows = figures
    .map((figure) => ({
      ...figure,
      steps: numbered.map(({ step }) => step ?? 0),
      values: numbered.map((each) => each.figures[figure.name] ?? null),
      alarms: numbered.flatMap((each) => each.alarms.filter((a) => a.figure === figure.name)),
    }))
    .filter(({ values }) => values.some((value) => value !== null));
  return [...rows].sort((a, b) => Number(b.alarms.length > 0) - Number(a.alarms.length > 0));
}

/** "step 800: 3 of 64 dimensions are dead, …" */
export function alarmText({ step, message }: Alarm): string {
  return step === null ? message : `step ${count(step)}: ${message}`;
}

/** The value at a step; null where it was not measured there, or is not defined. */
export function rowValue(row: HealthRow, step: number | null): number | null {
  const at = step === null ? -1 : row.steps.indexOf(step);
  return row.values[at] ?? null;
}

/** "Dead dimensions: 0 at step 0, 3 at step 2,000; 7 alarms" */
export function rowText({ title, steps, values, alarms }: HealthRow): string {
  const known = values.flatMap((value, at) => (value === null ? [] : [{ value, at }]));
  const ends = [...new Set([known[0], known.at(-1)])].flatMap((each) =>
    each ? [`${figureText(each.value)} at step ${count(steps[each.at] ?? 0)}`] : [],
  );
  const alarmed = alarms.length === 0 ? "" : `; ${counted(alarms.length, "alarm")}`;
  return `${title}: ${ends.join(", ")}${alarmed}`;
}

export function figureText(value: number): string {
  return Number.isInteger(value) ? count(value) : compact(value, 3);
}

/** Steps beyond are left out, evenly: each has a place of its own in the strip. */
export const MOST_MEASURED = 100;

/** The steps of one run whose health is measured. */
export interface RunSteps {
  readonly run: string;
  /** Their ids. */
  readonly datasets: readonly string[];
  /** Another one as soon as a file of them is rewritten. */
  readonly key: string;
  /** Numbers in all of them: how long it takes to measure them goes with it. */
  readonly nNumbers: number;
}

/** Alarms of one run: how many, and of which figures. */
export interface HealthSummary {
  readonly nSteps: number;
  readonly nAlarms: number;
  /** Of each figure with alarms its title, and how often it raised one; the most frequent first. */
  readonly figures: readonly { readonly title: string; readonly n: number }[];
  /** The last sentence of each of them. */
  readonly messages: readonly string[];
}

export function healthSummary({ figures, steps }: HealthSeries): HealthSummary {
  const alarms = steps.flatMap((each) => each.alarms);
  const found = figures.flatMap(({ name, title }) => {
    const own = alarms.filter(({ figure }) => figure === name);
    const last = own.at(-1);
    return last ? [{ title, n: own.length, message: alarmText(last) }] : [];
  });
  found.sort((a, b) => b.n - a.n);
  return {
    nAlarms: alarms.length,
    figures: found.map(({ title, n }) => ({ title, n })),
    messages: found.map(({ message }) => message),
    nSteps: steps.length,
  };
}

/** How a table has it: a number to sort by, a text, and what the text leaves out. */
export interface HealthCell {
  /** null where there is none, and why is in the title. */
  readonly nAlarms: number | null;
  readonly text: string;
  readonly title: string;
}

export function healthCell(summary: HealthSummary): HealthCell {
  const { nAlarms, nSteps, messages } = summary;
  const title = [`${counted(nAlarms, "alarm")} at ${counted(nSteps, "step")}`, ...messages];
  return { nAlarms, text: summaryText(summary), title: title.join("\n") };
}

/** "7: Dead dimensions", "9: Dead dimensions 7, Hubness 2"; "0" */
export function summaryText({ nAlarms, figures }: HealthSummary): string {
  if (nAlarms === 0) return "0";
  const [only] = figures;
  const named =
    figures.length === 1 && only
      ? only.title
      : figures.map(({ title, n }) => `${title} ${n}`).join(", ");
  return `${count(nAlarms)}: ${named}`;
}

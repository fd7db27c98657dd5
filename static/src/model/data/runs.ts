/** Training runs with their settings and results, and how a table of them is read. */
import { compact, count } from "../text/format";
import type { HealthCell } from "./health";

/** A number, a text, a truth value, null, a list or an object, as the training wrote it. */
export type Setting =
  | number
  | string
  | boolean
  | null
  | readonly Setting[]
  | { readonly [name: string]: Setting };

export interface Run {
  readonly name: string;
  readonly group: string;
  readonly status: "success" | "failure" | "running" | "unknown";
  /** Seconds since 1970. */
  readonly start_time: number | null;
  readonly end_time: number | null;
  readonly hparams: Readonly<Record<string, Setting>>;
  /** The last value of each; null where it was NaN or infinite. */
  readonly metrics: Readonly<Record<string, number | null>>;
  readonly n_tensors: number;
  /** The alarms of its embeddings, once they were measured. */
  readonly health?: HealthCell;
}

export interface RunColumn {
  readonly kind: "run" | "status" | "tensors" | "health" | "hparam" | "metric";
  readonly name: string;
}

export interface RunOrder {
  /** As `columnKey` says it; null is the order of the server. */
  readonly key: string | null;
  readonly isDescending: boolean;
}

export function columnKey({ kind, name }: RunColumn): string {
  return `${kind} ${name}`;
}

/**
 * The columns of a table of runs: hyperparameters that differ, or all of them, and metrics. What
 * is the same in all runs tells none from another.
 */
export function runColumns(runs: readonly Run[], withEqual: boolean): readonly RunColumn[] {
  const named = (names: Iterable<string>, kind: RunColumn["kind"]) =>
    [...new Set(names)].map((name) => ({ kind, name }));
  const hparams = named(
    runs.flatMap(({ hparams }) => Object.keys(hparams)),
    "hparam",
  );
  const metrics = named(
    runs.flatMap(({ metrics }) => Object.keys(metrics)),
    "metric",
  );
  const hasStatus = runs.some(({ status }) => status !== "unknown");
  return [
    { kind: "run", name: "Run" },
    ...(hasStatus ? [{ kind: "status", name: "Status" } as const] : []),
    ...hparams.filter(({ name }) => withEqual || differs(runs, name)),
    ...metrics,
    { kind: "tensors", name: "Tensors" },
    { kind: "health", name: "Health" },
  ];
}

/** Hyperparameters that are not the same in all of the runs. */
export function differingSettings(runs: readonly Run[]): readonly string[] {
  const names = new Set(runs.flatMap(({ hparams }) => Object.keys(hparams)));
  return [...names].filter((name) => differs(runs, name));
}

function differs(runs: readonly Run[], name: string): boolean {
  const [first, ...others] = runs.map(({ hparams }) => JSON.stringify(hparams[name]));
  return others.some((each) => each !== first);
}

/** What stands in a cell; undefined where the run does not have it. */
export function cellOf(run: Run, { kind, name }: RunColumn): Setting | undefined {
  if (kind === "run") return run.name;
  if (kind === "status") return run.status === "unknown" ? undefined : run.status;
  if (kind === "tensors") return run.n_tensors;
  if (kind === "health") return run.health?.nAlarms ?? undefined;
  return kind === "hparam" ? run.hparams[name] : run.metrics[name];
}

/** How a cell reads: of health what the alarms are about, too. */
export function cellText(run: Run, column: RunColumn): string {
  return column.kind === "health" ? (run.health?.text ?? "") : settingText(cellOf(run, column));
}

/** "0.001", "12,000", "relu", "[8, 4]" */
export function settingText(value: Setting | undefined): string {
  if (value === undefined) return "";
  if (typeof value === "string") return value;
  if (typeof value === "number") return Number.isInteger(value) ? count(value) : compact(value);
  if (Array.isArray(value)) return `[${value.map(settingText).join(", ")}]`;
  return JSON.stringify(value);
}

/** "lr 0.01 · norm true": what of a run differs from the other ones, the first few of it. */
export function settingsInShort(run: Run, names: readonly string[], most = 3): string {
  const told = names.filter((name) => run.hparams[name] !== undefined);
  const texts = told.slice(0, most).map((name) => `${name} ${settingText(run.hparams[name])}`);
  return [...texts, ...(told.length > most ? [`+${told.length - most}`] : [])].join(" · ");
}

/** Runs of which all words are in some cell; "lr=0.01" is looked for in the column lr alone. */
export function matchingRuns(
  runs: readonly Run[],
  columns: readonly RunColumn[],
  text: string,
): readonly Run[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return runs;
  return runs.filter((run) => words.every((word) => hasWord(run, columns, word)));
}

function hasWord(run: Run, columns: readonly RunColumn[], word: string): boolean {
  const at = word.indexOf("=");
  if (at > 0) {
    const named = columns.filter(({ name }) => name.toLowerCase() === word.slice(0, at));
    if (named.length > 0) {
      return named.some((column) => cellText(run, column).toLowerCase() === word.slice(at + 1));
    }
  }
  return columns.some((column) => cellText(run, column).toLowerCase().includes(word));
}

/** Numbers by size, everything else by its letters; what is not there comes last, either way. */
export function sortedRuns(
  runs: readonly Run[],
  columns: readonly RunColumn[],
  { key, isDescending }: RunOrder,
): readonly Run[] {
  const column = columns.find((each) => columnKey(each) === key);
  if (!column) return runs;
  const sign = isDescending ? -1 : 1;
  return [...runs].sort((a, b) => {
    const [x, y] = [cellOf(a, column) ?? null, cellOf(b, column) ?? null];
    if (x === null || y === null) return Number(x === null) - Number(y === null);
    if (typeof x === "number" && typeof y === "number") return sign * (x - y);
    return sign * settingText(x).localeCompare(settingText(y), undefined, { numeric: true });
  });
}

/** Ascending, descending, as the server has them. */
export function nextRunOrder(order: RunOrder, key: string): RunOrder {
  if (order.key !== key) return { key, isDescending: false };
  return order.isDescending ? { key: null, isDescending: false } : { key, isDescending: true };
}

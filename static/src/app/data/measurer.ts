/** Asks the server for measures of many steps and runs, and takes what comes of them. */
import type { Api } from "../../api/api";
import { messageOf } from "../../api/errors";
import type { MeasureAnswer, MeasureKind, MeasureResults } from "../../api/measures";
import type { Distributions } from "../../model/data/distributions";
import { healthSummary, type RunSteps } from "../../model/data/health";
import { asked, type Measurement, type MeasureName } from "../../model/data/measurement";
import type { AlikeFigure, Similarity } from "../../model/data/similarity";
import { isWorking } from "../../model/data/work";
import { measured, runsMeasured } from "../../store/actions/measures";
import type { MeasureValues, RunHealth } from "../../store/state/measures";
import { activeScope, type RootStore, type Store } from "../../store/store";
import { pause } from "../browser/latest";

/** Between two looks at the work: short at first, as small data is done at once. */
const LOOK_MILLISECONDS = [100, 200, 400, 800];

/** Measures that are work of the server, and what it calls them. */
const KINDS: Readonly<Record<Exclude<MeasureName, "histograms">, MeasureKind>> = {
  health: "health",
  similarity: "similarities",
  dimensions: "distributions",
};

type Question = Parameters<Api["measures"]["start"]>[1];

/** What a step of the work makes of the answer; null while there is nothing to show. */
type Reading<Kind extends MeasureKind, T> = (
  answer: MeasureAnswer<Kind>,
  result: MeasureResults[Kind],
) => Promise<T>;

export class Measurer {
  /** What is measured belongs to all views, so any of their stores will do. */
  private readonly store: Store;
  private runsAsked = 0;

  constructor(
    root: RootStore,
    private readonly api: Api,
    private readonly ending: AbortSignal,
  ) {
    this.store = activeScope(root);
  }

  health(datasets: readonly string[]): Promise<void> {
    return this.measure("health", "health", { datasets }, async (_, result) => result);
  }

  similarity(datasets: readonly string[], figure: AlikeFigure): Promise<void> {
    const question = { datasets, figure };
    return this.measure("similarity", "similarities", question, ({ id }, result) =>
      this.matrix(id, datasets.length, result),
    );
  }

  dimensions(datasets: readonly string[]): Promise<void> {
    return this.measure("dimensions", "distributions", { datasets }, ({ id }, result) =>
      this.distributions(id, result),
    );
  }

  async histograms(run: string, tag: string | null): Promise<void> {
    const before = this.store.state.peek().measures.histograms;
    const key = JSON.stringify([run, tag]);
    const question = { ...asked<MeasureValues["histograms"]>(key), value: before?.value ?? null };
    this.store.dispatch(measured("histograms", question, true));
    try {
      const tags = await this.api.measures.histogramTags(run);
      const chosen = tag !== null && tags.includes(tag) ? tag : tags[0];
      const found = chosen === undefined ? null : await this.api.measures.histograms(run, chosen);
      const bands = found && { ...found, title: found.tag };
      const done = { ...question, status: "done" as const, value: { tags, bands } };
      this.store.dispatch(measured("histograms", done));
    } catch (error) {
      const failed = { ...question, status: "failed" as const, message: messageOf(error) };
      if (!this.ending.aborted) this.store.dispatch(measured("histograms", failed));
    }
  }

  async stop(what: MeasureName): Promise<void> {
    const now = this.store.state.peek().measures[what];
    if (now?.status !== "working") return;
    // Typed by its name alone: whatever it is of, it stays as it is.
    this.store.dispatch(measured(what, { ...now, status: "stopped" } as never));
    if (what !== "histograms" && now.id !== "") await this.api.measures.stop(KINDS[what], now.id);
  }

  /** One after another: what is found of the first ones is seen while the others are measured. */
  async runs(runs: readonly RunSteps[]): Promise<void> {
    const own = ++this.runsAsked;
    const isWanted = () => own === this.runsAsked && !this.ending.aborted;
    const { found } = this.store.state.peek().measures.runs;
    const wanted = runs.filter(({ run, key }) => found[run]?.key !== key);
    const total = wanted.length;
    for (const [at, each] of wanted.entries()) {
      if (!isWanted()) return;
      this.store.dispatch(runsMeasured({ work: { left: total - at, total } }));
      const now = await this.runHealth(each, isWanted);
      if (now && isWanted()) this.store.dispatch(runsMeasured({ found: { [each.run]: now } }));
    }
    if (isWanted()) this.store.dispatch(runsMeasured({ work: null }));
  }

  stopRuns(): void {
    this.runsAsked++;
    this.store.dispatch(runsMeasured({ work: null }));
  }

  private async runHealth(
    { datasets, key }: RunSteps,
    isWanted: () => boolean,
  ): Promise<RunHealth | null> {
    try {
      const question = { datasets, background: true };
      const answer = await this.followed("health", question, isWanted, () => undefined);
      if (!isWanted()) {
        if (isWorking(answer)) await this.api.measures.stop("health", answer.id);
        return null;
      }
      if (answer.state === "done" && answer.result)
        return { key, summary: healthSummary(answer.result) };
      return { key, message: answer.error?.message ?? "It was stopped." };
    } catch (error) {
      return { key, message: messageOf(error) };
    }
  }

  /** It never rejects: the state says why there is nothing. */
  private async measure<Name extends Exclude<MeasureName, "histograms">, Kind extends MeasureKind>(
    name: Name,
    kind: Kind,
    question: Question,
    read: Reading<Kind, MeasureValues[Name]>,
  ): Promise<void> {
    const key = JSON.stringify(question);
    let now: Measurement<MeasureValues[Name]> = {
      ...asked(key),
      value: this.before(name, question),
    };
    const say = (part: Partial<Measurement<MeasureValues[Name]>>) => {
      now = { ...now, ...part };
      this.store.dispatch(measured(name, now));
    };
    const isWanted = () => {
      const { key: wanted, status } = this.store.state.peek().measures[name] ?? {};
      return wanted === key && status === "working" && !this.ending.aborted;
    };
    this.store.dispatch(measured(name, now, true));
    try {
      const answer = await this.followed(kind, question, isWanted, async (at) => {
        const { id, phase, done, total, so_far } = at;
        say({ id, phase, done, total, ...(so_far && { value: await read(at, so_far) }) });
      });
      if (!isWanted()) return;
      if (answer.state === "done" && answer.result) {
        const value = await read(answer, answer.result);
        if (isWanted()) say({ id: answer.id, status: "done", value });
      } else if (answer.state === "cancelled") say({ status: "stopped" });
      else say({ status: "failed", message: answer.error?.message ?? "The work has failed." });
    } catch (error) {
      if (isWanted()) say({ status: "failed", message: messageOf(error) });
    }
  }

  /** What is known of the same tensor: it stays while a step more is measured. */
  private before<Name extends MeasureName>(name: Name, { datasets }: Question) {
    const known = this.store.state.peek().measures[name];
    const before = known ? (JSON.parse(known.key) as Question) : null;
    const isGrown = before?.datasets.every((id, at) => id === datasets[at]);
    return isGrown ? ((known?.value ?? null) as MeasureValues[Name] | null) : null;
  }

  /** The last answer: the work has ended, or is not wanted any more. */
  private async followed<Kind extends MeasureKind>(
    kind: Kind,
    question: Question,
    isWanted: () => boolean,
    onLook: (answer: MeasureAnswer<Kind>) => void | Promise<void>,
  ): Promise<MeasureAnswer<Kind>> {
    let answer = await this.api.measures.start(kind, question);
    for (let look = 0; isWorking(answer) && isWanted(); look++) {
      await onLook(answer);
      const wait = LOOK_MILLISECONDS[Math.min(look, LOOK_MILLISECONDS.length - 1)] ?? 0;
      await pause(wait, this.ending);
      answer = await this.api.measures.get(kind, answer.id);
    }
    return answer;
  }

  private async matrix(
    id: string,
    n: number,
    { figure, warnings }: MeasureResults["similarities"],
  ): Promise<Similarity> {
    const [matrix, errors, nShared] = await Promise.all([
      this.api.measures.numbers("similarities", id, "matrix", n * n),
      this.api.measures.numbers("similarities", id, "errors", n * n),
      this.api.measures.counts("similarities", id, "n_shared"),
    ]);
    return { figure, n, matrix, errors, nShared, warnings };
  }

  private async distributions(
    id: string,
    { shares, shape }: MeasureResults["distributions"],
  ): Promise<Distributions> {
    const [nSteps, nDims, nShares] = shape;
    const array = (name: string, n: number) =>
      this.api.measures.numbers("distributions", id, name, n);
    const [means, deviations, lengths] = await Promise.all([
      array("means", nSteps * nDims),
      array("deviations", nSteps * nDims),
      array("lengths", nSteps * nShares),
    ]);
    return { nSteps, nDims, means, deviations, shares, lengths };
  }
}

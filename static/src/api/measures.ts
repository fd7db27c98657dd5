/** Requests for measures of many steps and runs. */
import type { HealthSeries } from "../model/data/health";
import type { AlikeFigure } from "../model/data/similarity";
import type { Work } from "../model/data/work";
import type { ClientHeader } from "./client";
import { getBytes, getJson, send, sendJson } from "./requests";
import type { Transport } from "./transport";
import { readNumbers, readRows } from "./wire";

export type MeasuresApi = ReturnType<typeof measuresApi>;

/** The kinds of questions, as parts of a path. */
export type MeasureKind = "health" | "similarities" | "distributions";

/** What fits into JSON of the answer of each kind. */
export interface MeasureResults {
  readonly health: HealthSeries;
  readonly similarities: { readonly figure: AlikeFigure; readonly warnings: readonly string[] };
  readonly distributions: {
    readonly shares: readonly number[];
    /** Steps, dimensions, shares. */
    readonly shape: readonly [number, number, number];
  };
}

export type MeasureAnswer<Kind extends MeasureKind> = Work<MeasureResults[Kind]> & {
  /** Of the steps that are ready; with health alone. */
  readonly so_far?: MeasureResults[Kind] | null;
};

/** Quantiles of one tag of a run by step. */
export interface HistogramAnswer {
  readonly tag: string;
  readonly steps: readonly number[];
  readonly shares: readonly number[];
  readonly quantiles: readonly (readonly (number | null)[])[];
}

export function measuresApi(transport: Transport, client: ClientHeader) {
  return {
    /** Answers at once; asked again, it is done. */
    start<Kind extends MeasureKind>(
      kind: Kind,
      question: {
        readonly datasets: readonly string[];
        readonly figure?: AlikeFigure;
        /** Whether it gives way to all other work. */
        readonly background?: boolean;
      },
    ): Promise<MeasureAnswer<Kind>> {
      return sendJson(transport, "POST", [kind], question, { headers: client });
    },

    get<Kind extends MeasureKind>(kind: Kind, id: string): Promise<MeasureAnswer<Kind>> {
      return getJson(transport, [kind, id]);
    },

    async stop(kind: MeasureKind, id: string): Promise<void> {
      await send(transport, { method: "DELETE", path: [kind, id] });
    },

    /** An array of an answer that is done, of `n` numbers. */
    async numbers(kind: MeasureKind, id: string, name: string, n: number): Promise<Float32Array> {
      return readNumbers(await getBytes(transport, [kind, id, "arrays", name]), n);
    },

    async counts(kind: MeasureKind, id: string, name: string): Promise<Uint32Array> {
      return readRows(await getBytes(transport, [kind, id, "arrays", name]));
    },

    /** The tags of the histograms in a run's event files. */
    async histogramTags(run: string): Promise<readonly string[]> {
      type Body = { readonly runs: readonly { readonly histogram_tags: readonly string[] }[] };
      const query = { names: JSON.stringify([run]) };
      const { runs } = await getJson<Body>(transport, ["runs"], { query });
      return runs[0]?.histogram_tags ?? [];
    },

    histograms(run: string, tag: string): Promise<HistogramAnswer> {
      // The run of the log directory itself has no name that a path can have.
      const parts = run === "." ? [] : run.split("/");
      return getJson(transport, ["runs", ...parts, "histograms"], { query: { tag } });
    },
  };
}

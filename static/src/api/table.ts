/** Rows of the metadata as a table asks for them: in an order, and some texts at a time. */
import type { Dataset } from "../model/data/dataset";
import { ApiError } from "./errors";
import { address, getBytes, postJson } from "./http";
import { readRows } from "./wire";

export async function getOrder(
  dataset: Dataset,
  column: number,
  isDescending: boolean,
  signal?: AbortSignal,
): Promise<Uint32Array> {
  const segments = ["datasets", dataset.id, "columns", column, "order"];
  const query = { descending: isDescending ? 1 : 0 };
  const rows = readRows(await getBytes(address(segments, query), signal));
  if (rows.length !== dataset.n_points) {
    const { length } = rows;
    throw new ApiError("malformed", `The server ordered ${length} of ${dataset.n_points} rows.`);
  }
  return rows;
}

export interface Texts {
  readonly rows: readonly number[];
  readonly columns: readonly number[];
  /** One list a column, in the order of `rows`; null is missing. */
  readonly texts: readonly (readonly (string | null)[])[];
}

/** At most 1,000 rows; a text longer than `nLetters` ends with "…" there. */
export function getTexts(
  dataset: string,
  rows: readonly number[],
  columns: readonly number[],
  nLetters: number,
  signal?: AbortSignal,
): Promise<Texts> {
  const body = { rows, columns, n_letters: nLetters };
  return postJson(address(["datasets", dataset, "texts"]), body, signal);
}

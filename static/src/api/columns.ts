/** Requests for a dataset's metadata: whole columns, their categories, rows in order. */
import type { Categories, Category, Column, Dataset } from "../model/data/dataset";
import type { PackedText } from "../model/data/packed-text";
import { ApiError } from "./errors";
import { getBytes, getJson, sendJson } from "./requests";
import type { Path, Query, Transport } from "./transport";
import { readCodes, readNumbers, readPackedText, readRows, readWideNumbers } from "./wire";

interface FoundCategories {
  readonly categories: readonly Category[];
  /** How many there are altogether of what was asked for. */
  readonly nFound: number;
}

interface Texts {
  readonly rows: readonly number[];
  readonly columns: readonly number[];
  /** One list a column, in the order of `rows`; null is missing. */
  readonly texts: readonly (readonly (string | null)[])[];
}

export interface ColumnsApi {
  /** NaN is missing. */
  numbers(dataset: Dataset, column: Column, signal?: AbortSignal): Promise<Numbers>;
  /** Each point's category, as its rank; all bits set is missing. */
  codes(dataset: Dataset, column: Column, signal?: AbortSignal): Promise<Codes>;
  text(dataset: Dataset, column: Column, signal?: AbortSignal): Promise<PackedText>;
  /** The most frequent categories, at most `limit`. */
  categories(
    dataset: Dataset,
    column: Column,
    limit: number,
    signal?: AbortSignal,
  ): Promise<Categories>;
  /** Categories that contain a text, from the one at `offset` on, the most frequent first. */
  findCategories(
    dataset: string,
    column: number,
    query: { readonly text: string; readonly offset: number; readonly limit: number },
    signal?: AbortSignal,
  ): Promise<FoundCategories>;
  /** Categories with these names, at most 1,000; names without points are left out. */
  categoriesNamed(
    dataset: string,
    column: number,
    names: readonly string[],
    signal?: AbortSignal,
  ): Promise<FoundCategories>;
  /** All rows, sorted by a column. */
  order(
    dataset: Dataset,
    column: number,
    isDescending: boolean,
    signal?: AbortSignal,
  ): Promise<Uint32Array>;
  /** At most 1,000 rows; a text longer than `nLetters` ends with "…" there. */
  texts(
    dataset: string,
    rows: readonly number[],
    columns: readonly number[],
    nLetters: number,
    signal?: AbortSignal,
  ): Promise<Texts>;
}

type Numbers = Float32Array | Float64Array;
type Codes = Uint16Array | Uint32Array;

/** Categories as the server sends them: parallel lists. */
interface CategoryLists {
  readonly ranks: readonly number[];
  readonly names: readonly string[];
  readonly counts: readonly number[];
  readonly n_found: number;
}

export function columnsApi(transport: Transport): ColumnsApi {
  const get = (path: Path, signal?: AbortSignal, query: Query = {}) =>
    getBytes(transport, path, { query, signal });
  return {
    async numbers(dataset, column, signal) {
      const read = column.number_bytes === 8 ? readWideNumbers : readNumbers;
      return read(await get(pathOf(dataset.id, column.index, "numbers"), signal), dataset.n_points);
    },
    async codes(dataset, column, signal) {
      const body = await get(pathOf(dataset.id, column.index, "codes"), signal);
      return readCodes(body, dataset.n_points, column.code_bytes);
    },
    async text(dataset, column, signal) {
      const body = await get(pathOf(dataset.id, column.index, "text"), signal);
      return readPackedText(body, dataset.n_points);
    },
    categories(dataset, column, limit, signal) {
      const path = pathOf(dataset.id, column.index, "categories");
      return getJson(transport, path, { query: { limit }, signal });
    },
    async findCategories(dataset, column, query, signal) {
      const path = pathOf(dataset, column, "categories");
      return foundIn(await getJson<CategoryLists>(transport, path, { query, signal }));
    },
    async categoriesNamed(dataset, column, names, signal) {
      const path = pathOf(dataset, column, "categories");
      return foundIn(await sendJson<CategoryLists>(transport, "POST", path, { names }, { signal }));
    },
    async order(dataset, column, isDescending, signal) {
      const query = { descending: isDescending ? 1 : 0 };
      const rows = readRows(await get(pathOf(dataset.id, column, "order"), signal, query));
      if (rows.length === dataset.n_points) return rows;
      const { length } = rows;
      throw new ApiError(
        "malformed",
        `The server sorted ${length} rows; ${dataset.n_points} were expected.`,
      );
    },
    texts(dataset, rows, columns, nLetters, signal) {
      const body = { rows, columns, n_letters: nLetters };
      return sendJson(transport, "POST", ["datasets", dataset, "texts"], body, { signal });
    },
  };
}

function pathOf(dataset: string, column: number, what: string): Path {
  return ["datasets", dataset, "columns", column, what];
}

function foundIn({ ranks, names, counts, n_found }: CategoryLists): FoundCategories {
  const categories = ranks.map((rank, at) => ({
    rank,
    name: names[at] ?? "",
    count: counts[at] ?? 0,
  }));
  return { categories, nFound: n_found };
}

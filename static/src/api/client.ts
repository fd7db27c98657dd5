/** One typed function an endpoint; docs/wire.md says what each answers. */

import type { Categories, Category, Column, Dataset, PointValues } from "../model/data/dataset";
import type { Listing } from "../model/data/listing";
import type { PackedText } from "../model/data/packed-text";
import type { References } from "../model/projection/alignment";
import type { Method, Params } from "../model/projection/method";
import type { Metric, Neighbors } from "../model/projection/neighbors";
import type { Dims, Positions, Projection } from "../model/projection/projection";
import { address, countBytes, getBytes, getJson, postJson, send, withSignal } from "./http";
import { readCodes, readNumbers, readPositions, readRows, readText, readWideNumbers } from "./wire";

export function getLog(signal?: AbortSignal): Promise<Listing> {
  return getJson(address(["log"]), signal);
}

/** Lists the demo data too; answers the ids of its entries. */
export async function openDemo(): Promise<readonly string[]> {
  const { entries } = await postJson<{ entries: readonly string[] }>(address(["demo"]), {});
  return entries;
}

export async function getMethods(signal?: AbortSignal): Promise<readonly Method[]> {
  const body = await getJson<{ methods: readonly Method[] }>(address(["methods"]), signal);
  return body.methods;
}

export function getDataset(id: string, signal?: AbortSignal): Promise<Dataset> {
  return getJson(address(["datasets", id]), signal);
}

export async function getNumbers(
  dataset: Dataset,
  column: Column,
  signal?: AbortSignal,
): Promise<Float32Array | Float64Array> {
  const url = address(["datasets", dataset.id, "columns", column.index, "numbers"]);
  const read = column.number_bytes === 8 ? readWideNumbers : readNumbers;
  return read(await getBytes(url, signal), dataset.n_points);
}

export async function getCodes(
  dataset: Dataset,
  column: Column,
  signal?: AbortSignal,
): Promise<Uint16Array | Uint32Array> {
  const url = address(["datasets", dataset.id, "columns", column.index, "codes"]);
  return readCodes(await getBytes(url, signal), dataset.n_points, column.code_bytes);
}

export function getCategories(
  dataset: Dataset,
  column: Column,
  limit: number,
  signal?: AbortSignal,
): Promise<Categories> {
  const segments = ["datasets", dataset.id, "columns", column.index, "categories"];
  return getJson(address(segments, { limit }), signal);
}

/** What the server has of categories: parallel lists, as it sends them. */
interface CategoryLists {
  readonly ranks: readonly number[];
  readonly names: readonly string[];
  readonly counts: readonly number[];
  readonly n_found: number;
}

export interface FoundCategories {
  readonly categories: readonly Category[];
  /** How many there are altogether of what was asked for. */
  readonly nFound: number;
}

/** Categories that contain a text, from the one at `offset` on, the most frequent first. */
export async function findCategories(
  dataset: string,
  column: number,
  query: { readonly text: string; readonly offset: number; readonly limit: number },
  signal?: AbortSignal,
): Promise<FoundCategories> {
  const url = address(["datasets", dataset, "columns", column, "categories"], query);
  return foundIn(await getJson<CategoryLists>(url, signal));
}

/** Categories with these names, at most 1,000; what nothing bears is left out. */
export async function nameCategories(
  dataset: string,
  column: number,
  names: readonly string[],
  signal?: AbortSignal,
): Promise<FoundCategories> {
  const url = address(["datasets", dataset, "columns", column, "categories"]);
  return foundIn(await postJson<CategoryLists>(url, { names }, signal));
}

function foundIn({ ranks, names, counts, n_found }: CategoryLists): FoundCategories {
  const categories = ranks.map((rank, at) => ({
    rank,
    name: names[at] ?? "",
    count: counts[at] ?? 0,
  }));
  return { categories, nFound: n_found };
}

export async function getText(
  dataset: Dataset,
  column: Column,
  signal?: AbortSignal,
): Promise<PackedText> {
  const url = address(["datasets", dataset.id, "columns", column.index, "text"]);
  return readText(await getBytes(url, signal), dataset.n_points);
}

export function getPoint(
  dataset: string,
  index: number,
  signal?: AbortSignal,
): Promise<PointValues> {
  return getJson(address(["datasets", dataset, "points", index]), signal);
}

/** An address for an `img`, the one thing the browser fetches by itself. */
export function getNeighbors(
  dataset: string,
  index: number,
  k: number,
  metric: Metric,
  signal?: AbortSignal,
): Promise<Neighbors> {
  const segments = ["datasets", dataset, "points", index, "neighbors"];
  return getJson(address(segments, { k, metric }), signal);
}

export async function search(
  dataset: string,
  text: string,
  column: number | null,
  regex: boolean,
  signal?: AbortSignal,
): Promise<Uint32Array> {
  const query = { text, column: column ?? undefined, regex: regex ? 1 : undefined };
  return readRows(await getBytes(address(["datasets", dataset, "search"], query), signal));
}

/** The atlas as it came: a sheet that is too large is cut into smaller tiles by the server. */
export interface SpriteImage {
  readonly image: ImageBitmap;
  readonly tileWidth: number;
  readonly tileHeight: number;
  readonly columns: number;
}

export async function getSprite(
  dataset: Dataset,
  maxSide: number,
  signal?: AbortSignal,
): Promise<SpriteImage> {
  const url = address(["datasets", dataset.id, "sprite"], { max_side: maxSide });
  const response = await send(url, withSignal(signal));
  const blob = await response.blob();
  countBytes(blob.size);
  const [width, height] = (response.headers.get("Projector-Tile") ?? "").split(",").map(Number);
  const columns = Number(response.headers.get("Projector-Columns"));
  // Alpha and colors as they are in the file: the picture is data.
  const image = await createImageBitmap(blob, {
    premultiplyAlpha: "none",
    colorSpaceConversion: "none",
  });
  return {
    image,
    tileWidth: width || dataset.sprite?.tile[0] || 1,
    tileHeight: height || dataset.sprite?.tile[1] || 1,
    columns: columns || dataset.sprite?.columns || 1,
  };
}

export function startProjection(
  dataset: string,
  method: string,
  params: Params,
  references: References = {},
  signal?: AbortSignal,
): Promise<Projection> {
  const body = { dataset, method, params, ...references };
  return postJson(address(["projections"]), body, signal);
}

export function getProjection(id: string, signal?: AbortSignal): Promise<Projection> {
  return getJson(address(["projections", id]), signal);
}

export async function stopProjection(id: string): Promise<void> {
  await send(address(["projections", id]), { method: "DELETE" });
}

export async function pauseProjection(id: string): Promise<void> {
  await postJson(address(["projections", id, "pause"]), {});
}

export async function resumeProjection(id: string): Promise<void> {
  await postJson(address(["projections", id, "resume"]), {});
}

/** `components` chooses among what PCA kept; null where the result is what is shown. */
export async function getPositions(
  projection: Projection,
  components: readonly number[] | null,
  signal?: AbortSignal,
): Promise<Positions> {
  const segments = ["projections", projection.id, "positions"];
  const query = { components: components?.join(",") };
  const dims: Dims = (components?.length ?? projection.n_components) === 3 ? 3 : 2;
  const body = await getBytes(address(segments, query), signal);
  return readPositions(body, projection.n_points, dims);
}

/** URLs of the API, relative to the page: docs/wire.md has them all. */
import { encoded } from "../text/well-formed";

/** Relative to the page, so that it also works behind a proxy's path. */
export const API_BASE = "api/v1/";

/** Segments of a path, not encoded. */
export type Path = readonly (string | number)[];
export type Query = Readonly<Record<string, string | number | undefined>>;

/**
 * Path and query as they stand in an address, without a slash in front. Each segment is encoded,
 * so that no name can become a path of its own.
 */
export function pathText(path: Path, query: Query = {}): string {
  const segments = path.map((each) => encoded(String(each))).join("/");
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    value === undefined ? [] : [`${encoded(name)}=${encoded(String(value))}`],
  );
  return pairs.length > 0 ? `${segments}?${pairs.join("&")}` : segments;
}

export function apiPath(path: Path, query: Query = {}): string {
  return API_BASE + pathText(path, query);
}

/** A point's tile of the sprite, for an `img`. */
export function imageUrl(dataset: string, index: number): string {
  return apiPath(["datasets", dataset, "points", index, "image"]);
}

/** The image or sound that a column names for a point, for an `img` or an `audio`. */
export function mediaUrl(dataset: string, index: number, column: number, revision: string): string {
  // The server does not read the revision: it makes a rewritten file another URL for the browser.
  return apiPath(["datasets", dataset, "points", index, "media", column], { revision });
}

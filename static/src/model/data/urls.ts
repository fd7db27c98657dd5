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

/** The tags of a dataset's tensor: the file as it is, taken and given as a whole. */
import type { TagsPlace } from "../model/data/dataset";
import { address, countBytes, send } from "./http";

export interface TagsFile {
  readonly text: string;
  /** null where there are none yet. */
  readonly revision: string | null;
}

export async function getTags(dataset: string, signal?: AbortSignal): Promise<TagsFile> {
  const response = await send(address(["datasets", dataset, "tags"]), signal ? { signal } : {});
  const text = await response.text();
  countBytes(text.length);
  const revision = (response.headers.get("ETag") ?? "").replaceAll('"', "");
  return { text, revision: revision === "none" ? null : revision };
}

/** Refused with 409 where the server has other tags than those with this revision. */
export async function putTags(
  dataset: string,
  file: Blob,
  revision: string | null,
  isForSession: boolean,
): Promise<TagsPlace> {
  const expected = revision === null ? { "If-None-Match": "*" } : { "If-Match": `"${revision}"` };
  const query = isForSession ? { keep: "session" } : {};
  const response = await send(address(["datasets", dataset, "tags"], query), {
    method: "PUT",
    headers: { "Content-Type": "text/tab-separated-values", ...expected },
    body: file,
  });
  return (await response.json()) as TagsPlace;
}

/** Requests for a dataset's tags: the sidecar file, read and written as a whole. */
import type { TagsPlace } from "../model/data/dataset";
import { readJson, readText, send } from "./requests";
import type { Transport } from "./transport";

export interface TagsFile {
  readonly text: string;
  /** null where there are none yet. */
  readonly revision: string | null;
}

export type TagsApi = ReturnType<typeof tagsApi>;

export function tagsApi(transport: Transport) {
  return {
    async get(dataset: string, signal?: AbortSignal): Promise<TagsFile> {
      const response = await send(transport, { path: ["datasets", dataset, "tags"], signal });
      const text = await readText(response);
      const revision = (response.header("ETag") ?? "").replaceAll('"', "");
      return { text, revision: revision === "none" ? null : revision };
    },

    /** Refused with 409 where the server has other tags than those with this revision. */
    async put(
      dataset: string,
      file: Blob,
      revision: string | null,
      isForSession: boolean,
    ): Promise<TagsPlace> {
      const path = ["datasets", dataset, "tags"];
      const expected: Record<string, string> =
        revision === null ? { "If-None-Match": "*" } : { "If-Match": `"${revision}"` };
      const response = await send(transport, {
        method: "PUT",
        path,
        query: isForSession ? { keep: "session" } : {},
        headers: { "Content-Type": "text/tab-separated-values", ...expected },
        body: file,
      });
      return readJson(response, path);
    },
  };
}

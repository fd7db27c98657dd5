/** Requests that send files to the server. */
import { readJson, send } from "./requests";
import type { Transport } from "./transport";

export type UploadsApi = ReturnType<typeof uploadsApi>;

export function uploadsApi(transport: Transport) {
  return {
    /** Sends one file of a batch; answers the ids of everything that the batch holds so far. */
    async send(
      batch: string,
      file: File,
      onProgress: (sentBytes: number) => void,
      signal: AbortSignal,
    ): Promise<readonly string[]> {
      const path = ["uploads"];
      const response = await send(transport, {
        method: "POST",
        path,
        query: { batch, name: file.name },
        headers: { "Content-Type": "application/octet-stream" },
        body: file,
        signal,
        onProgress: (sent) => onProgress(Math.min(sent, file.size)),
      });
      return (await readJson<{ readonly entries: readonly string[] }>(response, path)).entries;
    },
  };
}

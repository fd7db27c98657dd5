/** Sends one file. The one place without `fetch`, which does not tell how far a body has come. */
import { UNREACHABLE } from "../model/text/messages";
import { ApiError } from "./errors";
import { address, refusalOf } from "./http";

/** Answers the ids of everything that the batch holds so far. */
export function uploadFile(
  batch: string,
  file: File,
  onProgress: (sent: number) => void,
  signal: AbortSignal,
): Promise<readonly string[]> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const request = new XMLHttpRequest();
    const abort = () => request.abort();
    signal.addEventListener("abort", abort, { once: true });
    const settle = (act: () => void) => () => {
      signal.removeEventListener("abort", abort);
      act();
    };
    request.upload.onprogress = ({ loaded }) => onProgress(Math.min(loaded, file.size));
    request.onabort = settle(() => reject(signal.reason));
    request.onerror = settle(() => reject(new ApiError("unreachable", UNREACHABLE)));
    request.onload = settle(() => {
      if (request.status >= 400) {
        reject(refusalOf(request.status, request.statusText, request.responseText));
        return;
      }
      try {
        const body = JSON.parse(request.responseText) as { entries: readonly string[] };
        resolve(body.entries);
      } catch {
        reject(new ApiError("malformed", "The server's answer to the file is not JSON."));
      }
    });
    request.open("POST", address(["uploads"], { batch, name: file.name }));
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.send(file);
  });
}

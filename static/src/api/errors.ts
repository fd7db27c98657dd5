/** The error of this folder: whatever goes wrong between page and server. */

export type ApiErrorKind =
  /** The server answered with an error of its own. */
  | "refused"
  /** No answer: the server is gone or the network is. */
  | "unreachable"
  /** An answer that is not what docs/wire.md says. */
  | "malformed";

export class ApiError extends Error {
  override readonly name = "ApiError";

  constructor(
    readonly kind: ApiErrorKind,
    message: string,
    /** 0 where there was no answer. */
    readonly status = 0,
    /** The server's own name for it: "ParameterError". */
    readonly type = "",
  ) {
    super(message);
  }
}

/** Whether a request was aborted, which is no error. */
export function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === "AbortError";
}

/** A sentence for a person. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Requests through a transport: status to error, body to JSON or bytes. */
import { ApiError } from "./errors";
import type { Path, Query, Transport, TransportRequest, TransportResponse } from "./transport";

/** Rejects with the server's own error where the answer's status is one. */
export async function send(
  transport: Transport,
  request: TransportRequest,
): Promise<TransportResponse> {
  const response = await transport.request(request);
  // 300 and above: no answer of this server redirects.
  if (response.status >= 300) throw await refusal(response);
  return response;
}

interface Details {
  readonly query?: Query;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
}

/** The shape is the server's promise (docs/wire.md), held by the golden files of both sides. */
export async function getJson<T>(
  transport: Transport,
  path: Path,
  details: Details = {},
): Promise<T> {
  return readJson<T>(await send(transport, { path, ...details }), path);
}

export async function sendJson<T>(
  transport: Transport,
  method: "POST" | "PATCH",
  path: Path,
  body: unknown,
  details: Details = {},
): Promise<T> {
  const response = await send(transport, {
    method,
    path,
    body: JSON.stringify(body),
    ...details,
    headers: { "Content-Type": "application/json", ...details.headers },
  });
  return readJson<T>(response, path);
}

export async function getBytes(
  transport: Transport,
  path: Path,
  details: Details = {},
): Promise<ArrayBuffer> {
  return (await send(transport, { path, ...details })).bytes();
}

export async function readText(response: TransportResponse): Promise<string> {
  return new TextDecoder().decode(await response.bytes());
}

/** An empty body is `undefined`: some requests have nothing to answer. */
export async function readJson<T>(response: TransportResponse, path: Path): Promise<T> {
  const text = await readText(response);
  if (text === "") return undefined as T;
  try {
    return JSON.parse(text) as T;
  } catch {
    throw new ApiError("malformed", `The server's answer to ${path.join("/")} is not valid JSON.`);
  }
}

interface ErrorBody {
  readonly error?: { readonly type?: unknown; readonly message?: unknown };
}

/** The server's refusal as an error; docs/wire.md has the shape. */
async function refusal(response: TransportResponse): Promise<ApiError> {
  const { status, statusText } = response;
  let body: ErrorBody = {};
  try {
    body = JSON.parse(await readText(response)) as ErrorBody;
  } catch {
    // A proxy in between answers in its own form: only the status says something.
  }
  const message =
    typeof body.error?.message === "string"
      ? body.error.message
      : `The server answered with status ${status} ${statusText}`.trim();
  const type = typeof body.error?.type === "string" ? body.error.type : "";
  return new ApiError("refused", message, status, type);
}

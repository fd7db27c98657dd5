/** One request: address, status, errors, and the count of what came. Nothing else calls fetch. */
import { apiPath, type Query } from "../model/data/urls";
import { UNREACHABLE } from "../model/text/messages";
import { ApiError, isAbort } from "./errors";

export interface Traffic {
  readonly bytes: number;
  readonly requests: number;
}

let bytes = 0;
let requests = 0;

export function traffic(): Traffic {
  return { bytes, requests };
}

export function countBytes(n: number): void {
  bytes += n;
}

export function address(segments: readonly (string | number)[], query: Query = {}): string {
  return new URL(apiPath(segments, query), document.baseURI).href;
}

export async function send(url: string, init: RequestInit = {}): Promise<Response> {
  requests += 1;
  let response: Response;
  try {
    response = await fetch(url, { credentials: "same-origin", ...init });
  } catch (error) {
    if (isAbort(error)) throw error;
    throw new ApiError("unreachable", UNREACHABLE);
  }
  if (!response.ok) throw await refusal(response);
  return response;
}

/** The shape is the server's promise (docs/wire.md), held by the golden files of both sides. */
export async function getJson<T>(url: string, signal?: AbortSignal): Promise<T> {
  return readJson<T>(await send(url, withSignal(signal)));
}

export function postJson<T>(url: string, body: unknown, signal?: AbortSignal): Promise<T> {
  return sendJson("POST", url, body, signal);
}

export async function sendJson<T>(
  method: "POST" | "PATCH",
  url: string,
  body: unknown,
  signal?: AbortSignal,
): Promise<T> {
  const response = await send(url, {
    method,
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
    ...withSignal(signal),
  });
  return readJson<T>(response);
}

export async function sendBytes<T>(method: "PUT", url: string, body: ArrayBuffer): Promise<T> {
  const headers = { "Content-Type": "application/octet-stream" };
  return readJson<T>(await send(url, { method, headers, body }));
}

export async function getBytes(url: string, signal?: AbortSignal): Promise<ArrayBuffer> {
  const body = await (await send(url, withSignal(signal))).arrayBuffer();
  countBytes(body.byteLength);
  return body;
}

export function withSignal(signal: AbortSignal | undefined): RequestInit {
  return signal ? { signal } : {};
}

async function readJson<T>(response: Response): Promise<T> {
  const text = await response.text();
  countBytes(text.length);
  if (text === "") return undefined as T;
  try {
    return JSON.parse(text) as T;
  } catch {
    throw new ApiError("malformed", `The server's answer from ${response.url} is not JSON.`);
  }
}

interface ErrorBody {
  readonly error?: { readonly type?: unknown; readonly message?: unknown };
}

async function refusal(response: Response): Promise<ApiError> {
  const text = await response.text().catch(() => "");
  return refusalOf(response.status, response.statusText, text);
}

/** What the server said no with; docs/wire.md has the shape. */
export function refusalOf(status: number, statusText: string, text: string): ApiError {
  let body: ErrorBody = {};
  try {
    body = JSON.parse(text) as ErrorBody;
  } catch {
    // A proxy in between answers in its own form; the status has to do.
  }
  const message =
    typeof body.error?.message === "string"
      ? body.error.message
      : `The server answered ${status} ${statusText}`.trim();
  const type = typeof body.error?.type === "string" ? body.error.type : "";
  return new ApiError("refused", message, status, type);
}

/** The transport over HTTP: fetch, EventSource, and XMLHttpRequest for uploads. */
import { UNREACHABLE } from "../model/text/messages";
import { ApiError, isAbort } from "./errors";
import {
  type EventStreamListener,
  pathText,
  type Transport,
  type TransportRequest,
  type TransportResponse,
} from "./transport";

/** @param base The address of the server's API, with a slash at its end. */
export function httpTransport(base: string): Transport {
  let bytes = 0;
  let requests = 0;
  const count = (n: number) => {
    bytes += n;
  };
  const address = (...parts: Parameters<typeof pathText>) => base + pathText(...parts);
  return {
    request(request) {
      requests += 1;
      const url = address(request.path, request.query);
      return request.onProgress
        ? sendWithProgress(url, request, request.onProgress, count)
        : sendByFetch(url, request, count);
    },
    events: (path, names, listener) => openEventSource(address(path), names, listener),
    url: address,
    traffic: () => ({ bytes, requests }),
    // A server that does not answer is seen by its stream of events.
    onKernel(listener) {
      listener("free");
      return () => undefined;
    },
  };
}

async function sendByFetch(
  url: string,
  { method = "GET", headers = {}, body, signal }: TransportRequest,
  count: (bytes: number) => void,
): Promise<TransportResponse> {
  let response: Response;
  try {
    response = await fetch(url, {
      method,
      headers,
      credentials: "same-origin",
      ...(body !== undefined && { body }),
      ...(signal && { signal }),
    });
  } catch (error) {
    if (isAbort(error)) throw error;
    throw new ApiError("unreachable", UNREACHABLE);
  }
  return {
    status: response.status,
    statusText: response.statusText,
    header: (name) => response.headers.get(name),
    async bytes() {
      const received = await response.arrayBuffer();
      count(received.byteLength);
      return received;
    },
    stream() {
      if (!response.body) throw new ApiError("malformed", "The server's answer has no body.");
      return counted(response.body, count);
    },
  };
}

/** The same stream; each piece is counted as it passes. */
function counted(
  stream: ReadableStream<Uint8Array>,
  count: (bytes: number) => void,
): ReadableStream<Uint8Array> {
  const reader = stream.getReader();
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await reader.read();
      if (done) return controller.close();
      count(value.byteLength);
      controller.enqueue(value);
    },
    cancel: (reason) => reader.cancel(reason),
  });
}

/** By XMLHttpRequest, because `fetch` does not tell how much of a body has been sent. */
function sendWithProgress(
  url: string,
  { method = "GET", headers = {}, body, signal }: TransportRequest,
  onProgress: (sentBytes: number) => void,
  count: (bytes: number) => void,
): Promise<TransportResponse> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const request = new XMLHttpRequest();
    const abort = () => request.abort();
    signal?.addEventListener("abort", abort, { once: true });
    const settle = (act: () => void) => () => {
      signal?.removeEventListener("abort", abort);
      act();
    };
    request.upload.onprogress = ({ loaded }) => onProgress(loaded);
    request.onabort = settle(() => reject(signal?.reason));
    request.onerror = settle(() => reject(new ApiError("unreachable", UNREACHABLE)));
    request.onload = settle(() => {
      const received = request.response as ArrayBuffer;
      count(received.byteLength);
      resolve(toResponse(request, received));
    });
    request.open(method, url);
    request.responseType = "arraybuffer";
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.send(body ?? null);
  });
}

function toResponse(request: XMLHttpRequest, received: ArrayBuffer): TransportResponse {
  return {
    status: request.status,
    statusText: request.statusText,
    header: (name) => request.getResponseHeader(name),
    bytes: () => Promise.resolve(received),
    stream: () => new Blob([received]).stream(),
  };
}

function openEventSource(
  url: string,
  names: readonly string[],
  listener: EventStreamListener,
): () => void {
  const source = new EventSource(url);
  source.onopen = () => listener.onOpen();
  // The browser would try again by itself, but gives up for good on some failures.
  source.onerror = () => {
    source.close();
    listener.onBreak();
  };
  for (const name of names) {
    source.addEventListener(name, ({ data }: MessageEvent) => listener.onEvent(name, String(data)));
  }
  return () => source.close();
}

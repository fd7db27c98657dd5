/** How the page reaches a server: the interface of a transport. */
import type { Path, Query } from "../model/data/urls";
import type { KernelState } from "../model/view/kernel-state";

export { type Path, pathText, type Query } from "../model/data/urls";

export interface TransportRequest {
  /** "GET" where nothing is said. */
  readonly method?: "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Below the server's API: ["datasets", id]. */
  readonly path: Path;
  readonly query?: Query;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | ArrayBuffer | Blob;
  readonly signal?: AbortSignal | undefined;
  /** Called with the bytes of the body that have been sent so far. */
  readonly onProgress?: (sentBytes: number) => void;
}

export interface TransportResponse {
  readonly status: number;
  /** The status in words; may be "". */
  readonly statusText: string;
  /** A header's value; null where there is none. */
  header(name: string): string | null;
  /** The whole body. A body is read once, by one of these two. */
  bytes(): Promise<ArrayBuffer>;
  /** The body in pieces as they arrive. */
  stream(): ReadableStream<Uint8Array>;
}

/** Receives what an event stream brings. */
export interface EventStreamListener {
  onOpen(): void;
  onEvent(name: string, data: string): void;
  /** The stream broke or could not be opened; nothing comes after it. */
  onBreak(): void;
}

/** What has passed through a transport since it was made. */
export interface Traffic {
  readonly bytes: number;
  readonly requests: number;
}

/**
 * One connection to one server. All of its state, such as the counts of `traffic`, is its own, so
 * that several can live on one page.
 */
export interface Transport {
  /**
   * Resolves for every answer, whatever its status. Rejects with an `ApiError` of the kind
   * "unreachable" where there is no answer, and with the signal's reason where it was aborted.
   */
  request(request: TransportRequest): Promise<TransportResponse>;
  /** Opens the path as a stream of events with these names, once; returns the way to close it. */
  events(path: Path, names: readonly string[], listener: EventStreamListener): () => void;
  /**
   * An address that an `img` or `audio` can load. It is a promise of a transport without addresses,
   * which has to fetch the file and make one: a "blob:", which whoever asked revokes.
   */
  url(path: Path, query?: Query): string | Promise<string>;
  traffic(): Traffic;
  /** Calls back now and at every change; returns the way to stop. */
  onKernel(listener: (state: KernelState) => void): () => void;
}

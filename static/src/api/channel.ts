/** Messages between the page and the kernel of a notebook; docs/notebook.md has the protocol. */

/** Bytes of a body in one message: with its envelope a message stays below 1 MiB. */
export const PIECE_BYTES = (1 << 20) - (1 << 14);
/** Pieces of one body that may be under way before the other side asks for more. */
export const PIECES_AHEAD = 4;

/** From the page. Each names a request by a number of the page's own. */
export type PageMessage =
  | {
      readonly kind: "open";
      readonly id: number;
      readonly method: string;
      /** With its query, encoded: "/api/v1/log". */
      readonly path: string;
      readonly headers: Readonly<Record<string, string>>;
      /** Bytes of the body, which follows in pieces. */
      readonly size: number;
    }
  /** A piece of the request's body. */
  | { readonly kind: "body"; readonly id: number }
  /** One more piece of the answer may come. */
  | { readonly kind: "more"; readonly id: number }
  | { readonly kind: "abort"; readonly id: number };

/** From the kernel. */
export type KernelMessage =
  /** The request has arrived, and a thread works on it. */
  | { readonly kind: "taken"; readonly id: number }
  | {
      readonly kind: "head";
      readonly id: number;
      readonly status: number;
      readonly reason: string;
      readonly headers: Readonly<Record<string, string>>;
    }
  /** A piece of the answer's body. */
  | { readonly kind: "chunk"; readonly id: number }
  | { readonly kind: "end"; readonly id: number }
  /** The answer is cut off: nothing comes after what has come. */
  | { readonly kind: "broken"; readonly id: number }
  /** One more piece of the request's body may come. */
  | { readonly kind: "ready"; readonly id: number }
  /** From the notebook itself: the kernel has ended or was restarted. */
  | { readonly kind: "over" };

/** The way to one kernel. Messages arrive in order, in both directions. */
export interface Channel {
  /** The body is handed over: whoever posts it does not use it any more. */
  post(message: PageMessage, body?: ArrayBuffer): void;
  /** Calls back for each message; returns the way to stop. */
  listen(listener: (message: KernelMessage, body: ArrayBuffer) => void): () => void;
}

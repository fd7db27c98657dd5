/** A channel to the kernel over the messages of a widget. */
import type { Channel, KernelMessage, PageMessage } from "../api/channel";
import { type AnyModel, type Buffers, bytesOf } from "./any-model";

type Listener = (message: KernelMessage, body: ArrayBuffer) => void;

/** Besides requests, from the widget. */
type LineMessage =
  | PageMessage
  | { readonly kind: "hello" }
  /** The kernel's buffers do not arrive: its bytes are to come as text. */
  | { readonly kind: "text" }
  | { readonly kind: "gone" }
  | { readonly kind: "picture" };

/** From the kernel; `data` has the bytes where the notebook drops buffers. */
type Heard = (KernelMessage | { readonly kind: "welcome"; readonly binary: boolean }) & {
  readonly view?: unknown;
  readonly data?: string;
};

/** Any bytes: both sides learn from them whether the notebook passes buffers on. */
const PROBE_BYTES = 4;

export class Line implements Channel {
  private readonly view = crypto.randomUUID();
  private readonly listeners = new Set<Listener>();
  private isBinary = true;
  private welcome: () => void = () => undefined;
  /** Resolves when the kernel has answered; it may be busy for as long as it likes. */
  readonly opened = new Promise<void>((resolve) => {
    this.welcome = resolve;
  });

  constructor(private readonly model: AnyModel) {
    model.on("msg:custom", this.hear);
    for (const name of ["comm:close", "comm_live_update"]) model.on(name, this.end);
    this.send({ kind: "hello" }, new ArrayBuffer(PROBE_BYTES));
  }

  post(message: PageMessage, body?: ArrayBuffer): void {
    this.send(message, body);
  }

  listen(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  sendPicture(png: ArrayBuffer): void {
    this.send({ kind: "picture" }, png);
  }

  /** The kernel stops whatever still runs for this line. */
  close(): void {
    this.send({ kind: "gone" });
    this.model.off("msg:custom", this.hear);
    for (const name of ["comm:close", "comm_live_update"]) this.model.off(name, this.end);
    this.listeners.clear();
  }

  private send(message: LineMessage, body?: ArrayBuffer): void {
    const addressed = { view: this.view, ...message };
    try {
      if (!body || this.isBinary) this.model.send(addressed, undefined, body ? [body] : []);
      else this.model.send({ ...addressed, data: toText(body) });
    } catch {
      // Its kernel was restarted or has ended a moment ago, and the notebook says so by throwing.
      this.end();
    }
  }

  private readonly hear = (heard: Heard, buffers: Buffers): void => {
    // All views of a widget hear everything that its kernel says.
    if (heard.view !== this.view) return;
    const body = bytesOf(buffers) ?? (heard.data === undefined ? null : toBytes(heard.data));
    if (heard.kind === "welcome") {
      this.isBinary = heard.binary;
      if (body?.byteLength !== PROBE_BYTES) this.send({ kind: "text" });
      this.welcome();
      return;
    }
    for (const listener of this.listeners) listener(heard, body ?? new ArrayBuffer(0));
  };

  /** The kernel was restarted, or has ended. */
  private readonly end = (): void => {
    for (const listener of this.listeners) listener({ kind: "over" }, new ArrayBuffer(0));
  };
}

/** `btoa` takes a text of one letter a byte; all letters at once would be too many arguments. */
const LETTERS_AT_ONCE = 1 << 15;

function toText(bytes: ArrayBuffer): string {
  let letters = "";
  for (let at = 0; at < bytes.byteLength; at += LETTERS_AT_ONCE) {
    const part = new Uint8Array(bytes, at, Math.min(LETTERS_AT_ONCE, bytes.byteLength - at));
    letters += String.fromCharCode(...part);
  }
  return btoa(letters);
}

function toBytes(text: string): ArrayBuffer {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)).buffer;
}

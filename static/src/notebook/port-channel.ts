/** A channel to the kernel through a port: the widget at its other end passes messages on. */
import type { Channel, KernelMessage, PageMessage } from "../api/channel";

export interface Passed<Message> {
  readonly message: Message;
  readonly body: ArrayBuffer | null;
}

/** A body changes hands; nothing is copied. */
export function postTo<Message>(port: MessagePort, message: Message, body?: ArrayBuffer): void {
  const passed: Passed<Message> = { message, body: body ?? null };
  port.postMessage(passed, body ? [body] : []);
}

export function portChannel(port: MessagePort): Channel {
  return {
    post: (message: PageMessage, body) => postTo(port, message, body),
    listen(listener) {
      const hear = ({ data }: MessageEvent<Passed<KernelMessage>>) =>
        listener(data.message, data.body ?? new ArrayBuffer(0));
      port.addEventListener("message", hear);
      port.start();
      return () => port.removeEventListener("message", hear);
    },
  };
}

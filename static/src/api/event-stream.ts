/** Reads a stream of server-sent events that is no `EventSource`. */
import type { EventStreamListener, TransportResponse } from "./transport";

/** Passes events on until the stream ends, breaks or is cancelled. */
export async function readEvents(
  response: TransportResponse,
  names: ReadonlySet<string>,
  listener: EventStreamListener,
): Promise<void> {
  const decoder = new TextDecoder();
  const reader = response.stream().getReader();
  let text = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    text += decoder.decode(value, { stream: true });
    for (let end = text.indexOf("\n\n"); end >= 0; end = text.indexOf("\n\n")) {
      const { name, data } = eventOf(text.slice(0, end));
      text = text.slice(end + 2);
      if (data !== null && names.has(name)) listener.onEvent(name, data);
    }
  }
}

/** A block without data, such as a comment that keeps the stream open, is no event. */
function eventOf(block: string): { readonly name: string; readonly data: string | null } {
  let name = "message";
  const data: string[] = [];
  for (const line of block.split("\n")) {
    const value = line.slice(line.indexOf(":") + 1).replace(/^ /, "");
    if (line.startsWith("event:")) name = value;
    else if (line.startsWith("data:")) data.push(value);
  }
  return { name, data: data.length > 0 ? data.join("\n") : null };
}

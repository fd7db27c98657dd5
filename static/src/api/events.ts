/** What the server tells on its own: changes of the log, progress of projections. */
import type { Projection } from "../model/projection/projection";
import type { SelectionNews } from "../model/view/shared-selection";
import { address } from "./http";

export interface EventHandlers {
  onLog(version: string): void;
  onProjection(projection: Projection): void;
  /** The shared selection: as it is when the stream opens, and whenever Python selects. */
  onSelection(news: SelectionNews): void;
  /** false while the stream is broken and being opened again. */
  onConnection(isConnected: boolean): void;
  /** The stream is open again after a gap: something may have been missed. */
  onResume(): void;
}

/** Waiting times between attempts; the browser gives up for good on some failures, we do not. */
const RETRY_MILLISECONDS = [500, 1000, 2000, 4000, 8000];

/**
 * Listen until the returned function is called. The stream is closed while the page is hidden,
 * because a browser opens at most six connections to one host and every tab would hold one.
 */
export function listen(handlers: EventHandlers): () => void {
  let source: EventSource | null = null;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let failures = 0;
  let wasOpen = false;

  const open = () => {
    clearTimeout(retry);
    if (source || document.hidden) return;
    const opened = new EventSource(address(["events"]));
    source = opened;
    opened.onopen = () => {
      failures = 0;
      handlers.onConnection(true);
      if (wasOpen) handlers.onResume();
      wasOpen = true;
    };
    opened.onerror = () => {
      close();
      handlers.onConnection(false);
      const wait = RETRY_MILLISECONDS[Math.min(failures, RETRY_MILLISECONDS.length - 1)];
      failures += 1;
      retry = setTimeout(open, wait);
    };
    opened.addEventListener("log", (event) => {
      const body = parse<{ version: string }>(event);
      if (body) handlers.onLog(body.version);
    });
    opened.addEventListener("projection", (event) => {
      const body = parse<Projection>(event);
      if (body) handlers.onProjection(body);
    });
    opened.addEventListener("selection", (event) => {
      const body = parse<SelectionNews>(event);
      if (body) handlers.onSelection(body);
    });
  };
  const close = () => {
    clearTimeout(retry);
    source?.close();
    source = null;
  };
  const onVisibility = () => (document.hidden ? close() : open());

  document.addEventListener("visibilitychange", onVisibility);
  open();
  return () => {
    document.removeEventListener("visibilitychange", onVisibility);
    close();
  };
}

function parse<T>(event: MessageEvent): T | null {
  try {
    return JSON.parse(String(event.data)) as T;
  } catch {
    return null;
  }
}

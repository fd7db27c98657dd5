/** Events that the server sends: changes of the listing, progress of projections, selections. */
import type { Projection } from "../model/projection/projection";
import type { SelectionNews } from "../model/view/shared-selection";
import type { Transport } from "./transport";

interface EventHandlers {
  onLog(version: string): void;
  onProjection(projection: Projection): void;
  /** The shared selection: as it is when the stream opens, and whenever Python selects. */
  onSelection(news: SelectionNews): void;
  /** false while the stream is broken and being opened again. */
  onConnection(isConnected: boolean): void;
  /** The server answers, but has no stream for this page: too many others have one. */
  onCrowded(): void;
  /** The stream is open again after a gap: something may have been missed. */
  onResume(): void;
}

/** Waiting times between attempts, one after the other; the last one is repeated. */
const RETRY_MILLISECONDS = [500, 1000, 2000, 4000, 8000];

const NAMES = ["log", "projection", "selection"];

export interface EventsApi {
  /**
   * Listens until the returned function is called. The stream is closed while the page is hidden,
   * because a browser opens at most six connections to one host and every tab would hold one.
   */
  listen(handlers: EventHandlers): () => void;
}

export function eventsApi(transport: Transport): EventsApi {
  return { listen: (handlers) => listen(transport, handlers) };
}

function listen(transport: Transport, handlers: EventHandlers): () => void {
  let closeStream: (() => void) | null = null;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let failures = 0;
  let wasOpen = false;

  const open = () => {
    clearTimeout(retry);
    if (closeStream || document.hidden) return;
    let isOpen = false;
    closeStream = transport.events(["events"], NAMES, {
      onOpen() {
        isOpen = true;
        failures = 0;
        handlers.onConnection(true);
        if (wasOpen) handlers.onResume();
        wasOpen = true;
      },
      onBreak() {
        close();
        handlers.onConnection(false);
        if (!isOpen) void tellIfCrowded(transport, handlers);
        const wait = RETRY_MILLISECONDS[Math.min(failures, RETRY_MILLISECONDS.length - 1)];
        failures += 1;
        retry = setTimeout(open, wait);
      },
      onEvent: (name, data) => pass(name, data, handlers),
    });
  };
  const close = () => {
    clearTimeout(retry);
    closeStream?.();
    closeStream = null;
  };
  const onVisibility = () => (document.hidden ? close() : open());

  document.addEventListener("visibilitychange", onVisibility);
  open();
  return () => {
    document.removeEventListener("visibilitychange", onVisibility);
    close();
  };
}

/** A stream of events that cannot be opened does not say why. */
async function tellIfCrowded(transport: Transport, handlers: EventHandlers): Promise<void> {
  const answer = await transport
    .request({ method: "HEAD", path: ["events"] })
    .catch(() => ({ status: 0 }));
  if (answer.status === 503) handlers.onCrowded();
}

/** An event that is not JSON, or that this page does not know, is ignored. */
function pass(name: string, data: string, handlers: EventHandlers): void {
  const body = parse(data);
  if (!body) return;
  if (name === "log") handlers.onLog((body as { readonly version: string }).version);
  else if (name === "projection") handlers.onProjection(body as Projection);
  else if (name === "selection") handlers.onSelection(body as SelectionNews);
}

function parse(data: string): unknown {
  try {
    return JSON.parse(data);
  } catch {
    return null;
  }
}

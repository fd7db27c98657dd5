/** Typed handlers of requests: one for each kind. */
import { isOffered } from "./offered";
import type { PageRequest, RequestKind, RequestOf } from "./requests";
import type { Store } from "./store";

/** Does what is asked for in a view; a promise that is rejected says that it could not. */
export type Handler<Kind extends RequestKind> = (
  request: RequestOf<Kind>,
  store: Store,
) => void | Promise<void>;

/** Handlers of some kinds of requests. Those of all kinds are what a view needs. */
export type Handlers<Kind extends RequestKind = RequestKind> = {
  readonly [Each in Kind]: Handler<Each>;
};

/** Let handlers do what is asked for in a view; returns the way to stop. */
export function handle(
  store: Store,
  handlers: Partial<Handlers>,
  onError: (error: unknown) => void,
): () => void {
  return store.onRequest((request) => {
    // Whatever still asks for it: the server would refuse it.
    if (!isOffered(store.state.peek(), request.kind)) return;
    // The compiler cannot see that the kind, which finds the handler, is that of the request.
    const handler = handlers[request.kind] as Handler<PageRequest["kind"]> | undefined;
    try {
      handler?.(request, store)?.catch(onError);
    } catch (error) {
      onError(error);
    }
  });
}

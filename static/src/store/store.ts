/** The store: holds the state, applies actions, publishes signals. */
import { computed, type ReadonlySignal, signal } from "@preact/signals";
import type { PageRequest } from "./requests";
import { INITIAL_ROOT, type RootState } from "./state/root-state";
import { INITIAL_STATE, type State, stateOf } from "./state/state";
import { FIRST_VIEW, type ViewId } from "./state/view-id";
import { recorded } from "./undo";
import { written } from "./write-back";

/** A change: a pure function from the old state to the new one, as one view sees them. */
export type Action = (state: State) => State;

/** A change of more than one view: undo, say, or another view. */
export interface RootAction {
  readonly inRoot: (root: RootState) => RootState;
}

export type Listener = (request: PageRequest) => void;

/** The state as one view sees it. Whoever has a store needs to know of no other view. */
export interface Store {
  readonly state: ReadonlySignal<State>;
  dispatch(action: Action | RootAction): void;
  /** A part of the state, recomputed when the state changes and passed on when the part does. */
  select<T>(selector: (state: State) => T): ReadonlySignal<T>;
  /** Ask for something that is more than a change of state: a request, a flight of the camera. */
  request(request: PageRequest): void;
  /** Hear what is asked for in this view; returns the way to stop. */
  onRequest(listener: Listener): () => void;
}

/** The state of the page with all its views. */
export interface RootStore {
  readonly state: ReadonlySignal<RootState>;
  dispatch(action: RootAction): void;
  select<T>(selector: (root: RootState) => T): ReadonlySignal<T>;
  request(view: ViewId, request: PageRequest): void;
  onRequest(view: () => ViewId, listener: Listener): () => void;
}

export function createRootStore(initial: RootState = INITIAL_ROOT): RootStore {
  const state = signal(initial);
  const listeners = new Map<Listener, () => ViewId>();
  return {
    state,
    dispatch({ inRoot }) {
      const before = state.peek();
      state.value = recorded(before, inRoot(before), performance.now());
    },
    select: (selector) => computed(() => selector(state.value)),
    request(view, request) {
      for (const [listener, of] of listeners) if (of() === view) listener(request);
    },
    onRequest(view, listener) {
      // Two views may share a function; each is heard by itself.
      const own: Listener = (request) => listener(request);
      listeners.set(own, view);
      return () => listeners.delete(own);
    },
  };
}

/**
 * One view's store. Once the view is removed its state stays as it was last seen and takes no more
 * changes, so that work that ends late harms nothing.
 */
export function scope(root: RootStore, id: ViewId): Store {
  return following(root, () => id);
}

/** The store of whichever view is active at the moment. */
export function activeScope(root: RootStore): Store {
  return following(root, ({ active }) => active);
}

/** What each view sees, in the order of the page. */
export function viewStates(root: RootStore): ReadonlySignal<ReadonlyMap<ViewId, State>> {
  let last: ReadonlyMap<ViewId, State> = new Map();
  return computed(() => {
    const now = root.state.value;
    const next = new Map(now.order.map((id) => [id, stateOf(now, id, last.get(id))] as const));
    const order = [...last.keys()].join();
    const isSame =
      now.order.join() === order && now.order.every((id) => next.get(id) === last.get(id));
    if (!isSame) last = next;
    return last;
  });
}

function following(root: RootStore, idIn: (root: RootState) => ViewId): Store {
  const first = root.state.peek();
  let last = stateOf(first, idIn(first));
  const state = computed(() => {
    const now = root.state.value;
    const id = idIn(now);
    if (now.views[id]) last = stateOf(now, id, last);
    return last;
  });
  return {
    state,
    dispatch(action) {
      root.dispatch(
        typeof action === "function" ? inView(idIn(root.state.peek()), action) : action,
      );
    },
    select: (selector) => computed(() => selector(state.value)),
    request(request) {
      root.request(idIn(root.state.peek()), request);
    },
    onRequest: (listener) => root.onRequest(() => idIn(root.state.peek()), listener),
  };
}

/** An action as a change of the whole state. */
export function inView(id: ViewId, action: Action): RootAction {
  return {
    inRoot: (root) => {
      if (!root.views[id]) return root;
      const before = stateOf(root, id);
      return written(root, id, before, action(before));
    },
  };
}

/** The same change in every view, one after the other, as one change. */
export function inEachView(action: Action): RootAction {
  return {
    inRoot: (root) => root.order.reduce((before, id) => inView(id, action).inRoot(before), root),
  };
}

/** A page with one view, from the state that this view sees. */
export function createStore(initial: State = INITIAL_STATE): Store {
  const { inRoot } = inView(FIRST_VIEW, () => initial);
  return scope(createRootStore(inRoot(INITIAL_ROOT)), FIRST_VIEW);
}

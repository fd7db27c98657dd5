/** Holds the state, and nothing else does. Actions go in, signals come out. */
import { computed, type ReadonlySignal, signal } from "@preact/signals";
import type { PageRequest } from "./requests";
import { INITIAL_STATE, type State } from "./state/state";
import { recorded } from "./undo";

/** A change: a pure function from the old state to the new one. */
export type Action = (state: State) => State;

export interface Store {
  readonly state: ReadonlySignal<State>;
  dispatch(action: Action): void;
  /** A part of the state, recomputed when the state changes and passed on when the part does. */
  select<T>(selector: (state: State) => T): ReadonlySignal<T>;
  /** Ask for something that is more than a change of state: a request, a flight of the camera. */
  request(intent: PageRequest): void;
  /** Hear what is asked for; returns the way to stop. */
  onRequest(listener: (intent: PageRequest) => void): () => void;
}

export function createStore(initial: State = INITIAL_STATE): Store {
  const state = signal(initial);
  const listeners = new Set<(intent: PageRequest) => void>();
  return {
    state,
    dispatch(action) {
      const before = state.peek();
      state.value = recorded(before, action(before), performance.now());
    },
    select: (selector) => computed(() => selector(state.value)),
    request(intent) {
      for (const listener of listeners) listener(intent);
    },
    onRequest(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

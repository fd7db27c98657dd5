/** Values that are requested over the network, with the state of the request. */

export type Loadable<T> =
  | { readonly status: "idle" }
  | { readonly status: "loading" }
  | { readonly status: "ready"; readonly value: T }
  | { readonly status: "failed"; readonly message: string };

export const IDLE = { status: "idle" } as const;
export const LOADING = { status: "loading" } as const;

/** What came; null while it is on its way or could not be loaded. */
export function ready<T>(loadable: Loadable<T>): T | null {
  return loadable.status === "ready" ? loadable.value : null;
}

/** An answer that stays on the screen while the next one is on its way, so that nothing flickers. */
export interface Answer<T> {
  readonly value: T | null;
  readonly isLoading: boolean;
  readonly error: string | null;
}

export const NO_ANSWER = { value: null, isLoading: false, error: null } as const;

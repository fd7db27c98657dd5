/** How a panel reads the state (by selectors) and changes it (by dispatch). */
import type { ReadonlySignal } from "@preact/signals";
import { createContext } from "preact";
import { useContext, useMemo } from "preact/hooks";
import type { MediaUrls } from "../model/data/media-place";
import type { FrameTimes } from "../model/view/frame-times";
import type { Derived } from "../store/derived/derived";
import { isOffered } from "../store/offered";
import type { RequestKind } from "../store/requests";
import type { State } from "../store/state/state";
import type { Store } from "../store/store";

export interface PanelParts {
  readonly store: Store;
  readonly derived: Derived;
  /** Where images and sounds of points come from, where there is a server. */
  readonly media?: MediaUrls;
  /** How long the page's frames took, where there is a plot. */
  readonly frames?: FrameTimes;
}

export const PanelContext = createContext<PanelParts | null>(null);

export function usePanel(): PanelParts {
  const parts = useContext(PanelContext);
  if (!parts) throw new Error("A panel stands outside of PanelContext.");
  return parts;
}

export function useStore(): Store {
  return usePanel().store;
}

/**
 * A part of the state; the panel is drawn again when that part changes, and only then. A selector
 * that makes a new object each time needs `equals`, so that the same content is no change.
 */
export function useSelect<T>(
  selector: (state: State) => T,
  inputs: readonly unknown[] = [],
  equals: (a: T, b: T) => boolean = Object.is,
): T {
  const { store } = usePanel();
  // The selector is taken from the first drawing unless what it closes over has changed.
  const part: ReadonlySignal<T> = useMemo(() => {
    let last: { readonly value: T } | null = null;
    return store.select((state) => {
      const value = selector(state);
      if (!last || !equals(last.value, value)) last = { value };
      return last.value;
    });
  }, [store, ...inputs]);
  return part.value;
}

/** Whether a request can be made here; a control of one that cannot be is not drawn. */
export function useOffered(kind: RequestKind): boolean {
  return useSelect((state) => isOffered(state, kind), [kind]);
}

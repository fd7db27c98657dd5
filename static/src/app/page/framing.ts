/** The positions of each view with their frame; what finds a frame for several comes with the second view. */
import { computed, effect, type ReadonlySignal, signal } from "@preact/signals";
import type { Positions } from "../../model/projection/projection";
import type { ViewId } from "../../store/state/view-id";
import type { RootStore } from "../../store/store";

type Framed = (id: ViewId) => ReadonlySignal<Positions | null>;

export function startFraming(root: RootStore): { readonly framed: Framed; stop(): void } {
  const together = signal<Framed | null>(null);
  const areSeveral = root.select(({ order }) => order.length > 1);
  const stop = effect(() => {
    if (!areSeveral.value || together.peek()) return;
    import("../../store/derived/shared-frames").then(
      ({ deriveFramed }) => {
        together.value = deriveFramed(root);
      },
      // Each view has a frame of its own then.
      (error: unknown) => console.error("projector: views have no frame in common.", error),
    );
  });
  return {
    framed(id) {
      const alone = root.select(({ views }) => views[id]?.work.shown?.positions ?? null);
      const shared = computed(() => together.value?.(id) ?? null);
      return computed(() => (shared.value ?? alone).value);
    },
    stop,
  };
}

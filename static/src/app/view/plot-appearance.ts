/** Keeps the renderer's sizes, opacities, lines and optics as the state has them. */
import { computed, effect } from "@preact/signals";
import type { Cloud } from "../../render/scene/types";
import { derivePointAppearance } from "../../store/derived/point-appearance";
import { drawnAs, selectedPoint } from "../../store/selectors/shown";
import type { Store } from "../../store/store";

/** A neighbor's line is clear, however faint the sequences are. */
const NEIGHBOR_OPACITY = 0.5;
const NO_ROWS: readonly number[] = [];

export function drawAppearance(store: Store, cloud: Cloud): (() => void)[] {
  const appearance = derivePointAppearance(store);
  const positions = store.select((state) => state.work.shown?.positions ?? null);
  const neighbors = computed(() => neighborPairs(store));
  const neighborsKey = computed(() => neighbors.value.join());
  const drawAs = store.select(drawnAs);
  const smoothing = store.select(({ view }) => view.smoothing);
  const optics = store.select(({ view }) => view);
  return [
    effect(() => {
      const weights = { size: appearance.sizes.value, opacity: appearance.opacities.value };
      // Another number of points makes the renderer forget them.
      if (positions.value) cloud.setWeights(weights);
    }),
    effect(() => {
      const sequences = appearance.sequences.value;
      neighborsKey.value;
      const own = neighbors.peek();
      if (!positions.value) return;
      if (!sequences) {
        cloud.setEdges(Uint32Array.from(own));
        return;
      }
      const opacities = new Float32Array(sequences.opacities.length + own.length / 2);
      opacities.set(sequences.opacities);
      opacities.fill(NEIGHBOR_OPACITY, sequences.opacities.length);
      const pairs = new Uint32Array(sequences.pairs.length + own.length);
      pairs.set(sequences.pairs);
      pairs.set(own, sequences.pairs.length);
      cloud.setEdges(pairs, opacities);
    }),
    effect(() => {
      const { turning, lens, fog } = optics.value;
      cloud.setOptics({ turning, lens, fog });
    }),
    effect(() => {
      cloud.setDensity(drawAs.value === "density", smoothing.value);
    }),
  ];
}

function neighborPairs(store: Store): readonly number[] {
  const state = store.state.value;
  const index = selectedPoint(state);
  const neighbors = state.attention.neighbors.value;
  if (index === null || neighbors?.index !== index) return NO_ROWS;
  return neighbors.indices.flatMap((each) => [index, each]);
}

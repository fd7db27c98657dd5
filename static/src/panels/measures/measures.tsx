/** What is measured of all steps and runs, below the timeline: one measure at a time. */
import type { ComponentType, JSX } from "preact";
import { MEASURES, type MeasureName } from "../../model/data/measurement";
import { showMeasure } from "../../store/actions/layout";
import { useSelect, useStore } from "../context";
import { IconButton } from "../controls/icon-button";
import { DimensionMap } from "./dimension-map";
import { HealthStrip } from "./health-strip";
import { HistogramBands } from "./histogram-bands";
import { SimilarityMatrix } from "./similarity-matrix";

const PARTS: Readonly<
  Record<MeasureName, { readonly title: string; readonly Part: ComponentType }>
> = {
  health: { title: "Health", Part: HealthStrip },
  similarity: { title: "Similarity", Part: SimilarityMatrix },
  dimensions: { title: "Dimensions", Part: DimensionMap },
  histograms: { title: "Histograms", Part: HistogramBands },
};

export function Measures(): JSX.Element | null {
  const store = useStore();
  const open = useSelect(({ layout }) => layout.measure);
  if (open === null) return null;
  const { Part } = PARTS[open];
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
    const move = event.key === "ArrowRight" ? 1 : MEASURES.length - 1;
    const next = MEASURES[(MEASURES.indexOf(open) + move) % MEASURES.length] ?? open;
    store.dispatch(showMeasure(next));
    document.getElementById(`measure-${next}`)?.focus();
  };
  return (
    <section class="measures" aria-label="Measures of all steps">
      <div class="measures-head">
        <div class="measures-tabs" role="tablist" aria-label="Measures" onKeyDown={onKeyDown}>
          {MEASURES.map((name) => (
            <button
              key={name}
              id={`measure-${name}`}
              type="button"
              class="tab"
              role="tab"
              aria-selected={name === open}
              aria-controls="measure-part"
              tabIndex={name === open ? 0 : -1}
              onClick={() => store.dispatch(showMeasure(name))}
            >
              {PARTS[name].title}
            </button>
          ))}
        </div>
        <IconButton
          icon="close"
          name="Close the measures"
          shortcut="Shift+H"
          onPress={() => store.dispatch(showMeasure(null))}
        />
      </div>
      <div
        class="measures-part"
        role="tabpanel"
        id="measure-part"
        aria-labelledby={`measure-${open}`}
      >
        <Part />
      </div>
    </section>
  );
}

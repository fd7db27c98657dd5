/** What the colors mean. A click on a category isolates it; the rest stays as grey context. */
import type { JSX } from "preact";
import type { Legend, LegendEntry } from "../model/color";
import { compact, count } from "../model/format";
import { css } from "../model/palette";
import { showAllCategories, toggleIsolated } from "../store/actions/view";
import { usePanel, useSelect, useStore } from "./context";

export function LegendView(): JSX.Element | null {
  const { derived } = usePanel();
  const legend = derived.legend.value;
  if (legend.kind === "none") return null;
  return legend.kind === "ramp" ? (
    <Ramp legend={legend} />
  ) : (
    <Categories entries={legend.entries} />
  );
}

function Categories({ entries }: { readonly entries: readonly LegendEntry[] }): JSX.Element {
  const store = useStore();
  const isolated = useSelect(({ view }) => view.isolated);
  return (
    <>
      <ul class="legend" aria-label="Legend">
        {entries.map((entry) => (
          <li key={entry.slot}>
            <button
              type="button"
              class="legend-entry"
              aria-pressed={isolated.includes(entry.slot)}
              data-dimmed={isolated.length > 0 && !isolated.includes(entry.slot)}
              title="Show only this category"
              onClick={() => store.dispatch(toggleIsolated(entry.slot))}
            >
              <span
                class={`swatch is-${entry.kind}`}
                style={{ backgroundColor: css(entry.color) }}
                aria-hidden="true"
              />
              <span class="legend-name">{entry.name === "" ? "(empty)" : entry.name}</span>
              <span class="number">{count(entry.count)}</span>
            </button>
          </li>
        ))}
      </ul>
      {isolated.length > 0 && (
        <button type="button" class="link" onClick={() => store.dispatch(showAllCategories())}>
          Show all categories
        </button>
      )}
    </>
  );
}

function Ramp({ legend }: { readonly legend: Legend & { kind: "ramp" } }): JSX.Element {
  const stops = legend.stops.map(css).join(", ");
  const low = compact(legend.minimum);
  const high = compact(legend.maximum);
  return (
    <div class="ramp">
      <div
        class="ramp-bar"
        role="img"
        aria-label={`Color ramp from ${low} to ${high}`}
        style={{ backgroundImage: `linear-gradient(to right, ${stops})` }}
      />
      <div class="ramp-ends number">
        <span>{low}</span>
        <span>{high}</span>
      </div>
      {legend.nMissing > 0 && (
        <div class="legend-entry">
          <span
            class="swatch is-missing"
            style={{ backgroundColor: css(legend.missing) }}
            aria-hidden="true"
          />
          <span class="legend-name">missing</span>
          <span class="number">{count(legend.nMissing)}</span>
        </div>
      )}
    </div>
  );
}

/** The nearest neighbors of the selected point in the original space. */
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { barLengths, isMetric, METRIC_TITLES, METRICS } from "../../model/projection/neighbors";
import { distance } from "../../model/text/format";
import { selectionOf } from "../../model/view/selection";
import { hover, select } from "../../store/actions/selection";
import { setSetting } from "../../store/actions/view";
import { shownDataset } from "../../store/selectors/shown";
import { useSelect, useStore } from "../context";
import { VirtualList } from "../controls/virtual-list";
import { PointRow } from "../points/point-row";

export function NeighborList({ index }: { readonly index: number }): JSX.Element {
  const { value, isLoading, error } = useSelect(({ attention }) => attention.neighbors);
  const isCurrent = value?.index === index;
  return (
    <section class="neighbors" aria-label="Nearest neighbors" aria-busy={isLoading}>
      <div class="section-head">
        <h3 class="section-title">Nearest neighbors</h3>
        {value && !value.exact && <span class="tag">approximate</span>}
      </div>
      <NeighborControls />
      {error && <p class="inline-error is-padded">{error}</p>}
      {isCurrent && <Rows />}
    </section>
  );
}

/** How many and by which distance; one choice for everything that asks the original space. */
export function NeighborControls(): JSX.Element {
  const store = useStore();
  const k = useSelect(({ view }) => view.k);
  const metric = useSelect(({ view }) => view.metric);
  const most = useSelect((state) => Math.max(1, (shownDataset(state)?.info.n_points ?? 2) - 1));
  const high = Math.min(100, most);
  return (
    <div class="neighbor-controls">
      <select
        class="select"
        aria-label="Metric"
        title="Distance metric in the original space"
        value={metric}
        onChange={({ currentTarget: { value } }) =>
          isMetric(value) && store.dispatch(setSetting("metric", value))
        }
      >
        {METRICS.map((each) => (
          <option key={each} value={each}>
            {METRIC_TITLES[each]}
          </option>
        ))}
      </select>
      <input
        type="range"
        min={1}
        max={high}
        step={1}
        value={Math.min(k, high)}
        aria-label="Number of neighbors slider"
        onInput={(event) => store.dispatch(setSetting("k", Number(event.currentTarget.value)))}
      />
      <input
        type="number"
        class="input number"
        min={1}
        max={Math.min(1000, most)}
        value={k}
        aria-label="Number of neighbors"
        onInput={(event) => {
          const next = Number(event.currentTarget.value);
          if (Number.isInteger(next) && next >= 1) store.dispatch(setSetting("k", next));
        }}
      />
    </div>
  );
}

function Rows(): JSX.Element | null {
  const store = useStore();
  const value = useSelect(({ attention }) => attention.neighbors.value);
  const bars = useMemo(() => barLengths(value?.distances ?? []), [value]);
  if (!value) return null;
  const { indices, distances } = value;
  return (
    <VirtualList
      name="Neighbors"
      count={indices.length}
      rowHeight={26}
      taken={null}
      renderRow={(row) => (
        <NeighborRow
          index={indices[row] ?? 0}
          distance={distances[row] ?? 0}
          bar={bars[row] ?? 0}
        />
      )}
      onPick={(row) => store.dispatch(select(selectionOf([indices[row] ?? 0])))}
      onPoint={(row) => store.dispatch(hover(row === null ? null : (indices[row] ?? null)))}
    />
  );
}

export interface NeighborRowProps {
  readonly index: number;
  readonly distance: number;
  /** 0 to 1 of the longest. */
  readonly bar: number;
}

export function NeighborRow({ index, distance: value, bar }: NeighborRowProps): JSX.Element {
  return (
    <PointRow index={index}>
      <span class="distance-bar" aria-hidden="true">
        <span style={{ width: `${bar * 100}%` }} />
      </span>
      <span class="number">{distance(value)}</span>
    </PointRow>
  );
}

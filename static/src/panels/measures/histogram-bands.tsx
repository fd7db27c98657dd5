/** The histograms of a run's event files as bands over their steps. */
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { listingOf } from "../../store/selectors/listing";
import { useSelect, useStore } from "../context";
import { BandChart } from "./band-chart";
import { MeasureStatus } from "./measure-status";

export function HistogramBands(): JSX.Element {
  const store = useStore();
  const run = useSelect(({ view }) => view.place?.run ?? null);
  // A training goes on while its histograms are looked at.
  const version = useSelect((state) => listingOf(state)?.version ?? "");
  const measurement = useSelect(({ measures }) => measures.histograms);
  const [tag, setTag] = useState<string | null>(null);
  const ask = () => {
    if (run !== null) store.request({ kind: "load-histograms", run, tag });
  };
  useEffect(ask, [store, run, tag, version]);
  const { tags = [], bands = null } = measurement?.value ?? {};
  const isNone = measurement?.status === "done" && tags.length === 0;
  return (
    <div class="measure-pair">
      <div class="measure-side">
        {tags.length > 0 && (
          <select
            class="select"
            aria-label="Histogram"
            value={bands?.title ?? ""}
            onChange={({ currentTarget }) => setTag(currentTarget.value)}
          >
            {tags.map((each) => (
              <option key={each} value={each}>
                {each}
              </option>
            ))}
          </select>
        )}
        {bands && (
          <p class="hint">
            The line is the median; the bands hold the middle 38 %, 68 % and 87 %, the lightest one
            all values.
          </p>
        )}
        {measurement?.status === "failed" && (
          <MeasureStatus
            what="histograms"
            measurement={measurement}
            title="Histograms"
            onRetry={ask}
          />
        )}
        {isNone && (
          <p class="hint">
            The event files of this run have no histograms. SummaryWriter.add_histogram writes them.
          </p>
        )}
      </div>
      {bands && bands.steps.length > 0 && <BandChart key={bands.title} bands={bands} />}
    </div>
  );
}

/** The steps of a training below the plot, with a scalar of the run over them. */
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { stepsOf } from "../../model/data/listing-changes";
import { type Series, valueAt, valueExtent } from "../../model/data/scalars";
import { compact, count } from "../../model/text/format";
import { chooseScalar, openScalars, setLogarithmic } from "../../store/actions/scalars";
import { currentEntry, isLogHere, scalarsHere, seriesHere } from "../../store/selectors/companions";
import { listingOf } from "../../store/selectors/listing";
import { useSelect, useStore } from "../context";
import { Icon } from "../controls/icon";
import { IconButton } from "../controls/icon-button";
import { MeasuresButton } from "./measures-button";
import { TimelineChart } from "./timeline-chart";

const NONE: readonly Series[] = [];

export function Timeline(): JSX.Element | null {
  const series = useSelect(seriesHere);
  const listing = useSelect(listingOf);
  const place = useSelect(({ view }) => view.place);
  const isOpen = useSelect(({ scalars }) => scalars.isOpen);
  // The listing says so before they come: the strip has its height from the start.
  const hasScalars =
    useSelect((state) => currentEntry(state)?.has_scalars ?? false) || series !== null;
  const isShown = useSelect(({ work }) => work.shown !== null);
  const stored = useMemo(() => (listing && place ? stepsOf(listing, place) : []), [listing, place]);
  if (stored.length === 0 || (stored.length === 1 && !series)) return null;
  if (!isOpen || !hasScalars) {
    return stored.length === 1 && isOpen ? null : (
      <section class="timeline is-low" aria-label="Steps">
        {hasScalars && isShown ? <Reopen /> : <span class="hint">Steps</span>}
        <TimelineChart series={null} stored={stored} />
        <MeasuresButton />
      </section>
    );
  }
  return (
    <section class="timeline" aria-label="Scalars">
      <div class="timeline-side">
        {series && <ScalarChoice series={series} />}
        {series && <Reading series={series} />}
      </div>
      <TimelineChart series={series} stored={stored} />
      {series && <Buttons series={series} />}
      <MeasuresButton />
    </section>
  );
}

function Buttons({ series }: { readonly series: Series }): JSX.Element {
  const store = useStore();
  const isLog = useSelect(isLogHere);
  const canLog = useMemo(() => valueExtent(series).low > 0, [series]);
  return (
    <div class="timeline-buttons">
      <IconButton
        icon="chevronDown"
        name="Hide scalars"
        onPress={() => store.dispatch(openScalars(false))}
      />
      <button
        type="button"
        class="timeline-log"
        aria-label="Log scale"
        title="Logarithmic scale: equal ratios take equal distances"
        aria-pressed={isLog}
        disabled={!canLog}
        onClick={() => store.dispatch(setLogarithmic(!isLog))}
      >
        log
      </button>
    </div>
  );
}

/** Also where nothing was fetched yet: what is folded away asks for nothing. */
function Reopen(): JSX.Element {
  const store = useStore();
  return (
    <button type="button" class="timeline-reopen" onClick={() => store.dispatch(openScalars(true))}>
      <Icon name="chevronRight" />
      Scalars
    </button>
  );
}

function ScalarChoice({ series }: { readonly series: Series }): JSX.Element {
  const store = useStore();
  const tags = useSelect((state) => scalarsHere(state)?.series ?? NONE);
  return (
    <select
      class="select"
      aria-label="Scalar"
      title={series.tag}
      value={series.tag}
      onChange={({ currentTarget }) => store.dispatch(chooseScalar(currentTarget.value))}
    >
      {tags.map(({ tag }) => (
        <option key={tag} value={tag}>
          {tag}
        </option>
      ))}
    </select>
  );
}

/** The value at the step that is shown. */
function Reading({ series }: { readonly series: Series }): JSX.Element {
  const step = useSelect(({ view }) => view.place?.step ?? null);
  const value = step === null ? null : valueAt(series, step);
  return (
    <p class="timeline-reading">
      <strong class="number">{value === null ? "–" : compact(value)}</strong>
      {step !== null && <span class="hint number"> at step {count(step)}</span>}
    </p>
  );
}

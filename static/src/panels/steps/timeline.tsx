/** A scalar of the run over its steps, below the plot. */
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { stepsOf } from "../../model/data/listing-changes";
import { type Series, valueAt, valueExtent } from "../../model/data/scalars";
import { compact, count } from "../../model/text/format";
import { chooseScalar, openScalars, setLogarithmic } from "../../store/actions/scalars";
import { isLogHere, scalarsHere, seriesHere } from "../../store/selectors/companions";
import { listingOf } from "../../store/selectors/listing";
import { useSelect, useStore } from "../context";
import { Icon } from "../controls/icon";
import { IconButton } from "../controls/icon-button";
import { TimelineChart } from "./timeline-chart";

const NONE: readonly Series[] = [];

export function Timeline(): JSX.Element | null {
  const series = useSelect(seriesHere);
  const listing = useSelect(listingOf);
  const place = useSelect(({ view }) => view.place);
  const isOpen = useSelect(({ scalars }) => scalars.isOpen);
  const stored = useMemo(() => (listing && place ? stepsOf(listing, place) : []), [listing, place]);
  const isKnown = useSelect(({ scalars, view }) => (view.place?.run ?? "") in scalars.runs);
  if (!isOpen) return <Reopen />;
  // A run of several steps mostly has scalars: their place is kept until it is known, so that the
  // plot does not jump when they come.
  if (!isKnown && stored.length > 1) return <section class="timeline" aria-label="Scalars" />;
  if (!series || stored.length === 0) return null;
  return (
    <section class="timeline" aria-label="Scalars">
      <div class="timeline-side">
        <ScalarChoice series={series} />
        <Reading series={series} />
      </div>
      <TimelineChart series={series} stored={stored} />
      <Buttons series={series} />
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
function Reopen(): JSX.Element | null {
  const store = useStore();
  const isStepped = useSelect(({ view, work }) => work.shown !== null && view.place?.step != null);
  if (!isStepped) return null;
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

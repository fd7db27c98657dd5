/** How alike any two steps or runs are; a cell opens its pair as two views. */
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { rampColor } from "../../model/color/palette";
import { isEqual } from "../../model/data/equality";
import { placeOf } from "../../model/data/listing";
import {
  ALIKE,
  type AlikeFigure,
  type Compared,
  cellText,
  type Similarity,
} from "../../model/data/similarity";
import { viewAt } from "../../store/actions/place";
import { openViews } from "../../store/actions/views";
import {
  type ComparedKind,
  comparedKinds,
  comparedOf,
  keyOf,
} from "../../store/selectors/measures";
import { themeName } from "../../store/selectors/shown";
import { useSelect, useStore } from "../context";
import { Segmented } from "../controls/segmented";
import { ColorLegend } from "./color-legend";
import { HeatGrid } from "./heat-grid";
import { MeasureStatus } from "./measure-status";

const KINDS: Readonly<Record<ComparedKind, string>> = {
  steps: "Steps",
  runs: "Runs",
  views: "Views",
};

export function SimilarityMatrix(): JSX.Element {
  const store = useStore();
  const kinds = useSelect(comparedKinds, [], isEqual);
  const [wanted, setWanted] = useState<ComparedKind>("steps");
  const kind = kinds.includes(wanted) ? wanted : kinds[0];
  const [figure, setFigure] = useState<AlikeFigure>("kept");
  const compared = useSelect(
    (state) => comparedOf(state, kind ?? "steps"),
    [kind],
    (a, b) => keyOf(a.entries) === keyOf(b.entries) && a.labels.join() === b.labels.join(),
  );
  const ask = () => {
    if (compared.entries.length < 2) return;
    const datasets = compared.entries.map(({ id }) => id);
    store.request({ kind: "measure-similarity", datasets, figure });
  };
  useEffect(ask, [store, keyOf(compared.entries), figure]);
  const similarity = useSelect(({ measures }) => measures.similarity);
  if (!kind) {
    return <p class="hint is-padded">There is one step of one run: nothing to compare it with.</p>;
  }
  const value = similarity?.value ?? null;
  return (
    <div class="measure-pair">
      <div class="measure-side">
        <Segmented
          name="Compared"
          value={kind}
          choices={kinds.map((each) => ({ value: each, title: KINDS[each] }))}
          onChange={setWanted}
        />
        <select
          class="select"
          aria-label="Similarity figure"
          value={figure}
          onChange={({ currentTarget }) => setFigure(currentTarget.value as AlikeFigure)}
        >
          {ALIKE.map((each) => (
            <option key={each.value} value={each.value}>
              {each.title}
            </option>
          ))}
        </select>
        <Legend figure={figure} />
        <MeasureStatus
          what="similarity"
          measurement={similarity}
          title="Similarity"
          onRetry={ask}
        />
        {compared.note && <p class="hint">{compared.note}</p>}
        {value && <Warnings warnings={value.warnings} />}
      </div>
      {value && value.n === compared.entries.length && value.figure === figure && (
        <Matrix kind={kind} compared={compared} value={value} />
      )}
    </div>
  );
}

function Legend({ figure }: { readonly figure: AlikeFigure }): JSX.Element {
  const theme = useSelect(themeName);
  const { title, about } = ALIKE.find(({ value }) => value === figure) ?? {
    title: "",
    about: "",
  };
  return (
    <>
      <ColorLegend title={title} low="0" high="1" color={(share) => rampColor(theme, share)} />
      <p class="hint">{about}.</p>
    </>
  );
}

/** The first few, each once: a withheld figure says so for every pair. */
function Warnings({ warnings }: { readonly warnings: readonly string[] }): JSX.Element {
  const different = [...new Set(warnings)];
  return (
    <>
      {different.slice(-2).map((each) => (
        <p key={each} class="inline-warning">
          {each}
        </p>
      ))}
      {different.length > 2 && <p class="hint">{different.length - 2} more like these.</p>}
    </>
  );
}

interface MatrixProps {
  readonly kind: ComparedKind;
  readonly compared: Compared;
  readonly value: Similarity;
}

function Matrix({ kind, compared, value }: MatrixProps): JSX.Element {
  const store = useStore();
  const theme = useSelect(themeName);
  const { labels, entries } = compared;
  const color = (row: number, column: number) => {
    const share = value.matrix[row * value.n + column] ?? Number.NaN;
    return Number.isNaN(share) ? null : rampColor(theme, Math.max(0, Math.min(1, share)));
  };
  const open = (row: number, column: number) => {
    const state = store.state.peek();
    const pair = [...new Set([row, column])].sort((a, b) => a - b);
    const places = pair.flatMap((at) => entries[at] ?? []).map(placeOf);
    store.dispatch(openViews(places.map((place) => viewAt(state, place))));
  };
  const short = labels.map((each) => each.replace(/^step /, ""));
  return (
    <HeatGrid
      name={`Similarity of ${KINDS[kind].toLowerCase()}`}
      rows={short}
      columns={short}
      color={color}
      colors={`${theme} ${labels.join()} ${value.figure} ${value.matrix.join()}`}
      text={(row, column) => cellText(value, labels, row, column)}
      onOpen={open}
      isSquare
      first={[0, labels.length - 1]}
    />
  );
}

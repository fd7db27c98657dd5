/** The neighbors that the selected point kept, lost and gained between two views. */
import type { JSX } from "preact";
import { useEffect, useMemo } from "preact/hooks";
import type { DriftNeighbors } from "../../model/data/drift";
import { isEqual } from "../../model/data/equality";
import { isMetric, METRIC_TITLES } from "../../model/projection/neighbors";
import { count, distance } from "../../model/text/format";
import { mappedRow, type RowMap } from "../../model/view/matching";
import { selectionOf } from "../../model/view/selection";
import { hover, select } from "../../store/actions/selection";
import { comparedPoint, rowsFromFirst, shownDrift } from "../../store/selectors/drift";
import { driftSides } from "../../store/selectors/views";
import { useSelect, useStore } from "../context";
import { VirtualList } from "../controls/virtual-list";
import { PointRow } from "../points/point-row";

type Kind = "kept" | "lost" | "gained";

interface Row {
  readonly kind: Kind;
  readonly index: number;
  readonly distances: readonly [number, number];
}

export function DriftNeighborList(): JSX.Element | null {
  const store = useStore();
  const drift = useSelect(shownDrift);
  // The comparison has the rows of the first dataset.
  const point = useSelect(comparedPoint);
  const rowsHere = useSelect(rowsFromFirst);
  const id = drift?.id ?? null;
  const { from = "", to = "" } = drift ?? {};
  const sides = useSelect((state) => driftSides(state, from, to), [from, to], isEqual);
  useEffect(() => {
    store.request(
      id === null || point === null
        ? { kind: "load-drift" }
        : { kind: "load-drift-neighbors", point },
    );
  }, [store, id, point]);
  if (!drift?.result || point === null) return null;
  const { neighbors, result } = drift;
  const isCurrent = drift.point === point;
  const { metric } = result.summary;
  const measure = isMetric(metric) ? METRIC_TITLES[metric] : metric;
  return (
    <section
      class="neighbors drift-neighbors"
      aria-label="Neighbors kept, lost and gained"
      aria-busy={isCurrent && neighbors.isLoading}
    >
      {isCurrent && neighbors.error && <p class="inline-error is-padded">{neighbors.error}</p>}
      {isCurrent && neighbors.value && (
        <Rows found={neighbors.value} rowsHere={rowsHere} sides={sides} measure={measure} />
      )}
    </section>
  );
}

interface RowsProps {
  readonly found: DriftNeighbors;
  readonly rowsHere: RowMap;
  readonly sides: readonly [string, string];
  readonly measure: string;
}

function Rows({ found, rowsHere, sides, measure }: RowsProps): JSX.Element {
  const store = useStore();
  const rows = useMemo(() => rowsOf(found, rowsHere), [found, rowsHere]);
  const { kept, lost, gained } = found;
  const [a, b] = sides;
  return (
    <>
      <div class="section-head">
        <h3 class="section-title">
          {count(kept.length)} of {count(kept.length + lost.length)} kept, {count(lost.length)}{" "}
          lost, {count(gained.length)} gained
        </h3>
      </div>
      <div class="drift-sides hint">
        <span>{measure} distance in</span>
        <span class="number">{a}</span>
        <span class="number">{b}</span>
      </div>
      <VirtualList
        name="Neighbors kept, lost and gained"
        count={rows.length}
        rowHeight={26}
        taken={null}
        renderRow={(at) => {
          const row = rows[at];
          return row && <DriftRow row={row} sides={sides} />;
        }}
        onPick={(at) => store.dispatch(select(selectionOf([rows[at]?.index ?? 0])))}
        onPoint={(at) => store.dispatch(hover(at === null ? null : (rows[at]?.index ?? null)))}
      />
    </>
  );
}

function DriftRow({ row, sides }: { readonly row: Row } & Pick<RowsProps, "sides">): JSX.Element {
  const { kind, index, distances } = row;
  const [a, b] = sides;
  const mark = kind === "kept" ? "=" : letter(kind === "lost" ? a : b);
  const where = kind === "kept" ? `in ${a} and ${b}` : `in ${kind === "lost" ? a : b} only`;
  return (
    <>
      <span class={`drift-mark is-${kind}`} title={`${kind}: a neighbor ${where}`}>
        <span aria-hidden="true">{mark}</span>
        <span class="visually-hidden">{kind}</span>
      </span>
      <PointRow index={index}>
        <span class={`number${kind === "gained" ? " is-other" : ""}`}>
          {distance(distances[0])}
        </span>
        <span class={`number${kind === "lost" ? " is-other" : ""}`}>{distance(distances[1])}</span>
      </PointRow>
    </>
  );
}

/** A view's letter; a sign where no view shows what was compared. */
function letter(side: string): string {
  return side.length === 1 ? side : side === "the first" ? "−" : "+";
}

function rowsOf(found: DriftNeighbors, rowsHere: RowMap): readonly Row[] {
  const list = (kind: Kind) =>
    found[kind].map((index, at): Row => {
      const [inA, inB] = found[`${kind}_distances`][at] ?? [Number.NaN, Number.NaN];
      return { kind, index: mappedRow(rowsHere, index) ?? index, distances: [inA, inB] };
    });
  return [...list("kept"), ...list("lost"), ...list("gained")];
}

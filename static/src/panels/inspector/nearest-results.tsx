/** The points nearest to an expression or to the centroid of the selection, in the original space. */
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import {
  expressionIn,
  type Nearest,
  type Term,
  termTitle,
} from "../../model/projection/expression";
import { barLengths, METRIC_TITLES } from "../../model/projection/neighbors";
import { count, counted } from "../../model/text/format";
import { type Selection, selectionOf } from "../../model/view/selection";
import { askCentroid, forgetCentroid } from "../../store/actions/query";
import { hover, select } from "../../store/actions/selection";
import { isCentroidOpen } from "../../store/selectors/companions";
import { selectedPoint, selection } from "../../store/selectors/shown";
import type { Answer } from "../../store/state/loadable";
import { useSelect, useStore } from "../context";
import { IconButton } from "../controls/icon-button";
import { VirtualList } from "../controls/virtual-list";
import { NeighborControls, NeighborRow } from "./neighbor-list";

/** The answer to what the search box says behind its "=". */
export function ExpressionResults(): JSX.Element {
  const answer = useSelect(({ query }) => query.expression);
  const isEmpty = useSelect(({ attention }) => expressionIn(attention.search.text) === "");
  if (isEmpty) {
    return (
      <p class="hint is-padded query-hint">
        Labels with + and −, separated by spaces: <code>= king - man + woman</code>
      </p>
    );
  }
  return (
    <>
      {answer.error && <p class="inline-error is-padded query-hint">{answer.error}</p>}
      {answer.value && <Terms terms={answer.value.terms} />}
      <Summary answer={answer} />
      {answer.value && <Rows name="Nearest to the expression" nearest={answer.value} />}
    </>
  );
}

/** Which labels were found, and how many points have each of them. */
function Terms({ terms }: { readonly terms: readonly Term[] }): JSX.Element {
  return (
    <ul class="terms" aria-label="Terms">
      {terms.map((term, at) => (
        <li key={`${at} ${term.label}`} class="term">
          {termTitle(term, at === 0)}
          {term.n_rows > 1 && <span class="number">{counted(term.n_rows, "point")}</span>}
        </li>
      ))}
    </ul>
  );
}

function Summary({ answer: { value, isLoading, error } }: { readonly answer: Answer<Nearest> }) {
  const store = useStore();
  if (error) return null;
  return (
    <div class="search-summary" data-loading={isLoading} aria-busy={isLoading}>
      <span class="number">
        {value ? `${count(value.indices.length)} nearest, ${METRIC_TITLES[value.metric]}` : "…"}
      </span>
      {value && value.indices.length > 0 && (
        <button
          type="button"
          class="link"
          onClick={() => store.dispatch(select(selectionOf(value.indices)))}
        >
          Select all
        </button>
      )}
    </div>
  );
}

interface RowsProps {
  readonly name: string;
  readonly nearest: Nearest;
}

function Rows({ name, nearest: { indices, distances } }: RowsProps): JSX.Element {
  const store = useStore();
  const selected = useSelect(selectedPoint);
  const bars = useMemo(() => barLengths(distances), [distances]);
  const pick = (index: number) => {
    store.dispatch(select(selectionOf([index])));
    store.request({ kind: "fly", indices: [index] });
  };
  return (
    <VirtualList
      name={name}
      count={indices.length}
      rowHeight={26}
      taken={selected === null ? null : indices.indexOf(selected)}
      renderRow={(row) => (
        <NeighborRow
          index={indices[row] ?? 0}
          distance={distances[row] ?? 0}
          bar={bars[row] ?? 0}
        />
      )}
      onPick={(row) => pick(indices[row] ?? 0)}
      onPoint={(row) => store.dispatch(hover(row === null ? null : (indices[row] ?? null)))}
    />
  );
}

/** Offered where several points are selected. */
export function NearestToCentroid(): JSX.Element {
  const store = useStore();
  const rows = useSelect(selection);
  const isOpen = useSelect(isCentroidOpen);
  if (isOpen) return <CentroidResults rows={rows} />;
  return (
    <div class="centroid-offer">
      <button type="button" class="link" onClick={() => store.dispatch(askCentroid(rows))}>
        Nearest to the centroid of the selection
      </button>
    </div>
  );
}

function CentroidResults({ rows }: { readonly rows: Selection }): JSX.Element {
  const store = useStore();
  const { value, isLoading, error } = useSelect(({ query }) => query.centroid);
  const title = `Nearest to the centroid of ${counted(rows.length, "point")}`;
  return (
    <section class="neighbors" aria-label={title} aria-busy={isLoading}>
      <div class="section-head">
        <h3 class="section-title">{title}</h3>
        <IconButton
          icon="close"
          name="Close these results"
          onPress={() => store.dispatch(forgetCentroid())}
        />
      </div>
      <NeighborControls />
      {error && <p class="inline-error is-padded">{error}</p>}
      {value && <Rows name="Nearest to the centroid" nearest={value} />}
    </section>
  );
}

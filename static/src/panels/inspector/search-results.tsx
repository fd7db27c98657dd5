/** What a search has found: rows with the columns that match, images, or the nearest points. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { isExpression } from "../../model/projection/expression";
import { counted } from "../../model/text/format";
import { selectionOf } from "../../model/view/selection";
import { hover, select } from "../../store/actions/selection";
import { labelColumn, selectedPoint, shownDataset } from "../../store/selectors/shown";
import { useSelect, useStore } from "../context";
import { VirtualList } from "../controls/virtual-list";
import { ContactSheet, hasImages } from "../points/contact-sheet";
import { PointRow } from "../points/point-row";
import { ExpressionResults } from "./nearest-results";

export function SearchResults(): JSX.Element {
  const isNearest = useSelect(({ attention }) => isExpression(attention.search.text));
  return isNearest ? <ExpressionResults /> : <Results />;
}

/** A point that was found, and in which column, unless that is its name. */
function Match({ index, at }: { readonly index: number; readonly at: number }): JSX.Element {
  const column = useSelect(
    (state) => {
      const data = shownDataset(state);
      const found = data?.info.columns[state.attention.search.columns?.[at] ?? -1];
      return found && found.index !== labelColumn(state, data)?.index ? found.name : null;
    },
    [at],
  );
  if (column === null) return <PointRow index={index} />;
  return (
    <PointRow index={index}>
      <span class="match-column" title={`Found in ${column}`}>
        {column}
      </span>
    </PointRow>
  );
}

function Results(): JSX.Element {
  const store = useStore();
  const { value, isLoading, error } = useSelect(({ attention }) => attention.search.rows);
  const hasPictures = useSelect((state) => hasImages(shownDataset(state)));
  const [isGallery, setIsGallery] = useState(false);
  const selected = useSelect(selectedPoint);
  const rows = value ?? new Uint32Array(0);
  const pick = (index: number) => {
    store.dispatch(select(selectionOf([index])));
    store.request({ kind: "fly", indices: [index] });
  };
  if (error) return <p class="inline-error is-padded">{error}</p>;
  return (
    <>
      <div class="search-summary" data-loading={isLoading}>
        <span class="number">
          {value ? counted(rows.length, "match").replace(/hs$/, "hes") : "…"}
        </span>
        {hasPictures && rows.length > 0 && (
          <button
            type="button"
            class="link"
            aria-pressed={isGallery}
            onClick={() => setIsGallery(!isGallery)}
          >
            Images
          </button>
        )}
        {rows.length > 0 && (
          <button type="button" class="link" onClick={() => store.dispatch(select(rows))}>
            Select all
          </button>
        )}
      </div>
      {rows.length > 0 && isGallery && hasPictures && (
        // It scrolls, so the keyboard must be able to reach it.
        // biome-ignore lint/a11y/noNoninteractiveTabindex: see above
        <section class="search-gallery" aria-label="Images found" tabIndex={0}>
          <ContactSheet name="Images of the search results" rows={rows} />
        </section>
      )}
      {rows.length > 0 && !(isGallery && hasPictures) && (
        <VirtualList
          name="Search results"
          count={rows.length}
          rowHeight={26}
          taken={selected === null ? null : rows.indexOf(selected)}
          renderRow={(row) => <Match index={rows[row] ?? 0} at={row} />}
          onPick={(row) => pick(rows[row] ?? 0)}
          onPoint={(row) => store.dispatch(hover(row === null ? null : (rows[row] ?? null)))}
        />
      )}
    </>
  );
}

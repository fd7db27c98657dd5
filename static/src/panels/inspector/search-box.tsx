/** Search by text while typing; in the plot, points that do not match are dimmed. */
import type { JSX } from "preact";
import { isExpression } from "../../model/projection/expression";
import { counted } from "../../model/text/format";
import { selectionOf } from "../../model/view/selection";
import { hover, select, setSearchColumn, setSearchText } from "../../store/actions/selection";
import { selectedPoint, shownDataset } from "../../store/selectors/shown";
import { useSelect, useStore } from "../context";
import { Icon } from "../controls/icon";
import { IconButton } from "../controls/icon-button";
import { VirtualList } from "../controls/virtual-list";
import { PointRow } from "../points/point-row";
import { ExpressionResults } from "./nearest-results";

const ALL = "all";

export function SearchBox(): JSX.Element {
  const store = useStore();
  const { text, column } = useSelect(({ attention }) => attention.search);
  const columns = useSelect((state) => shownDataset(state)?.info.columns ?? null);
  const hasColumns = columns !== null && columns.length > 0;
  return (
    <search class="search">
      <div class="search-field">
        <Icon name="search" />
        <input
          id="search-text"
          type="text"
          class="search-input"
          aria-label="Search points"
          placeholder={columns && !hasColumns ? "No metadata to search" : "Search  /"}
          autoComplete="off"
          spellcheck={false}
          disabled={columns !== null && !hasColumns}
          value={text}
          onInput={(event) => store.dispatch(setSearchText(event.currentTarget.value))}
        />
        {text !== "" && (
          <IconButton
            icon="close"
            name="Clear search"
            onPress={() => store.dispatch(setSearchText(""))}
          />
        )}
        {hasColumns && columns.length > 1 && (
          <select
            class="search-column"
            aria-label="Search in column"
            value={column === null ? ALL : String(column)}
            onChange={({ currentTarget: { value } }) =>
              store.dispatch(setSearchColumn(value === ALL ? null : Number(value)))
            }
          >
            <option value={ALL}>all columns</option>
            {columns.map(({ index, name }) => (
              <option key={index} value={String(index)}>
                {name}
              </option>
            ))}
          </select>
        )}
      </div>
      {text !== "" && (isExpression(text) ? <ExpressionResults /> : <Results />)}
    </search>
  );
}

function Results(): JSX.Element {
  const store = useStore();
  const { value, isLoading, error } = useSelect(({ attention }) => attention.search.rows);
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
        {rows.length > 0 && (
          <button type="button" class="link" onClick={() => store.dispatch(select(rows))}>
            Select all
          </button>
        )}
      </div>
      {rows.length > 0 && (
        <VirtualList
          name="Search results"
          count={rows.length}
          rowHeight={26}
          taken={selected === null ? null : rows.indexOf(selected)}
          renderRow={(row) => <PointRow index={rows[row] ?? 0} />}
          onPick={(row) => pick(rows[row] ?? 0)}
          onPoint={(row) => store.dispatch(hover(row === null ? null : (rows[row] ?? null)))}
        />
      )}
    </>
  );
}

/** Search by text while typing; in the plot, points that do not match are dimmed. */
import type { JSX } from "preact";
import { setSearchColumn, setSearchText } from "../../store/actions/selection";
import { shownDataset } from "../../store/selectors/shown";
import { useSelect, useStore } from "../context";
import { Icon } from "../controls/icon";
import { IconButton } from "../controls/icon-button";
import { Lazy } from "../controls/lazy";

const RESULTS = async () => (await import("./search-results")).SearchResults;
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
      <Lazy isWanted={text !== ""} load={RESULTS} />
    </search>
  );
}

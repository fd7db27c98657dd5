/**
 * Search by text while typing; in the plots, points that do not match are dimmed. It stands in the
 * header, and in a narrow window above the inspector, which shows what was found.
 */
import type { JSX } from "preact";
import { togglePanel } from "../../store/actions/layout";
import { setSearchColumn, setSearchText } from "../../store/actions/selection";
import { shownDataset } from "../../store/selectors/shown";
import { useSelect, useStore } from "../context";
import { Icon } from "../controls/icon";
import { IconButton } from "../controls/icon-button";

const ALL = "all";

export function SearchField(): JSX.Element {
  const store = useStore();
  const { text, column } = useSelect(({ attention }) => attention.search);
  const columns = useSelect((state) => shownDataset(state)?.info.columns ?? null);
  const hasColumns = columns !== null && columns.length > 0;
  const search = (typed: string) => {
    store.dispatch(setSearchText(typed));
    // What is found stands in the right panel.
    if (typed !== "") store.dispatch(togglePanel("right", true));
  };
  return (
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
        onInput={(event) => search(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== "ArrowDown") return;
          const found = document.querySelector<HTMLElement>(".search .virtual-list");
          if (found) event.preventDefault();
          found?.focus();
        }}
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
  );
}

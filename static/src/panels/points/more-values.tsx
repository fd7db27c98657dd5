/** The less frequent values of a column, which have no color or bar of their own: all, or found by a search. */
import type { ComponentChildren, JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { Category, Column } from "../../model/data/dataset";
import { count } from "../../model/text/format";
import { categoriesNamed } from "../../store/actions/category-search";
import { shownDataset } from "../../store/selectors/shown";
import { contentKey } from "../../store/selectors/table";
import type { Action, Store } from "../../store/store";
import { useSelect, useStore } from "../context";

export interface MoreValuesSwitchProps {
  readonly isOpen: boolean;
  readonly onPress: () => void;
}

/** Opens and closes the list. */
export function MoreValuesSwitch({ isOpen, onPress }: MoreValuesSwitchProps): JSX.Element {
  return (
    <button type="button" class="link" aria-expanded={isOpen} onClick={onPress}>
      {isOpen ? "Hide less frequent values" : "Show less frequent values"}
    </button>
  );
}

export interface MoreValuesProps {
  readonly column: Column;
  readonly place: "legend" | "chart";
  /** How many of the most frequent values are listed elsewhere. */
  readonly skip: number;
  /** What the list is called. */
  readonly name: string;
  /** Of its list. */
  readonly class: string;
  readonly renderValue: (value: Category) => ComponentChildren;
}

export function MoreValues(props: MoreValuesProps): JSX.Element {
  const { column, name, place, skip, renderValue } = props;
  const list = `${place} ${column.index}` as const;
  const store = useStore();
  const content = useSelect(contentKey);
  const search = useSelect(
    (state) => (state.categorySearches[list]?.of === content ? state.categorySearches[list] : null),
    [list, content],
  );
  const asked = useRef("");
  const find = (text: string, offset: number) => {
    asked.current = text;
    store.request({ kind: "find-values", list, column: column.index, text, offset, skip });
  };
  // Before anybody can type: what is asked later would otherwise take the word. Where the data
  // changes meanwhile, what was typed is looked for in the new one.
  useLayoutEffect(() => find(asked.current, 0), [content, list, skip]);
  const found = search?.found ?? [];
  const nMore = (search?.nFound ?? 0) - found.length;
  return (
    <>
      <input
        type="text"
        class="input value-search"
        aria-label={`Find a value of ${column.name}`}
        placeholder={`Search ${count(column.n_categories)} values`}
        value={search?.text ?? ""}
        onInput={({ currentTarget }) => find(currentTarget.value, 0)}
        onKeyDown={(event) => {
          if (event.key !== "Escape" || event.currentTarget.value === "") return;
          event.stopPropagation();
          find("", 0);
        }}
      />
      {/* It scrolls, so the keyboard must be able to reach it. */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: see above */}
      <ul class={props.class} aria-label={name} aria-busy={search?.isLoading ?? true} tabIndex={0}>
        {found.map((value) => (
          <li key={value.rank}>{renderValue(value)}</li>
        ))}
        {nMore > 0 && (
          <li>
            <button
              type="button"
              class="link"
              disabled={search?.isLoading}
              onClick={() => find(search?.text ?? "", found.length)}
            >
              Show more ({count(nMore)} left)
            </button>
          </li>
        )}
      </ul>
      {search && !search.isLoading && found.length === 0 && <p class="hint">No matching values.</p>}
    </>
  );
}

/** Filters and colors go by what is known: a rare value is made known before it is named. */
export function nameValue(store: Store, column: Column, value: Category, action: Action): void {
  const info = shownDataset(store.state.peek())?.info;
  if (info) store.dispatch(categoriesNamed(info.id, column.index, [value]));
  store.dispatch(action);
}

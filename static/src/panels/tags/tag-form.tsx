/** The form that writes a value at the selected points. */
import type { JSX } from "preact";
import { useLayoutEffect, useState } from "preact/hooks";
import { type Column, refOf } from "../../model/data/dataset";
import {
  freshColumnName,
  MAX_VALUE,
  type TagTable,
  wrongName,
  wrongText,
} from "../../model/data/tags";
import { counted } from "../../model/text/format";
import { announce } from "../../store/actions/page";
import { chooseTagColumn, openTagging, tagFieldFocused, tagRows } from "../../store/actions/tags";
import { setSetting } from "../../store/actions/view";
import { colorColumn, selection, shownDataset } from "../../store/selectors/shown";
import { shownTags } from "../../store/selectors/tags";
import type { Store } from "../../store/store";
import { useSelect, useStore } from "../context";
import { ColumnChoice } from "./tag-column-choice";
import { TagField } from "./tag-field";
import { TagValues } from "./tag-values";

const NO_COLUMNS: readonly Column[] = [];

export function TagForm(): JSX.Element | null {
  const table = useSelect(shownTags);
  return table && <Form table={table} />;
}

function Form({ table }: { readonly table: TagTable }): JSX.Element {
  const store = useStore();
  const rows = useSelect(selection);
  const { ofData, own, taken, edited, column } = useTagColumns(table);
  const draft = useDraft(column, taken);
  useFocusWhenAsked();
  const onKeyDown = (event: KeyboardEvent) => onKey(event, store, () => draft.apply(draft.value));
  return (
    <>
      <div class="tag-form">
        <ColumnChoice
          own={own}
          ofData={ofData}
          column={column}
          onChoose={(next) => store.dispatch(chooseTagColumn(next))}
        />
        {column === null && (
          <TagField
            id="tag-column-name"
            title="Name"
            value={draft.name}
            problem={draft.nameProblem}
            onInput={draft.setName}
            onKeyDown={onKeyDown}
          />
        )}
        <TagField
          id="tag-text"
          title="Value"
          placeholder={rows.length === 0 ? "Select points first" : "Press Enter to apply"}
          value={draft.text}
          problem={draft.problem}
          onInput={draft.setText}
          onKeyDown={onKeyDown}
        />
        {edited && <Warning column={edited} text={draft.value} />}
        <Buttons
          column={column}
          isEdited={edited !== null}
          canApply={draft.value !== "" && !draft.problem && !draft.nameProblem}
          onApply={() => draft.apply(draft.value)}
        />
      </div>
      {column !== null && (
        <TagValues
          name={column}
          table={table}
          edited={edited}
          typed={draft.value}
          onPick={rows.length > 0 ? draft.apply : null}
        />
      )}
    </>
  );
}

/** Enter applies, an arrow leads to the values below, Escape closes the form. */
function onKey(event: KeyboardEvent, store: Store, apply: () => void): void {
  if (event.key === "Enter") apply();
  else if (event.key === "ArrowDown") {
    document.querySelector<HTMLElement>(".tag-values [role=listbox]")?.focus();
  } else if (event.key === "Escape") store.dispatch(openTagging(false));
  else return;
  event.preventDefault();
}

/** The columns that can be tagged, and the one that is. */
function useTagColumns(table: TagTable) {
  const columns = useSelect((state) => shownDataset(state)?.info.columns ?? NO_COLUMNS);
  const chosen = useSelect(({ tags }) => tags.column);
  const ofData = columns.filter(({ tags }) => tags === null || tags.edits);
  const own = table.columns
    .map(({ name }) => name)
    .filter((name) => !ofData.some((each) => each.name === name));
  const edited = ofData.find(({ name }) => name === chosen) ?? null;
  // What another step or run does not have is a new column there.
  const column = edited || (chosen !== null && own.includes(chosen)) ? chosen : null;
  return { ofData, own, taken: [...ofData.map(({ name }) => name), ...own], edited, column };
}

/** What is typed for the next tag: its value, and a name where its column is a new one. */
function useDraft(column: string | null, taken: readonly string[]) {
  const store = useStore();
  const rows = useSelect(selection);
  const [name, setName] = useState<string | null>(null);
  const [text, setText] = useState("");
  const newName = (name ?? freshColumnName(taken)).trim();
  const value = text.trim();
  const nameProblem = column === null ? wrongName(newName, taken) : null;
  const problem = value === "" ? null : wrongText(value, MAX_VALUE);
  const apply = (next: string) => {
    const target = column ?? newName;
    if (rows.length === 0 || nameProblem || wrongText(next, MAX_VALUE)) return;
    store.dispatch(tagRows(target, rows, next));
    store.dispatch(announce(`Tagged ${counted(rows.length, "point")}: ${target} is ${next}`));
    setName(null);
    setText("");
  };
  return { name: name ?? newName, text, value, nameProblem, problem, setName, setText, apply };
}

/** A key or a command has opened the form to be typed into. */
function useFocusWhenAsked(): void {
  const store = useStore();
  const wantsFocus = useSelect(({ tags }) => tags.wantsFocus);
  useLayoutEffect(() => {
    if (!wantsFocus) return;
    document.getElementById("tag-text")?.focus();
    store.dispatch(tagFieldFocused());
  }, [store, wantsFocus]);
}

interface ButtonsProps {
  readonly column: string | null;
  /** Whether the data has the column, too. */
  readonly isEdited: boolean;
  readonly canApply: boolean;
  readonly onApply: () => void;
}

function Buttons({ column, isEdited, canApply, onApply }: ButtonsProps): JSX.Element {
  const store = useStore();
  const rows = useSelect(selection);
  const clear = () => {
    if (column === null) return;
    store.dispatch(tagRows(column, rows, null));
    store.dispatch(announce(`Removed the tags of ${counted(rows.length, "point")} in ${column}`));
  };
  return (
    <div class="tag-buttons">
      <button
        type="button"
        class="button is-primary"
        disabled={rows.length === 0 || !canApply}
        onClick={onApply}
      >
        {`Tag ${counted(rows.length, "point")}`}
      </button>
      <button
        type="button"
        class="button"
        disabled={rows.length === 0 || column === null}
        title={
          isEdited
            ? "Show the values of the data at these points again"
            : "Remove the tags of these points from this column"
        }
        onClick={clear}
      >
        {isEdited ? "Restore original values" : "Clear"}
      </button>
      {column !== null && <ColorButton name={column} />}
    </div>
  );
}

/** A text among numbers makes texts of them all: said before it is done. */
function Warning({ column, text }: { readonly column: Column; readonly text: string }) {
  if (column.kind !== "numeric" || text === "" || text.trim() === "" || !Number.isNaN(Number(text)))
    return null;
  return (
    <p class="hint">
      {column.name} is numeric. With a value that is not a number it is shown as categories.
    </p>
  );
}

/** Nothing is recolored unasked; but what was tagged is best seen in its colors. */
function ColorButton({ name }: { readonly name: string }): JSX.Element | null {
  const store = useStore();
  const colored = useSelect((state) => {
    const data = shownDataset(state);
    return data ? colorColumn(state, data)?.name : null;
  });
  const column = useSelect(
    (state) => shownDataset(state)?.info.columns.find((each) => each.name === name) ?? null,
    [name],
  );
  if (!column || colored === name) return null;
  return (
    <button
      type="button"
      class="link"
      onClick={() => store.dispatch(setSetting("color", refOf(column)))}
    >
      {`Color by ${name}`}
    </button>
  );
}

/** Write a label beside the selected points: choose a column, type a value, Enter. */
import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useMemo, useState } from "preact/hooks";
import { type Column, refOf } from "../../model/data/dataset";
import {
  columnOf,
  freshColumnName,
  MAX_NAME,
  MAX_VALUE,
  type TagTable,
  type ValueCount,
  valueCounts,
  wrongText,
} from "../../model/data/tags";
import { count, counted } from "../../model/text/format";
import { announce } from "../../store/actions/page";
import {
  chooseTagColumn,
  deleteTagColumn,
  openTagging,
  renameTagColumn,
  tagFieldFocused,
  tagRows,
} from "../../store/actions/tags";
import { setSetting } from "../../store/actions/view";
import { colorColumn, selection, shownDataset } from "../../store/selectors/shown";
import { shownTags } from "../../store/selectors/tags";
import { useSelect, useStore } from "../context";
import { IconButton } from "../controls/icon-button";
import { Select } from "../controls/select";
import { VirtualList } from "../controls/virtual-list";
import { TagStatus } from "./tag-status";

const NEW = "new";
const NO_COLUMNS: readonly Column[] = [];

export function TagPanel(): JSX.Element | null {
  const store = useStore();
  const isOpen = useSelect(({ tags }) => tags.isOpen);
  const table = useSelect(shownTags);
  if (!isOpen) return <TagStatus isQuiet={true} />;
  return (
    <section class="tags" aria-label="Tags">
      <div class="section-head">
        <h3 class="section-title">Tag</h3>
        <IconButton
          icon="close"
          name="Close the tags"
          onPress={() => store.dispatch(openTagging(false))}
        />
      </div>
      {/* Above the form: what went wrong must not be scrolled to. */}
      <TagStatus isQuiet={false} />
      {table ? <TagForm table={table} /> : <p class="hint is-padded">Reading the tags …</p>}
    </section>
  );
}

function TagForm({ table }: { readonly table: TagTable }): JSX.Element {
  const store = useStore();
  const rows = useSelect(selection);
  const columns = useSelect((state) => shownDataset(state)?.info.columns ?? NO_COLUMNS);
  const ofData = columns.filter(({ tags }) => tags === null || tags.edits);
  const own = table.columns.filter(({ name }) => !ofData.some((each) => each.name === name));
  const chosen = useSelect(({ tags }) => tags.column);
  const edited = ofData.find(({ name }) => name === chosen) ?? null;
  // What another step or run does not have is a new column there.
  const column = edited || own.some(({ name }) => name === chosen) ? chosen : null;
  const taken = [...ofData, ...own].map(({ name }) => name);
  const [name, setName] = useState<string | null>(null);
  const [text, setText] = useState("");
  const wantsFocus = useSelect(({ tags }) => tags.wantsFocus);
  useLayoutEffect(() => {
    if (!wantsFocus) return;
    document.getElementById("tag-text")?.focus();
    store.dispatch(tagFieldFocused());
  }, [store, wantsFocus]);
  const newName = (name ?? freshColumnName(taken)).trim();
  const nameProblem = column === null ? wrongName(newName, taken) : null;
  const problem = text.trim() === "" ? null : wrongText(text.trim(), MAX_VALUE);

  const apply = (value: string) => {
    const target = column ?? newName;
    if (rows.length === 0 || nameProblem || wrongText(value, MAX_VALUE)) return;
    store.dispatch(tagRows(target, rows, value));
    store.dispatch(announce(`Tagged ${counted(rows.length, "point")}: ${target} is ${value}`));
    setName(null);
    setText("");
  };
  const clear = () => {
    if (column === null) return;
    store.dispatch(tagRows(column, rows, null));
    store.dispatch(announce(`Tags taken from ${counted(rows.length, "point")} in ${column}`));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Enter") apply(text.trim());
    else if (event.key === "ArrowDown") {
      document.querySelector<HTMLElement>(".tag-values [role=listbox]")?.focus();
    } else if (event.key === "Escape") store.dispatch(openTagging(false));
    else return;
    event.preventDefault();
  };

  return (
    <>
      <div class="tag-form">
        <ColumnChoice
          own={own.map((each) => each.name)}
          ofData={ofData}
          column={column}
          onChoose={(next) => store.dispatch(chooseTagColumn(next))}
        />
        {column === null && (
          <Field
            id="tag-column-name"
            title="Name"
            value={name ?? newName}
            problem={nameProblem}
            onInput={setName}
            onKeyDown={onKeyDown}
          />
        )}
        <Field
          id="tag-text"
          title="Value"
          placeholder={rows.length === 0 ? "select points first" : "Enter applies it"}
          value={text}
          problem={problem}
          onInput={setText}
          onKeyDown={onKeyDown}
        />
        {edited && <Warning column={edited} text={text.trim()} />}
        <div class="tag-buttons">
          <button
            type="button"
            class="button is-primary"
            disabled={rows.length === 0 || text.trim() === "" || !!problem || !!nameProblem}
            onClick={() => apply(text.trim())}
          >
            {`Tag ${counted(rows.length, "point")}`}
          </button>
          <button
            type="button"
            class="button"
            disabled={rows.length === 0 || column === null}
            title={
              edited
                ? "Show these points' own values again"
                : "Take the tags of these points away (in this column)"
            }
            onClick={clear}
          >
            {edited ? "Put back" : "Clear"}
          </button>
          {column !== null && <ColorButton name={column} />}
        </div>
      </div>
      {column !== null && (
        <Values
          name={column}
          table={table}
          edited={edited}
          typed={text.trim()}
          onPick={rows.length > 0 ? apply : null}
        />
      )}
    </>
  );
}

function wrongName(name: string, taken: readonly string[]): string | null {
  return wrongText(name, MAX_NAME) ?? (taken.includes(name) ? "There is such a column." : null);
}

interface FieldProps {
  readonly id: string;
  readonly title: string;
  readonly value: string;
  readonly placeholder?: string;
  readonly problem: string | null;
  readonly onInput: (text: string) => void;
  readonly onKeyDown: (event: KeyboardEvent) => void;
}

function Field({ id, title, value, placeholder, problem, onInput, onKeyDown }: FieldProps) {
  return (
    <div class="field">
      <label class="field-name" for={id}>
        {title}
      </label>
      <input
        id={id}
        type="text"
        class="input"
        autoComplete="off"
        spellcheck={false}
        value={value}
        {...(placeholder && { placeholder })}
        aria-invalid={problem !== null}
        {...(problem && { "aria-describedby": `${id}-problem` })}
        onInput={({ currentTarget }) => onInput(currentTarget.value)}
        onKeyDown={onKeyDown}
      />
      {problem && (
        <p class="inline-error" id={`${id}-problem`}>
          {problem}
        </p>
      )}
    </div>
  );
}

interface ColumnChoiceProps {
  readonly own: readonly string[];
  readonly ofData: readonly Column[];
  readonly column: string | null;
  readonly onChoose: (column: string | null) => void;
}

function ColumnChoice({ own, ofData, column, onChoose }: ColumnChoiceProps): JSX.Element {
  const store = useStore();
  const [isRenaming, setIsRenaming] = useState(false);
  const isOwn = column !== null && own.includes(column);
  const isEdited = ofData.some(({ name, tags }) => name === column && tags !== null);
  const taken = [...own, ...ofData.map(({ name }) => name)];
  const rename = (next: string) => {
    setIsRenaming(false);
    if (column !== null && next !== column && !wrongName(next, taken)) {
      store.dispatch(renameTagColumn(column, next));
    }
  };
  if (isRenaming && column !== null) {
    return <NewName column={column} taken={taken} onDone={rename} />;
  }
  return (
    <div class="tag-column">
      <Select
        name="Column"
        // A column of the data may be called "new", too.
        value={column === null ? NEW : `=${column}`}
        onChange={(value) => onChoose(value === NEW ? null : value.slice(1))}
      >
        {own.length > 0 && (
          <optgroup label="Tags">
            {own.map((name) => (
              <option key={name} value={`=${name}`}>
                {name}
              </option>
            ))}
          </optgroup>
        )}
        <option value={NEW}>New column…</option>
        <optgroup label="Edit a column of the data">
          {ofData
            .filter(({ name }) => name !== "")
            .map(({ index, name, tags }) => (
              <option key={index} value={`=${name}`}>
                {tags ? `${name} (edited)` : name}
              </option>
            ))}
        </optgroup>
      </Select>
      {isOwn && (
        <IconButton
          icon="pencil"
          name={`Rename the column ${column}`}
          onPress={() => setIsRenaming(true)}
        />
      )}
      {(isOwn || isEdited) && column !== null && (
        <IconButton
          icon={isOwn ? "trash" : "reset"}
          name={isOwn ? `Delete the column ${column}` : `Undo all edits of ${column}`}
          onPress={() => {
            store.dispatch(deleteTagColumn(column));
            store.dispatch(announce(`${column}: tags deleted. Undo brings them back.`));
          }}
        />
      )}
    </div>
  );
}

interface NewNameProps {
  readonly column: string;
  readonly taken: readonly string[];
  readonly onDone: (name: string) => void;
}

function NewName({ column, taken, onDone }: NewNameProps): JSX.Element {
  const [name, setName] = useState(column);
  const wanted = name.trim();
  const problem = wanted === column ? null : wrongName(wanted, taken);
  useEffect(() => document.getElementById("tag-new-name")?.focus(), []);
  return (
    <Field
      id="tag-new-name"
      title="New name"
      value={name}
      problem={problem}
      onInput={setName}
      onKeyDown={(event) => {
        if (event.key === "Enter" && !problem) onDone(wanted);
        else if (event.key === "Escape") onDone(column);
        else return;
        event.preventDefault();
      }}
    />
  );
}

/** A text among numbers makes texts of them all: said before it is done. */
function Warning({ column, text }: { readonly column: Column; readonly text: string }) {
  if (column.kind !== "numeric" || text === "" || text.trim() === "" || !Number.isNaN(Number(text)))
    return null;
  return (
    <p class="hint">
      {column.name} holds numbers: with this value among them it is shown as categories.
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

interface ValuesProps {
  readonly name: string;
  readonly table: TagTable;
  readonly edited: Column | null;
  readonly typed: string;
  /** null where there is nothing to apply it to. */
  readonly onPick: ((text: string) => void) | null;
}

/** All values of the column with their counts; those with what is typed, while something is. */
function Values({ name, table, edited, typed, onPick }: ValuesProps): JSX.Element | null {
  const store = useStore();
  const data = useSelect(shownDataset);
  const fetched = edited ? data?.columns[edited.index]?.values : null;
  const isMissing = edited !== null && !fetched;
  useEffect(() => {
    if (edited && isMissing) {
      store.request({ kind: "load-column", column: edited.index, what: "values" });
    }
  }, [store, edited, isMissing]);
  const tags = columnOf(table, name);
  const values = useMemo((): readonly ValueCount[] => {
    if (edited) {
      return (fetched?.names ?? []).map((text, at) => ({ text, count: fetched?.counts[at] ?? 0 }));
    }
    return tags ? valueCounts(tags) : [];
  }, [edited, fetched, tags]);
  const wanted = typed.toLowerCase();
  const shown = useMemo(
    () =>
      wanted === "" ? values : values.filter(({ text }) => text.toLowerCase().includes(wanted)),
    [values, wanted],
  );
  if (shown.length === 0) return null;
  return (
    <div class="tag-values" style={{ height: `${Math.min(5, shown.length) * 24}px` }}>
      <VirtualList
        name={`Values of ${name}`}
        count={shown.length}
        rowHeight={24}
        taken={null}
        renderRow={(row) => (
          <span class="tag-value">
            <span class="bar-name">{shown[row]?.text === "" ? "(empty)" : shown[row]?.text}</span>
            <span class="number">{count(shown[row]?.count ?? 0)}</span>
          </span>
        )}
        onPick={(row) => onPick?.(shown[row]?.text ?? "")}
      />
    </div>
  );
}

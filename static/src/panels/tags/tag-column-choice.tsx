/** Which column is tagged: one of tags, a new one, or a column of the data that is edited. */
import type { JSX } from "preact";
import { useLayoutEffect, useState } from "preact/hooks";
import type { Column } from "../../model/data/dataset";
import { wrongName } from "../../model/data/tags";
import { announce } from "../../store/actions/page";
import { deleteTagColumn, renameTagColumn } from "../../store/actions/tags";
import { useStore } from "../context";
import { IconButton } from "../controls/icon-button";
import { Select } from "../controls/select";
import { TagField } from "./tag-field";

const NEW = "new";

export interface ColumnChoiceProps {
  readonly own: readonly string[];
  readonly ofData: readonly Column[];
  readonly column: string | null;
  readonly onChoose: (column: string | null) => void;
}

export function ColumnChoice({ own, ofData, column, onChoose }: ColumnChoiceProps): JSX.Element {
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
        <optgroup label="Edit a data column">
          {ofData
            .filter(({ name }) => name !== "")
            .map(({ index, name, tags }) => (
              <option key={index} value={`=${name}`}>
                {tags ? `${name} (edited)` : name}
              </option>
            ))}
        </optgroup>
      </Select>
      {column !== null && (isOwn || isEdited) && (
        <ColumnButtons column={column} isOwn={isOwn} onRename={() => setIsRenaming(true)} />
      )}
    </div>
  );
}

interface ColumnButtonsProps {
  readonly column: string;
  /** Whether it is a column of tags, and not one of the data. */
  readonly isOwn: boolean;
  readonly onRename: () => void;
}

function ColumnButtons({ column, isOwn, onRename }: ColumnButtonsProps): JSX.Element {
  const store = useStore();
  return (
    <>
      {isOwn && <IconButton icon="pencil" name={`Rename column ${column}`} onPress={onRename} />}
      <IconButton
        icon={isOwn ? "trash" : "reset"}
        name={isOwn ? `Delete column ${column}` : `Undo all edits to ${column}`}
        onPress={() => {
          store.dispatch(deleteTagColumn(column));
          store.dispatch(announce(`Deleted the tags of ${column}. Undo restores them.`));
        }}
      />
    </>
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
  useLayoutEffect(() => document.getElementById("tag-new-name")?.focus(), []);
  return (
    <TagField
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

/** The command palette: type some letters of a command, Enter runs it. */
import type { JSX } from "preact";
import { useEffect, useId, useMemo, useState } from "preact/hooks";
import { shownKey } from "../../model/text/keys";
import { closeDialog } from "../../store/actions/page";
import { commandsOf } from "../../store/commands";
import { useSelect, useStore } from "../context";
import { Icon } from "../controls/icon";
import { rowForKey } from "../controls/list-keys";
import { useModal } from "../controls/modal";
import { type FoundCommand, searchCommands } from "./command-search";
import type { TypedAhead } from "./typed-ahead";

const PAGE = 8;

export interface PaletteProps {
  /** What was typed before this was there. */
  readonly typed?: TypedAhead;
}

export function PaletteDialog(props: PaletteProps): JSX.Element | null {
  const isOpen = useSelect(({ page }) => page.dialog === "palette");
  return isOpen ? <Palette {...props} /> : null;
}

function Palette({ typed }: PaletteProps): JSX.Element {
  const store = useStore();
  const { close, attributes } = useModal(() => store.dispatch(closeDialog("palette")));
  const id = useId();
  const { query, found, active, setQuery, setActive, run, onKeyDown } = useSearch(close, typed);
  useEffect(() => {
    document.getElementById(`${id}-${active}`)?.scrollIntoView({ block: "nearest" });
  }, [id, active]);
  return (
    <dialog class="dialog palette" aria-label="Commands" {...attributes}>
      <div class="dialog-frame">
        <Field
          list={id}
          active={found.length > 0 ? `${id}-${active}` : undefined}
          value={query}
          onInput={setQuery}
          onKeyDown={onKeyDown}
        />
        <div class="palette-list" id={id} role="listbox" aria-label="Commands">
          {found.map((each, at) => (
            <Option
              key={`${each.command.group} ${each.command.title}`}
              id={`${id}-${at}`}
              found={each}
              isActive={at === active}
              onPoint={() => setActive(at)}
              onPick={() => run(each)}
            />
          ))}
        </div>
        {found.length === 0 && <p class="hint palette-none">No matching commands.</p>}
      </div>
    </dialog>
  );
}

/** What is typed, what it finds, and which of that Enter will do. */
function useSearch(close: () => void, typed: TypedAhead | undefined) {
  const store = useStore();
  const [query, setText] = useState(() => typed?.take() ?? "");
  const [active, setActive] = useState(0);
  // As they were when the palette was opened: names must not change under the hand.
  const commands = useMemo(() => commandsOf(store.state.peek()), [store]);
  const found = useMemo(() => searchCommands(commands, query), [commands, query]);
  const setQuery = (text: string) => {
    setText(text);
    setActive(0);
  };
  const run = ({ command }: FoundCommand) => {
    if (command.isDisabled) return;
    close();
    command.run(store);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    // These two move in the text.
    if (event.key === "Home" || event.key === "End") return;
    const next = rowForKey(event.key, { active, count: found.length, page: PAGE });
    const chosen = found[active];
    if (next !== null) setActive(next);
    else if (event.key === "Enter" && chosen) run(chosen);
    else return;
    event.preventDefault();
  };
  return { query, found, active, setQuery, setActive, run, onKeyDown };
}

interface FieldProps {
  readonly list: string;
  /** The id of the active option. */
  readonly active: string | undefined;
  readonly value: string;
  readonly onInput: (text: string) => void;
  readonly onKeyDown: (event: KeyboardEvent) => void;
}

function Field({ list, active, value, onInput, onKeyDown }: FieldProps): JSX.Element {
  return (
    <div class="palette-field">
      <Icon name="search" />
      <input
        type="text"
        class="palette-input"
        role="combobox"
        aria-label="Command"
        aria-expanded="true"
        aria-controls={list}
        aria-activedescendant={active}
        aria-autocomplete="list"
        placeholder="What do you want to do?"
        autoComplete="off"
        spellcheck={false}
        value={value}
        onInput={({ currentTarget }) => onInput(currentTarget.value)}
        onKeyDown={onKeyDown}
      />
    </div>
  );
}

interface OptionProps {
  readonly id: string;
  readonly found: FoundCommand;
  readonly isActive: boolean;
  readonly onPoint: () => void;
  readonly onPick: () => void;
}

function Option({ id, found, isActive, onPoint, onPick }: OptionProps): JSX.Element {
  const { group, keys, isDisabled = false } = found.command;
  return (
    // The text field has the focus and the keys; the options need none of their own.
    // biome-ignore lint/a11y/useFocusableInteractive: see above
    // biome-ignore lint/a11y/useKeyWithClickEvents: see above
    <div
      id={id}
      class="palette-option"
      role="option"
      aria-selected={isActive}
      aria-disabled={isDisabled}
      onPointerMove={onPoint}
      onClick={onPick}
    >
      <Title found={found} />
      <span class="palette-group">{group}</span>
      {keys?.[0] && <kbd>{shownKey(keys[0])}</kbd>}
    </div>
  );
}

function Title({ found: { command, hits } }: { readonly found: FoundCommand }): JSX.Element {
  const isHit = new Set(hits);
  return (
    <span class="palette-title">
      {[...command.title].map((letter, at) =>
        isHit.has(at) ? <b key={at}>{letter}</b> : <span key={at}>{letter}</span>,
      )}
      {command.isOn && <span class="palette-on">on</span>}
    </span>
  );
}

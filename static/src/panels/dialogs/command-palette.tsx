/** Every action by its name: type some of its letters, Enter does it. */
import type { JSX } from "preact";
import { useEffect, useId, useMemo, useRef, useState } from "preact/hooks";
import { fuzzyMatch } from "../../model/text/fuzzy";
import { shownKey } from "../../model/text/keys";
import { closeDialog } from "../../store/actions/page";
import { type Command, commandsOf } from "../../store/commands";
import { useSelect, useStore } from "../context";
import { Icon } from "../controls/icon";

/** More than these nobody reads: one letter more finds the others. */
const MAX_SHOWN = 60;

interface Found {
  readonly command: Command;
  readonly hits: readonly number[];
}

export function PaletteDialog(): JSX.Element | null {
  const isOpen = useSelect(({ page }) => page.dialog === "palette");
  return isOpen ? <Palette /> : null;
}

function Palette(): JSX.Element {
  const store = useStore();
  const element = useRef<HTMLDialogElement>(null);
  const id = useId();
  const [query, setQuery] = useState("");
  const [active, setActive] = useState(0);
  // As they were when the palette was opened: names must not change under the hand.
  const commands = useMemo(() => commandsOf(store.state.peek()), [store]);
  const found = useMemo(() => search(commands, query), [commands, query]);
  useEffect(() => element.current?.showModal(), []);
  useEffect(() => {
    document.getElementById(`${id}-${active}`)?.scrollIntoView({ block: "nearest" });
  }, [id, active]);

  const run = ({ command }: Found) => {
    if (command.isDisabled) return;
    store.dispatch(closeDialog("palette"));
    command.run(store);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const moves: Record<string, number> = {
      ArrowDown: active + 1,
      ArrowUp: active - 1,
      PageDown: active + 8,
      PageUp: active - 8,
    };
    const target = moves[event.key];
    const chosen = found[active];
    if (target !== undefined) setActive(Math.min(found.length - 1, Math.max(0, target)));
    else if (event.key === "Enter" && chosen) run(chosen);
    else return;
    event.preventDefault();
  };
  return (
    // Escape is the keyboard's way out, and the dialog's own.
    // biome-ignore lint/a11y/useKeyWithClickEvents: see above
    <dialog
      ref={element}
      class="dialog palette"
      aria-label="Commands"
      onClose={() => store.dispatch(closeDialog("palette"))}
      onClick={(event) => event.target === element.current && element.current?.close()}
    >
      <div class="dialog-frame">
        <div class="palette-field">
          <Icon name="search" />
          <input
            type="text"
            class="palette-input"
            role="combobox"
            aria-label="Command"
            aria-expanded="true"
            aria-controls={id}
            aria-activedescendant={found.length > 0 ? `${id}-${active}` : undefined}
            aria-autocomplete="list"
            placeholder="What do you want to do?"
            autoComplete="off"
            spellcheck={false}
            value={query}
            onInput={(event) => {
              setQuery(event.currentTarget.value);
              setActive(0);
            }}
            onKeyDown={onKeyDown}
          />
        </div>
        <div class="palette-list" id={id} role="listbox" aria-label="Commands">
          {found.map((each, at) => (
            // The text field has the focus and the keys; the options need none of their own.
            // biome-ignore lint/a11y/useFocusableInteractive: see above
            // biome-ignore lint/a11y/useKeyWithClickEvents: see above
            <div
              key={`${each.command.group} ${each.command.title}`}
              id={`${id}-${at}`}
              class="palette-option"
              role="option"
              aria-selected={at === active}
              aria-disabled={each.command.isDisabled ?? false}
              onPointerMove={() => setActive(at)}
              onClick={() => run(each)}
            >
              <Title found={each} />
              <span class="palette-group">{each.command.group}</span>
              {each.command.keys?.[0] && <kbd>{shownKey(each.command.keys[0])}</kbd>}
            </div>
          ))}
        </div>
        {found.length === 0 && <p class="hint palette-none">No command has these letters.</p>}
      </div>
    </dialog>
  );
}

function Title({ found: { command, hits } }: { readonly found: Found }): JSX.Element {
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

/** What can be done stands before what can not; otherwise by how well the letters fit. */
function search(commands: readonly Command[], query: string): readonly Found[] {
  const found = commands.flatMap((command) => {
    const match = fuzzyMatch(query, command.title);
    return match ? [{ command, ...match }] : [];
  });
  const rank = ({ command, score }: (typeof found)[number]) =>
    score - (command.isDisabled ? 1000 : 0);
  const sorted = query.trim() === "" ? found : found.sort((a, b) => rank(b) - rank(a));
  return sorted.slice(0, MAX_SHOWN);
}

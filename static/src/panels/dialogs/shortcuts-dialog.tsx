/** The sheet of keyboard shortcuts and gestures. */
import type { JSX } from "preact";
import { shownKey } from "../../model/text/keys";
import { closeDialog } from "../../store/actions/page";
import { commandsOf, GROUPS, type Group } from "../../store/commands";
import { useSelect, useStore } from "../context";
import { Dialog } from "../controls/dialog";

type Line = readonly [keys: string, meaning: string];

/** Gestures of the pointer; the keys come from the commands themselves. */
const GESTURES: readonly Line[] = [
  ["drag", "pan in 2D, rotate in 3D"],
  ["right drag", "rotate in 2D, pan in 3D"],
  ["middle drag", "pan"],
  ["wheel, pinch", "zoom"],
  ["two-finger twist", "rotate in the plane"],
  ["Shift drag", "select in a box"],
  ["Shift, Alt", "add to, remove from the selection"],
  ["Shift Alt", "intersect with the selection"],
  ["arrows + −", "move and zoom while the plot has focus"],
  ["double click", "reset a slider"],
];

export function ShortcutsDialog(): JSX.Element | null {
  const store = useStore();
  const isOpen = useSelect(({ page }) => page.dialog === "shortcuts");
  if (!isOpen) return null;
  const commands = commandsOf(store.state.peek());
  const linesOf = (group: Group): readonly Line[] =>
    commands.flatMap(({ group: own, keys, onSheet, title }): Line[] =>
      own === group && keys?.[0]
        ? [[shownKey(keys[0]), onSheet ?? title.charAt(0).toLowerCase() + title.slice(1)]]
        : [],
    );
  return (
    <Dialog title="Keyboard and pointer" onClose={() => store.dispatch(closeDialog("shortcuts"))}>
      <div class="shortcuts">
        {GROUPS.map((group) => (
          <Sheet key={group} title={group} lines={withEscape(group, linesOf(group))} />
        ))}
        <Sheet title="Pointer" lines={GESTURES} />
      </div>
    </Dialog>
  );
}

function withEscape(group: Group, lines: readonly Line[]): readonly Line[] {
  return group === "Selection" ? [...lines, ["Esc", "clear search, then selection"]] : lines;
}

function Sheet(props: {
  readonly title: string;
  readonly lines: readonly Line[];
}): JSX.Element | null {
  const { title, lines } = props;
  if (lines.length === 0) return null;
  return (
    <section>
      <h3>{title}</h3>
      <dl>
        {lines.map(([key, meaning]) => (
          <div key={`${key} ${meaning}`}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

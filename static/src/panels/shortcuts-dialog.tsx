/** Every key and what it does. */
import type { JSX } from "preact";
import { closeDialog } from "../store/actions/page";
import { useSelect, useStore } from "./context";
import { Dialog } from "./controls/dialog";

interface Group {
  readonly title: string;
  readonly keys: readonly (readonly [keys: string, meaning: string])[];
}

const GROUPS: readonly Group[] = [
  {
    title: "Data",
    keys: [
      ["[  ]", "previous, next step"],
      ["1 2 3", "method"],
      ["R", "run"],
      ["D", "2D or 3D"],
    ],
  },
  {
    title: "Points",
    keys: [
      ["/", "search"],
      ["Esc", "clear search, then selection"],
      ["Alt ←  Alt →", "back, forward in selections"],
      ["F", "fly to the selection"],
      ["I", "images or dots"],
      ["N", "category names"],
    ],
  },
  {
    title: "Plot",
    keys: [
      ["drag", "pan in 2D, turn in 3D"],
      ["right drag", "pan"],
      ["wheel", "zoom"],
      ["Shift drag", "select in a box"],
      ["V  B  L", "navigate, box, lasso"],
      ["H", "show everything"],
      ["arrows + −", "move and zoom, with the plot focused"],
    ],
  },
  {
    title: "Page",
    keys: [
      ["T", "theme"],
      ["?", "this sheet"],
    ],
  },
];

export function ShortcutsDialog(): JSX.Element | null {
  const store = useStore();
  const isOpen = useSelect(({ page }) => page.dialog === "shortcuts");
  if (!isOpen) return null;
  return (
    <Dialog title="Keyboard shortcuts" onClose={() => store.dispatch(closeDialog())}>
      <div class="shortcuts">
        {GROUPS.map(({ title, keys }) => (
          <section key={title}>
            <h3>{title}</h3>
            <dl>
              {keys.map(([key, meaning]) => (
                <div key={key}>
                  <dt>
                    <kbd>{key}</kbd>
                  </dt>
                  <dd>{meaning}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}

/** What a narrow window shows below the plot: one of three sheets, or none. */
import type { JSX } from "preact";
import { toggleSheet } from "../../store/actions/layout";
import type { SheetName } from "../../store/state/layout";
import { useSelect, useStore } from "../context";

const SHEETS: readonly { readonly sheet: SheetName; readonly title: string }[] = [
  { sheet: "projection", title: "Projection" },
  { sheet: "color", title: "Color" },
  { sheet: "inspect", title: "Inspect" },
];

export function SheetTabs(): JSX.Element {
  const store = useStore();
  const open = useSelect(({ layout }) => layout.sheet);
  return (
    <nav class="sheet-tabs" aria-label="Panels">
      {SHEETS.map(({ sheet, title }) => (
        <button
          key={sheet}
          type="button"
          class="sheet-tab"
          aria-expanded={open === sheet}
          onClick={() => store.dispatch(toggleSheet(sheet))}
        >
          {title}
        </button>
      ))}
    </nav>
  );
}

/** The first stop of the keyboard: past the header and the panels. */
export function SkipLink(): JSX.Element {
  return (
    <button
      type="button"
      class="skip-link"
      onClick={() =>
        document
          .querySelector<HTMLElement>(".view.is-active .plot-canvas canvas[tabindex]")
          ?.focus()
      }
    >
      Skip to the plot
    </button>
  );
}

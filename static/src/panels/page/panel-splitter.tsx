/** The splitter of one of the page's panels. */
import type { JSX } from "preact";
import { resizePanel } from "../../store/actions/layout";
import { isCompact, isPanelOpen } from "../../store/selectors/layout";
import { type PanelName, SIZE_RANGE } from "../../store/state/layout";
import { useSelect, useStore } from "../context";
import { Splitter } from "../controls/splitter";

const NAMES: Readonly<Record<PanelName, string>> = {
  left: "Width of the left panel",
  right: "Width of the right panel",
  table: "Height of the table",
};

export function PanelSplitter({ panel }: { readonly panel: PanelName }): JSX.Element | null {
  const store = useStore();
  const isOpen = useSelect(
    (state) => isPanelOpen(state, panel) && !(isCompact(state) && panel !== "table"),
    [panel],
  );
  // Read so that what a screen reader hears follows.
  useSelect(({ layout }) => layout.sizes[panel], [panel]);
  if (!isOpen) return null;
  const [low, high] = SIZE_RANGE[panel];
  const measure = () => {
    const box = document.querySelector(`[data-panel="${panel}"]`)?.getBoundingClientRect();
    if (!box) return low;
    return panel === "table" ? box.height : box.width;
  };
  return (
    <Splitter
      name={NAMES[panel]}
      side={panel === "table" ? "below" : panel}
      low={low}
      high={high}
      measure={measure}
      onResize={(size) => store.dispatch(resizePanel(panel, size))}
    />
  );
}

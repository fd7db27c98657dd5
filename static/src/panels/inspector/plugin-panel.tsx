/** The place in which a plug-in shows its panel. */
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { tabOf } from "../../model/view/plugin-panel";
import { useSelect, useStore } from "../context";

export function PluginPanels(): JSX.Element | null {
  const store = useStore();
  const panel = useSelect(({ page }) => page.panels.find((each) => tabOf(each) === page.inspector));
  const place = useRef<HTMLElement>(null);
  useEffect(() => {
    const element = place.current;
    if (!panel || !element) return;
    store.request({ kind: "mount-panel", panel, element });
    return () => store.request({ kind: "unmount-panel", element });
  }, [panel, store]);
  // Another panel gets an element of its own: what the last one left is not in it.
  return panel ? (
    <section key={panel.digest} class="plugin-panel" aria-label={panel.title} ref={place} />
  ) : null;
}

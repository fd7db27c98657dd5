/** Stores the layout of the page in the browser. */
import { effect } from "@preact/signals";
import { MEASURES } from "../../model/data/measurement";
import { resizePanel, showMeasure, togglePanel } from "../../store/actions/layout";
import type { PanelName } from "../../store/state/layout";
import type { Store } from "../../store/store";
import { recall, remember } from "../browser/storage";

const KEY = "layout";
const PANELS: readonly PanelName[] = ["left", "right", "table"];

export function startLayoutMemory(store: Store): () => void {
  restore(store, recall(KEY));
  const layout = store.select((state) => state.layout);
  return effect(() => {
    const { drawer: _, isOverlaid: __, ...kept } = layout.value;
    remember(KEY, JSON.stringify(kept));
  });
}

/** Every value is checked: another version of the page may have written it. */
function restore(store: Store, text: string | null): void {
  let found: unknown;
  try {
    found = JSON.parse(text ?? "null");
  } catch {
    return;
  }
  const sizes = recordIn(found, "sizes");
  const open = recordIn(found, "open");
  for (const panel of PANELS) {
    const size = sizes[panel];
    const isOpen = open[panel];
    if (typeof size === "number" && Number.isFinite(size)) store.dispatch(resizePanel(panel, size));
    if (typeof isOpen === "boolean") store.dispatch(togglePanel(panel, isOpen));
  }
  const { measure: stored } = (isRecord(found) ? found : {}) as { readonly measure?: unknown };
  const measure = MEASURES.find((name) => name === stored);
  if (measure) store.dispatch(showMeasure(measure));
}

function recordIn(value: unknown, key: string): Record<string, unknown> {
  const inner = isRecord(value) ? value[key] : null;
  return isRecord(inner) ? inner : {};
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

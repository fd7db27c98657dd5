/** Light or dark: for the page by an attribute, for the renderer by the same custom properties. */
import { effect } from "@preact/signals";
import type { Theme } from "../../render/scene/types";
import { setTheme, systemThemeChanged } from "../../store/actions/page";
import { themeName } from "../../store/selectors/shown";
import type { ThemeChoice } from "../../store/state/state";
import type { Store } from "../../store/store";

const KEY = "projector.theme";

export function startTheme(store: Store): () => void {
  const system = window.matchMedia("(prefers-color-scheme: dark)");
  const follow = () => store.dispatch(systemThemeChanged(system.matches ? "dark" : "light"));
  follow();
  system.addEventListener("change", follow);
  const remembered = recall();
  if (remembered) store.dispatch(setTheme(remembered));

  const name = store.select(themeName);
  const choice = store.select((state) => state.page.theme);
  const stops = [
    effect(() => {
      document.documentElement.setAttribute("data-theme", name.value);
    }),
    effect(() => remember(choice.value)),
  ];
  return () => {
    system.removeEventListener("change", follow);
    for (const stop of stops) stop();
  };
}

/** The renderer's colors, read from the style sheet so that there is one list of colors. */
export function cloudTheme(): Theme {
  const style = getComputedStyle(document.documentElement);
  const color = (name: string) => style.getPropertyValue(`--plot-${name}`).trim();
  return {
    background: color("background"),
    text: color("text"),
    textHalo: color("text-halo"),
    ghost: color("ghost"),
    selectedRing: color("selected-ring"),
    hoverRing: color("hover-ring"),
    axes: color("axes"),
  };
}

/** Storage may be forbidden, as in a private window: then the choice lasts as long as the page. */
function recall(): ThemeChoice | null {
  try {
    const text = localStorage.getItem(KEY);
    return text === "light" || text === "dark" ? text : null;
  } catch {
    return null;
  }
}

function remember(choice: ThemeChoice): void {
  try {
    if (choice === "auto") localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, choice);
  } catch {
    // See `recall`.
  }
}

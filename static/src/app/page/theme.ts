/** Applies the light or dark theme and remembers the choice; hears whether to move nothing. */
import { effect } from "@preact/signals";
import { motionReduced, setTheme, systemThemeChanged } from "../../store/actions/page";
import { themeName } from "../../store/selectors/shown";
import type { Store } from "../../store/store";
import { recall, remember } from "../browser/storage";

const KEY = "theme";

export function startTheme(store: Store): () => void {
  const system = window.matchMedia("(prefers-color-scheme: dark)");
  const follow = () => store.dispatch(systemThemeChanged(system.matches ? "dark" : "light"));
  follow();
  system.addEventListener("change", follow);
  const still = window.matchMedia("(prefers-reduced-motion: reduce)");
  const rest = () => store.dispatch(motionReduced(still.matches));
  rest();
  still.addEventListener("change", rest);
  const remembered = recall(KEY);
  if (remembered === "light" || remembered === "dark") store.dispatch(setTheme(remembered));

  const name = store.select(themeName);
  const choice = store.select((state) => state.page.theme);
  const stops = [
    effect(() => {
      document.documentElement.setAttribute("data-theme", name.value);
    }),
    effect(() => {
      remember(KEY, choice.value === "auto" ? null : choice.value);
    }),
  ];
  return () => {
    system.removeEventListener("change", follow);
    still.removeEventListener("change", rest);
    for (const stop of stops) stop();
  };
}

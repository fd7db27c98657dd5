/** Applies the theme and remembers the choice; hears whether to move nothing, and how large the window is. */
import { effect } from "@preact/signals";
import {
  motionReduced,
  setTheme,
  systemThemeChanged,
  windowResized,
} from "../../store/actions/page";
import { themeName } from "../../store/selectors/shown";
import type { Store } from "../../store/store";
import { recall, remember } from "../browser/storage";
import type { Surroundings } from "../browser/surroundings";

const KEY = "theme";
/** Narrower ones have sheets below the plot (styles/layout.css). */
const SMALL = "(min-width: 900.02px) and (max-width: 1400px)";

export function startTheme(store: Store, around: Surroundings): () => void {
  const stopFollowing = around.onTheme((theme) => store.dispatch(systemThemeChanged(theme)));
  const still = window.matchMedia("(prefers-reduced-motion: reduce)");
  const rest = () => store.dispatch(motionReduced(still.matches));
  rest();
  still.addEventListener("change", rest);
  const small = window.matchMedia(SMALL);
  const fold = () => store.dispatch(windowResized(small.matches));
  fold();
  small.addEventListener("change", fold);
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
    stopFollowing();
    still.removeEventListener("change", rest);
    small.removeEventListener("change", fold);
    for (const stop of stops) stop();
  };
}

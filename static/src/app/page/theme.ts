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
import { followMedia } from "../browser/media-query";
import { recall, remember } from "../browser/storage";
import type { Surroundings } from "../browser/surroundings";

const KEY = "theme";
const STILL = "(prefers-reduced-motion: reduce)";
/** Narrower ones have sheets below the plot (styles/layout.css). */
const SMALL = "(min-width: 900.02px) and (max-width: 1400px)";

export function startTheme(store: Store, around: Surroundings): () => void {
  const following = [
    around.onTheme((theme) => store.dispatch(systemThemeChanged(theme))),
    followMedia(STILL, (isReduced) => store.dispatch(motionReduced(isReduced))),
    followMedia(SMALL, (isSmall) => store.dispatch(windowResized(isSmall))),
  ];
  const remembered = recall(KEY);
  if (remembered === "light" || remembered === "dark") store.dispatch(setTheme(remembered));

  const name = store.select(themeName);
  const choice = store.select((state) => state.page.theme);
  const stops = [
    ...following,
    effect(() => {
      document.documentElement.setAttribute("data-theme", name.value);
    }),
    effect(() => {
      remember(KEY, choice.value === "auto" ? null : choice.value);
    }),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}

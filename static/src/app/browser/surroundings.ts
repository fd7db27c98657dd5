/** What is around the page: a browser's window, or the cell of a notebook. */
import type { ThemeName } from "../../model/color/palette";
import { PageAddress } from "./address";
import { followMedia } from "./media-query";

export interface Surroundings {
  readonly address: PageAddress;
  /** Calls back now and at every change, with what the theme "auto" means; returns the way to stop. */
  onTheme(listener: (theme: ThemeName) => void): () => void;
}

/** A page that has the window for itself. */
export function browserWindow(): Surroundings {
  return {
    address: new PageAddress(),
    onTheme: (listener) =>
      followMedia("(prefers-color-scheme: dark)", (isDark) => listener(isDark ? "dark" : "light")),
  };
}

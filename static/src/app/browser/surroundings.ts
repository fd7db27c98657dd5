/** What is around the page: a browser's window, or the cell of a notebook. */
import type { ThemeName } from "../../model/color/palette";
import { PageAddress } from "./address";

export interface Surroundings {
  readonly address: PageAddress;
  /** Calls back now and at every change, with what the theme "auto" means; returns the way to stop. */
  onTheme(listener: (theme: ThemeName) => void): () => void;
}

/** A page that has the window for itself. */
export function browserWindow(): Surroundings {
  return {
    address: new PageAddress(),
    onTheme(listener) {
      const system = window.matchMedia("(prefers-color-scheme: dark)");
      const follow = () => listener(system.matches ? "dark" : "light");
      follow();
      system.addEventListener("change", follow);
      return () => system.removeEventListener("change", follow);
    },
  };
}

/** What the widget and the page in its frame say to each other, apart from what is for the kernel. */
import type { ThemeName } from "../model/color/palette";

/** The event on the frame's window by which the page's script says that it runs. */
export const STARTED = "projector-started";

/** The first message, with two ports: the way to the kernel, and that to the widget. */
export interface Begin {
  readonly kind: "begin";
  /** What the address of a page of its own would end with. */
  readonly hash: string;
  readonly theme: ThemeName;
}

/** To the page. */
export interface ThemeNews {
  readonly kind: "theme";
  readonly theme: ThemeName;
}

/** To the widget. */
export type PageNews =
  | { readonly kind: "address"; readonly hash: string }
  /** The plot as it is now, a PNG. */
  | { readonly kind: "picture"; readonly png: ArrayBuffer };

/** Everything that can be done, by name: the palette, the keys and the sheet all read this. */
import type { Store } from "../store";

export const GROUPS = [
  "Data",
  "Projection",
  "Color and size",
  "Selection",
  "Filter",
  "Plot",
  "Page",
] as const;
export type Group = (typeof GROUPS)[number];

export interface Command {
  readonly group: Group;
  readonly title: string;
  /** Presses that do it, as `keyText` writes them; the first is shown. */
  readonly keys?: readonly string[];
  /** A word for the sheet of keys, where the title is that of one of many. */
  readonly onSheet?: string;
  readonly isDisabled?: boolean;
  /** For what is on or off. */
  readonly isOn?: boolean;
  readonly run: (store: Store) => void;
}

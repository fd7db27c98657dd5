/** Selections saved under a name, to return to or to combine. */
import type { Selection } from "./selection";

export interface NamedSelection {
  readonly id: number;
  readonly name: string;
  readonly rows: Selection;
}

/** "Selection 3": the first number that no name has yet. */
export function freshName(named: readonly NamedSelection[]): string {
  const taken = new Set(named.map(({ name }) => name));
  let number = 1;
  while (taken.has(`Selection ${number}`)) number++;
  return `Selection ${number}`;
}

/** Finds commands by some letters of their titles. */
import { fuzzyMatch } from "../../model/text/fuzzy";
import type { Command } from "../../store/commands";

/** A longer list is not read: one more letter finds the others. */
const MAX_SHOWN = 60;

export interface FoundCommand {
  readonly command: Command;
  /** Which letters of the title were found. */
  readonly hits: readonly number[];
}

/** What can be done stands before what cannot; otherwise by how well the letters fit. */
export function searchCommands(
  commands: readonly Command[],
  query: string,
): readonly FoundCommand[] {
  const found = commands.flatMap((command) => {
    const match = fuzzyMatch(query, command.title);
    return match ? [{ command, ...match }] : [];
  });
  const rank = ({ command, score }: (typeof found)[number]) =>
    score - (command.isDisabled ? 1000 : 0);
  const sorted = query.trim() === "" ? found : found.sort((a, b) => rank(b) - rank(a));
  return sorted.slice(0, MAX_SHOWN);
}

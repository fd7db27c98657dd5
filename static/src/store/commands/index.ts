/** All commands: found by a key, or listed as they are in a state. */
import type { State } from "../state/state";
import { type Command, type CommandDefinition, commandAt, isListed } from "./command";
import { comparisonCommands, STEP_LINK_COMMANDS, VIEW_COMMANDS } from "./comparison-commands";
import { methodCommands, PROJECTION_COMMANDS, placeCommands, STEP_COMMANDS } from "./data-commands";
import { FILE_COMMANDS } from "./file-commands";
import { bookmarkCommands, EXPORT_COMMANDS, PAGE_COMMANDS } from "./page-commands";
import { PLOT_COMMANDS } from "./plot-commands";
import { FILTER_COMMANDS, namedSelectionCommands, SELECTION_COMMANDS } from "./selection-commands";
import { SETTING_COMMANDS } from "./setting-commands";
import { APPEARANCE_COMMANDS, columnCommands } from "./view-commands";

/** In the order in which they are listed: what is fixed, and what there is one of for each thing. */
const SECTIONS: readonly (
  | readonly CommandDefinition[]
  | ((state: State) => readonly CommandDefinition[])
)[] = [
  SELECTION_COMMANDS,
  namedSelectionCommands,
  FILTER_COMMANDS,
  PLOT_COMMANDS,
  VIEW_COMMANDS,
  STEP_LINK_COMMANDS,
  comparisonCommands,
  SETTING_COMMANDS,
  APPEARANCE_COMMANDS,
  columnCommands,
  STEP_COMMANDS,
  methodCommands,
  PROJECTION_COMMANDS,
  placeCommands,
  FILE_COMMANDS,
  PAGE_COMMANDS,
  bookmarkCommands,
  EXPORT_COMMANDS,
];

const BY_KEY: ReadonlyMap<string, CommandDefinition> = new Map(
  SECTIONS.flatMap((section) => (typeof section === "function" ? [] : section)).flatMap((command) =>
    (command.keys ?? []).map((key) => [key, command] as const),
  ),
);

/** The command of a press, enabled or not; `pressed` is as `keyText` writes it. */
export function commandForKey(state: State, pressed: string): CommandDefinition | null {
  const fixed = BY_KEY.get(pressed);
  if (fixed) return isListed(fixed, state) ? fixed : null;
  return methodCommands(state).find(({ keys }) => keys?.includes(pressed)) ?? null;
}

/** Every command as it is now: what cannot be done at the moment is disabled, not missing. */
export function commandsOf(state: State): readonly Command[] {
  return SECTIONS.flatMap((section) => (typeof section === "function" ? section(state) : section))
    .filter((definition) => isListed(definition, state))
    .map((definition) => commandAt(definition, state));
}

export { GROUPS, type Group } from "../../model/view/command-groups";
export { type Command, type CommandDefinition, isEnabled } from "./command";

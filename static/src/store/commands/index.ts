/** All commands as the state has them: what can not be done now is disabled, not missing. */
import type { State } from "../state/state";
import type { Command } from "./command";
import { dataCommands } from "./data-commands";
import { fileCommands } from "./file-commands";
import { pageCommands } from "./page-commands";
import { plotCommands } from "./plot-commands";
import { selectionCommands } from "./selection-commands";
import { viewCommands } from "./view-commands";

export function commandsOf(state: State): readonly Command[] {
  return [
    ...selectionCommands(state),
    ...plotCommands(state),
    ...viewCommands(state),
    ...dataCommands(state),
    ...fileCommands(state),
    ...pageCommands(state),
  ];
}

export { type Command, GROUPS, type Group } from "./command";

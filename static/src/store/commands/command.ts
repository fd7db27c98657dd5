/** What a command is: a name, keys, when it is enabled, and what it does. */
import type { Group } from "../../model/view/command-groups";
import type { State } from "../state/state";
import type { Store } from "../store";

/**
 * A command as it is declared: once, for every state. The palette, the keys and the sheet of keys
 * read the same declarations.
 */
export interface CommandDefinition {
  /** Stays the same from version to version, whatever the title becomes. */
  readonly id: string;
  readonly group: Group;
  readonly title: string | ((state: State) => string);
  /** Presses that do it, as `keyText` writes them; the first is shown. */
  readonly keys?: readonly string[];
  /** What the sheet of keys says, where the title is that of one of several states. */
  readonly onSheet?: string;
  /** Whether it can be done here at all; where it cannot, it is not listed and has no key. */
  readonly isOffered?: (state: State) => boolean;
  /** Where it is missing, the command is always enabled. */
  readonly isEnabled?: (state: State) => boolean;
  /** For what is on or off. */
  readonly isOn?: (state: State) => boolean;
  /** Reads the state when it is run, so one declaration serves every view. */
  readonly run: (store: Store) => void;
}

/** A command as a list shows it: what its definition says of one state. */
export interface Command {
  readonly id: string;
  readonly group: Group;
  readonly title: string;
  readonly keys: readonly string[];
  readonly onSheet?: string;
  readonly isDisabled: boolean;
  readonly isOn: boolean;
  readonly run: (store: Store) => void;
}

export function isListed(definition: CommandDefinition, state: State): boolean {
  return definition.isOffered?.(state) ?? true;
}

export function isEnabled(definition: CommandDefinition, state: State): boolean {
  return definition.isEnabled?.(state) ?? true;
}

export function commandAt(definition: CommandDefinition, state: State): Command {
  const { id, group, title, keys = [], onSheet, run } = definition;
  return {
    id,
    group,
    title: typeof title === "string" ? title : title(state),
    keys,
    ...(onSheet !== undefined && { onSheet }),
    isDisabled: !isEnabled(definition, state),
    isOn: definition.isOn?.(state) ?? false,
    run,
  };
}

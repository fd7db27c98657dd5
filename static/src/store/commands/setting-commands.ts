/** The commands that the table of settings declares. */

import { nextColumn } from "../../model/view/sequences";
import type { Need, Setting, SettingCommand, SettingTable } from "../../model/view/setting";
import { keysOf } from "../../model/view/setting";
import { SETTINGS, type ViewSettings } from "../../model/view/settings";
import { setSetting } from "../actions/view";
import { shownDataset } from "../selectors/shown";
import type { State } from "../state/state";
import type { Action } from "../store";
import type { CommandDefinition } from "./command";

const IS_MET: Readonly<Record<Need, (state: State) => boolean>> = {
  "3d": ({ view }) => view.dims === 3,
  images: (state) => Boolean(shownDataset(state)?.info.sprite),
  sequences: (state) => nextColumn(shownDataset(state)?.info.columns ?? []) !== null,
};

/** How a table's values are read from the state and changed. */
export interface Access<V> {
  readonly values: (state: State) => V;
  readonly set: <K extends keyof V & string>(key: K, value: V[K]) => Action;
}

export const SETTING_COMMANDS: readonly CommandDefinition[] = settingCommands<ViewSettings>(
  SETTINGS,
  { values: ({ view }) => view, set: setSetting },
);

export function settingCommands<V>(
  table: SettingTable<V>,
  access: Access<V>,
): readonly CommandDefinition[] {
  return keysOf(table).flatMap((key) => commandsOfSetting(key, table[key], access));
}

function commandsOfSetting<V, K extends keyof V & string>(
  key: K,
  { need, commands }: Setting<V[K]>,
  { values, set }: Access<V>,
): readonly CommandDefinition[] {
  return commands.map((command: SettingCommand<V[K]>): CommandDefinition => {
    const { id, group, title, keys, onSheet, next, isOn } = command;
    return {
      id: id === "" ? `setting.${key}` : `setting.${key}.${id}`,
      group,
      title,
      keys,
      ...(onSheet !== undefined && { onSheet }),
      ...(need !== null && { isEnabled: IS_MET[need] }),
      isOn: (state) => isOn(values(state)[key]),
      run: (store) => store.dispatch((state) => set(key, next(values(state)[key]))(state)),
    };
  });
}

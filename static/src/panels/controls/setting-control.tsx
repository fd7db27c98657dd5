/** Controls for settings of the view: the table of settings says their names, choices and keys. */
import type { JSX } from "preact";
import { shownKey } from "../../model/text/keys";
import type { ChoiceSetting } from "../../model/view/setting-kinds";
import { SETTINGS, type ViewSettings } from "../../model/view/settings";
import { setSetting } from "../../store/actions/view";
import { useSelect, useStore } from "../context";
import { Checkbox } from "./checkbox";
import { Segmented } from "./segmented";

type Table = typeof SETTINGS;
type KeyOf<Kind extends string> = {
  [K in keyof Table]: Table[K] extends { readonly kind: Kind } ? K : never;
}[keyof Table];

export type ToggleKey = KeyOf<"toggle">;
export type ChoiceKey = KeyOf<"choice">;

interface ToggleControlProps {
  readonly setting: ToggleKey;
  readonly help: string;
  /** A disabled toggle is shown as off, whatever it will be when it is enabled again. */
  readonly isDisabled?: boolean;
}

export function ToggleControl({ setting, help, isDisabled }: ToggleControlProps): JSX.Element {
  const store = useStore();
  const isOn = useSelect(({ view }) => view[setting], [setting]);
  return (
    <Checkbox
      name={SETTINGS[setting].title}
      isChecked={isOn && !isDisabled}
      isDisabled={isDisabled ?? false}
      title={withKey(help, SETTINGS[setting].commands[0]?.keys[0])}
      onChange={(isChecked) => store.dispatch(setSetting(setting, isChecked))}
    />
  );
}

interface ChoiceControlProps<K extends ChoiceKey> {
  readonly setting: K;
  readonly help?: string;
}

export function ChoiceControl<K extends ChoiceKey>(props: ChoiceControlProps<K>): JSX.Element {
  const { setting, help } = props;
  const store = useStore();
  const value = useSelect(({ view }) => view[setting], [setting]);
  const choices: { readonly [P in ChoiceKey]: ChoiceSetting<ViewSettings[P]> } = SETTINGS;
  const { title } = choices[setting];
  return (
    <div class="field" {...(help && { title: help })}>
      <span class="field-name">{title}</span>
      <Segmented
        name={title}
        value={value}
        choices={choices[setting].choices}
        onChange={(next) => store.dispatch(setSetting(setting, next))}
      />
    </div>
  );
}

/** "Draw each point as its image (I)". */
export function withKey(help: string, key: string | undefined): string {
  return key === undefined ? help : `${help} (${shownKey(key)})`;
}

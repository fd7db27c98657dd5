/** The kinds of settings: a toggle, a choice, a number, a column, and texts of their own. */
import type { ColumnRef } from "../data/dataset";
import type { Group } from "./command-groups";
import type { Need, Setting, SettingCommand, UndoPolicy } from "./setting";
import { columnToText, textToColumn } from "./url-parts";

/** undefined: not chosen, so the one that the dataset proposes; null: "none" was chosen. */
export type ColumnChoice = ColumnRef | null | undefined;

/** Where a setting's commands are listed, and the key of a toggle. */
interface CommandPlace {
  readonly group: Group;
  readonly key?: string;
  readonly onSheet?: string;
}

interface Options<T> {
  readonly title: string;
  readonly initial: T;
  readonly url: string;
  readonly undo?: UndoPolicy;
  readonly need?: Need;
  readonly shared?: boolean;
}

export interface ToggleSetting extends Setting<boolean> {
  readonly kind: "toggle";
}

export interface ChoiceSetting<T extends string> extends Setting<T> {
  readonly kind: "choice";
  readonly choices: readonly Choice<T>[];
}

export interface Choice<T extends string> {
  readonly value: T;
  readonly title: string;
}

export interface NumberSetting extends Setting<number> {
  readonly kind: "number";
  readonly low: number;
  readonly high: number;
}

export interface ColumnSetting<T extends ColumnChoice> extends Setting<T> {
  readonly kind: "column";
}

export interface OwnSetting<T> extends Setting<T> {
  readonly kind: "own";
}

/** On or off: "1" or "0" in the address. */
export function toggle(
  options: Options<boolean> & { readonly command?: CommandPlace },
): ToggleSetting {
  const { title, initial, command } = options;
  return {
    ...settingOf(options),
    kind: "toggle",
    encode: (value) => [value ? "1" : "0"],
    decode: ([text]) => (text === "0" || text === "1" ? text === "1" : initial),
    commands: command
      ? [
          {
            id: "",
            title,
            group: command.group,
            keys: command.key ? [command.key] : [],
            ...(command.onSheet && { onSheet: command.onSheet }),
            next: (value) => !value,
            isOn: (value) => value,
          },
        ]
      : [],
  };
}

/** One of a few names; `choices` says how each reads. */
export function choice<T extends string>(
  options: Options<NoInfer<T>> & {
    readonly choices: Readonly<Record<T, string>>;
    readonly command?: { readonly group: Group };
  },
): ChoiceSetting<T> {
  const { initial, command } = options;
  const choices = (Object.keys(options.choices) as T[]).map((value) => ({
    value,
    title: options.choices[value],
  }));
  return {
    ...settingOf(options),
    kind: "choice",
    choices,
    encode: (value) => [value],
    decode: ([text]) => choices.find(({ value }) => value === text)?.value ?? initial,
    commands: command
      ? choices.map(({ value, title }) => ({
          id: value,
          title: `${options.title}: ${title}`,
          group: command.group,
          keys: [],
          next: () => value,
          isOn: (current) => current === value,
        }))
      : [],
  };
}

/** A number from `low` to `high`; a link with another number gets the nearest one. */
export function number(
  options: Options<number> & {
    readonly low: number;
    readonly high: number;
    readonly isWhole?: boolean;
  },
): NumberSetting {
  const { initial, low, high, isWhole = false } = options;
  const accept = (value: number): number => {
    if (Number.isNaN(value)) return initial;
    const within = Math.min(high, Math.max(low, value));
    return isWhole ? Math.round(within) : within;
  };
  return {
    ...settingOf(options),
    kind: "number",
    low,
    high,
    accept,
    encode: (value) => [String(value)],
    decode: ([text = ""]) => {
      const value = Number(text);
      return text.trim() === "" || !Number.isFinite(value) ? initial : accept(value);
    },
  };
}

/** In the address: "none" was chosen. */
const NO_COLUMN = "-";

const COLUMN = {
  kind: "column",
  encode: (value: ColumnChoice): readonly string[] => {
    if (value === undefined) return [];
    return [value === null ? NO_COLUMN : columnToText(value)];
  },
  decode: ([text = ""]: readonly string[]) => (text === NO_COLUMN ? null : textToColumn(text)),
} as const;

/** A column of the metadata, or none. */
export function column(options: Options<ColumnRef | null>): ColumnSetting<ColumnRef | null> {
  return { ...settingOf(options), ...COLUMN };
}

/** A column that the dataset proposes until another one, or none, is chosen. */
export function proposedColumn(options: Options<ColumnChoice>): ColumnSetting<ColumnChoice> {
  return { ...settingOf(options), ...COLUMN };
}

/** A value with a text of its own, such as a list of filters. */
export function own<T>(
  options: Options<T> & {
    readonly encode: (value: T) => readonly string[];
    readonly decode: (texts: readonly string[]) => T;
    readonly isLong?: boolean;
    readonly commands?: readonly SettingCommand<T>[];
  },
): OwnSetting<T> {
  const { encode, decode, isLong = false, commands = [] } = options;
  return { ...settingOf(options), kind: "own", encode, decode, isLong, commands };
}

/** What is the same for all kinds. */
function settingOf<T>({ title, initial, url, undo = "never", need, shared = false }: Options<T>) {
  return {
    title,
    initial,
    url,
    undo,
    need: need ?? null,
    isShared: shared,
    isLong: false,
    accept: (value: T) => value,
    commands: [],
  };
}

/**
 * What one setting of a view is, and what follows from a table of them: the initial values, the
 * part of the page's address, what undo brings back, and the commands.
 */
import type { Group } from "./command-groups";

/** What has to be there for a setting to have an effect. */
export type Need = "3d" | "images" | "sequences";

/** "step": undo takes back each change; "merged": those in quick succession are taken back as one. */
export type UndoPolicy = "never" | "step" | "merged";

/** A command that changes a setting. */
export interface SettingCommand<T> {
  /** Unique within the setting; "" where it is the setting's only command. */
  readonly id: string;
  readonly title: string;
  readonly group: Group;
  /** Presses that do it, as `keyText` writes them; the first is shown. */
  readonly keys: readonly string[];
  /** What the sheet of keys says in place of the title. */
  readonly onSheet?: string;
  readonly next: (value: T) => T;
  readonly isOn: (value: T) => boolean;
}

export interface Setting<T> {
  /** What the panel and the commands call it. */
  readonly title: string;
  readonly initial: T;
  /** Its key in the page's address. Links that people keep have it: never change one. */
  readonly url: string;
  /** The texts that the key has in the address; none for nothing. */
  readonly encode: (value: T) => readonly string[];
  /** The value that the texts stand for; the initial one where they are malformed. */
  readonly decode: (texts: readonly string[]) => T;
  /** The allowed value that is nearest to a wanted one. */
  readonly accept: (value: T) => T;
  readonly undo: UndoPolicy;
  /** Whether its text may be too long for a link, and is then left out. */
  readonly isLong: boolean;
  readonly need: Need | null;
  /** Whether it says something of the points: then all views of the same points have it alike. */
  readonly isShared: boolean;
  readonly commands: readonly SettingCommand<T>[];
}

/** A table of settings, by the names that their values have in the view. */
export type SettingTable<V> = { readonly [K in keyof V]: Setting<V[K]> };

/** The values that a table's settings have. */
export type ValuesOf<T> = {
  readonly [K in keyof T]: T[K] extends Setting<infer Value> ? Value : never;
};

export function keysOf<V>(table: SettingTable<V>): readonly (keyof V & string)[] {
  return Object.keys(table) as (keyof V & string)[];
}

export function initialValues<V>(table: SettingTable<V>): V {
  const pairs = keysOf(table).map((key) => [key, table[key].initial]);
  return Object.fromEntries(pairs) as V;
}

/** Write what differs from the initial value: an address should be short. */
export function writeSettings<V>(
  table: SettingTable<V>,
  values: NoInfer<V>,
  write: (url: string, texts: readonly string[], isLong: boolean) => void,
): void {
  for (const key of keysOf(table)) {
    const { initial, encode, url, isLong } = table[key];
    const texts = encode(values[key]);
    if (!sameTexts(texts, encode(initial))) write(url, texts, isLong);
  }
}

/** Every setting as the address has it; the initial value where it says nothing. */
export function readSettings<V>(
  table: SettingTable<V>,
  textsOf: (url: string) => readonly string[],
): V {
  const pairs = keysOf(table).map((key) => {
    const { initial, decode, url } = table[key];
    const texts = textsOf(url);
    return [key, texts.length === 0 ? initial : decode(texts)];
  });
  return Object.fromEntries(pairs) as V;
}

/** The settings that undo brings back. */
export function undoableKeys<V>(table: SettingTable<V>): readonly (keyof V & string)[] {
  return keysOf(table).filter((key) => table[key].undo !== "never");
}

/** Those whose changes in quick succession are one step of undo. */
export function mergedKeys<V>(table: SettingTable<V>): readonly (keyof V & string)[] {
  return keysOf(table).filter((key) => table[key].undo === "merged");
}

/** Those that all views of the same points have alike. */
export function sharedKeys<V>(table: SettingTable<V>): readonly (keyof V & string)[] {
  return keysOf(table).filter((key) => table[key].isShared);
}

function sameTexts(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((text, at) => text === b[at]);
}

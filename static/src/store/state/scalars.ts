/** Scalars of the runs, and how a person wants to see them. */
import type { Scalars } from "../../model/data/scalars";

/** By run. */
export interface LoadedScalars {
  readonly runs: Readonly<Record<string, Scalars>>;
}

export interface ScalarSettings {
  /** The tag that was chosen; null for the usual one. */
  readonly tag: string | null;
  readonly isOpen: boolean;
  /** null: where it makes a curve that can be read. */
  readonly isLog: boolean | null;
}

export interface ScalarState extends LoadedScalars, ScalarSettings {}

export const INITIAL_SCALAR_SETTINGS: ScalarSettings = { tag: null, isOpen: true, isLog: null };

/** The contract with panels of plug-ins: docs/plugins.md says it for those who write one. */
import type { PageState } from "./page-api";

/** Raised when a module that was written for the one before would no longer work. */
export const PANEL_VERSION = 1;

/** A panel as the server lists it. */
export interface PluginPanel {
  readonly name: string;
  readonly title: string;
  /** Package and version. */
  readonly origin: string;
  /** Names the content of its module. */
  readonly digest: string;
}

export interface PanelCommand {
  readonly id: string;
  readonly title: string;
  readonly isDisabled: boolean;
}

/** What a panel is given: it reads the state, and changes it by selecting and by commands. */
export interface PanelHost {
  readonly version: number;
  /** What `window.projector.state()` says of the active view. */
  readonly state: PageState;
  /** The positions that are drawn, `dims` numbers a point: to be read, not written. */
  readonly positions: { readonly values: Float32Array; readonly dims: 2 | 3 };
  readonly commands: readonly PanelCommand[];
  /** Calls the listener now, and whenever the state has changed; returns the way to stop. */
  subscribe(listener: (state: PageState) => void): () => void;
  select(indices: readonly number[]): void;
  /** Runs a command; an unknown or a disabled one is an error. */
  run(id: string): void;
}

/** A module of a panel, of which nothing is known before it is looked at. */
export interface PanelModule {
  readonly version?: unknown;
  readonly mount?: unknown;
}

/** The open part of the inspector that shows a panel. */
export type PluginTab = `plugin:${string}`;

export function tabOf({ name }: PluginPanel): PluginTab {
  return `plugin:${name}`;
}

/** State that exists once per page. */
import type { ThemeName } from "../../model/color/palette";
import type { Listing } from "../../model/data/listing";
import type { StepLink } from "../../model/data/step-link";
import type { Method } from "../../model/projection/method";
import type { Bookmark } from "../../model/view/bookmark";
import type { KernelState } from "../../model/view/kernel-state";
import type { MatchChoice } from "../../model/view/matching";
import type { PluginPanel, PluginTab } from "../../model/view/plugin-panel";
import { type Edits, NO_EDITS } from "./edit";
import { type DropState, NO_DROPS } from "./file-drops";
import { INITIAL_LAYOUT, type Layout } from "./layout";
import { LOADING, type Loadable } from "./loadable";
import type { FollowSettings } from "./new-steps";
import { INITIAL_SCALAR_SETTINGS, type ScalarSettings } from "./scalars";
import type { TagForm } from "./tags";

/** What the server has: its listing and its methods. */
export interface Log {
  readonly listing: Loadable<Listing>;
  readonly methods: Loadable<readonly Method[]>;
}

export interface Notice {
  readonly id: number;
  readonly kind: "info" | "warning" | "error";
  readonly message: string;
}

export type ThemeChoice = "auto" | ThemeName;
export type DialogName = "problems" | "shortcuts" | "palette" | "export" | "runs";
export type InspectorTab = "inspect" | "filter" | "checks" | "bookmarks" | PluginTab;

export interface PageSettings {
  readonly theme: ThemeChoice;
  /** What the system asks for; decides where the choice is "auto". */
  readonly systemTheme: ThemeName;
  /** Whether the system asks for no movement. */
  readonly isMotionReduced: boolean;
  /** Whether the window is too small for both sides beside several views. */
  readonly isSmall: boolean;
  /** How long each step stays while the steps are played. */
  readonly playSeconds: number;
  readonly dialog: DialogName | null;
  /** Whether a camera that is moved takes those of the other views along. */
  readonly isCameraLinked: boolean;
  /** Whether views of other runs go along when the step of the active one changes. */
  readonly stepLink: StepLink;
  /** By what the points of different views are taken for the same ones. */
  readonly matchBy: MatchChoice;
  /** What is being dragged over the views, in words; null: nothing is. */
  readonly draggedPart: string | null;
  readonly isConnected: boolean;
  /** Not connected because too many other pages are. */
  readonly isCrowded: boolean;
  readonly kernel: KernelState;
  /** Some browsers cannot blend numbers, which a density needs. */
  readonly canDrawDensity: boolean;
  /** Whether the page's own address can say what is shown: not where another page has it inside. */
  readonly hasAddress: boolean;
  readonly notices: readonly Notice[];
  /** Which part of the right side is open. */
  readonly inspector: InspectorTab;
  /** What plug-ins add to that side. */
  readonly panels: readonly PluginPanel[];
  /** The last thing said to a screen reader. */
  readonly announcement: string;
}

export interface PageState {
  readonly log: Log;
  readonly page: PageSettings;
  readonly layout: Layout;
  readonly bookmarks: readonly Bookmark[];
  readonly fileDrops: DropState;
  readonly scalars: ScalarSettings;
  readonly newSteps: FollowSettings;
  readonly tags: TagForm;
  /** What can be undone and redone, of all views in the order in which it was done. */
  readonly edits: Edits;
}

export const INITIAL_PAGE_STATE: PageState = {
  log: { listing: LOADING, methods: LOADING },
  page: {
    theme: "auto",
    systemTheme: "light",
    isMotionReduced: false,
    isSmall: false,
    playSeconds: 1,
    dialog: null,
    isCameraLinked: true,
    stepLink: "step",
    matchBy: "auto",
    draggedPart: null,
    isConnected: true,
    isCrowded: false,
    kernel: "free",
    canDrawDensity: true,
    hasAddress: true,
    notices: [],
    inspector: "inspect",
    panels: [],
    announcement: "",
  },
  layout: INITIAL_LAYOUT,
  bookmarks: [],
  fileDrops: NO_DROPS,
  scalars: INITIAL_SCALAR_SETTINGS,
  newSteps: { isFollowing: false },
  tags: { isOpen: false, wantsFocus: false },
  edits: NO_EDITS,
};

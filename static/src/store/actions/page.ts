/** Theme, dialogs, tools, notices, connection. */

import type { ThemeName } from "../../model/color/palette";
import type { StepLink } from "../../model/data/step-link";
import type { StillPoints } from "../../model/projection/still-points";
import { UNREACHABLE } from "../../model/text/messages";
import type { KernelState } from "../../model/view/kernel-state";
import type { MatchChoice } from "../../model/view/matching";
import type { PluginPanel } from "../../model/view/plugin-panel";
import type { Reach, Tool } from "../../model/view/tool";
import type { DialogName, InspectorTab, Notice, Page, ThemeChoice } from "../state/state";
import type { Action } from "../store";

function change(part: Partial<Page>): Action {
  return (state) => ({ ...state, page: { ...state.page, ...part } });
}

export function setTheme(theme: ThemeChoice): Action {
  return change({ theme });
}

/** light → dark → as the system has it. */
export function nextTheme(): Action {
  const next: Record<ThemeChoice, ThemeChoice> = { auto: "light", light: "dark", dark: "auto" };
  return (state) => change({ theme: next[state.page.theme] })(state);
}

export function systemThemeChanged(systemTheme: ThemeName): Action {
  return change({ systemTheme });
}

export function setTool(tool: Tool): Action {
  return change({ tool });
}

export function setReach(reach: Reach): Action {
  return change({ reach });
}

export function addressFound(hasAddress: boolean): Action {
  return change({ hasAddress });
}

export function densityOffered(canDrawDensity: boolean): Action {
  return change({ canDrawDensity });
}

export function setPlaying(isPlaying: boolean): Action {
  return change({ isPlaying });
}

/** The next step that is played is not there yet, or has come. */
export function stepAwaited(isStepAwaited: boolean): Action {
  return change({ isStepAwaited });
}

/** null: all points are as opaque as ever. */
export function stillFaded(still: StillPoints | null): Action {
  return change({ still });
}

/** What the system asks for. */
export function motionReduced(isMotionReduced: boolean): Action {
  return change({ isMotionReduced });
}

export function windowResized(isSmall: boolean): Action {
  return change({ isSmall });
}

export function setStepLink(stepLink: StepLink): Action {
  return change({ stepLink });
}

/** What was matched otherwise is forgotten. */
export function setMatchBy(matchBy: MatchChoice): Action {
  return (state) =>
    state.page.matchBy === matchBy ? state : { ...change({ matchBy })(state), matches: {} };
}

export function setCamerasLinked(isCameraLinked: boolean): Action {
  return change({ isCameraLinked });
}

export function setPlaySeconds(playSeconds: number): Action {
  return change({ playSeconds });
}

/** Also where a narrow window shows another sheet. */
export function openInspector(inspector: InspectorTab): Action {
  return (state) => ({
    ...change({ inspector })(state),
    layout: { ...state.layout, sheet: "inspect" },
  });
}

export function panelsFound(panels: readonly PluginPanel[]): Action {
  return change({ panels });
}

export function openDialog(dialog: DialogName): Action {
  return change({ dialog });
}

/** Only the one that is meant: a dialog hears of its own end when another may be open already. */
export function closeDialog(dialog: DialogName): Action {
  return (state) => (state.page.dialog === dialog ? change({ dialog: null })(state) : state);
}

/** What failed only because the server was away needs no message any more. */
export function connectionChanged(isConnected: boolean): Action {
  return (state) => {
    const { notices } = state.page;
    const kept = isConnected ? notices.filter(({ message }) => message !== UNREACHABLE) : notices;
    return change({ isConnected, isCrowded: false, notices: kept })(state);
  };
}

/** The server answers, but other pages have all of its streams. */
export function connectionCrowded(): Action {
  return (state) => (state.page.isConnected ? state : change({ isCrowded: true })(state));
}

export function kernelChanged(kernel: KernelState): Action {
  return change({ kernel });
}

/** The plot came to rest with so much of the points in view. */
export function viewRested(shareInView: number): Action {
  return (state) =>
    state.page.shareInView === shareInView ? state : change({ shareInView })(state);
}

/** At rest the plot has all of its points, or draws those that it lacks. */
export function pictureDrawn(isWhole: boolean): Action {
  return change({ isWhole });
}

export function graphicsChanged(graphics: Page["graphics"]): Action {
  return change({ graphics });
}

/** Show a notice. The same sentence is not shown twice. */
export function notify(kind: Notice["kind"], message: string): Action {
  return (state) => {
    const { notices } = state.page;
    if (notices.some((notice) => notice.message === message)) return state;
    const id = 1 + Math.max(0, ...notices.map((notice) => notice.id));
    return change({ notices: [...notices, { id, kind, message }], announcement: message })(state);
  };
}

export function dismiss(id: number): Action {
  return (state) =>
    change({ notices: state.page.notices.filter((notice) => notice.id !== id) })(state);
}

/** Say something to a screen reader. */
export function announce(announcement: string): Action {
  return (state) =>
    state.page.announcement === announcement ? state : change({ announcement })(state);
}

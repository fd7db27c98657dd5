/** Mounts panels of plug-ins: imports the module, gives it its host, and says what went wrong. */
import { effect } from "@preact/signals";
import type { PageApi, PageState } from "../../model/view/page-api";
import {
  PANEL_VERSION,
  type PanelHost,
  type PanelModule,
  type PluginPanel,
} from "../../model/view/plugin-panel";
import { commandsOf } from "../../store/commands";
import { activeScope, type RootStore } from "../../store/store";

export interface PanelParts {
  readonly root: RootStore;
  readonly page: PageApi;
  /** Imports the module of a panel. */
  readonly load: (panel: PluginPanel) => Promise<PanelModule>;
  /** Lets the state settle, so that a listener hears once of what changes at once. */
  readonly later?: (then: () => void) => void;
}

/** Show a panel in an element; the way to take it away may be gone before it is there. */
export async function mountPanel(
  panel: PluginPanel,
  element: HTMLElement,
  parts: PanelParts,
): Promise<() => void> {
  const stops: (() => void)[] = [];
  const say = (what: string) => {
    const message = document.createElement("p");
    message.className = "hint";
    message.role = "alert";
    message.textContent = `The panel ${panel.title} (${panel.origin}) ${what}`;
    element.replaceChildren(message);
  };
  try {
    const { version, mount } = await parts.load(panel);
    if (version !== PANEL_VERSION || typeof mount !== "function") {
      say(
        `is made for version ${String(version)} of panels, and this page has ${PANEL_VERSION}. Update projector or the package.`,
      );
    } else {
      const host = hostOf(parts, stops, (error) => say(failed(error)));
      const dispose: unknown = await mount(element, host);
      if (typeof dispose === "function") stops.push(() => dispose());
    }
  } catch (error) {
    say(failed(error));
  }
  return () => {
    for (const stop of stops.splice(0)) {
      try {
        stop();
      } catch {
        // What a panel does at its end concerns nobody any more.
      }
    }
    element.replaceChildren();
  };
}

function failed(error: unknown): string {
  return `failed: ${String(error)}. Report it to the authors of the package.`;
}

function hostOf(
  { root, page, later = (then) => requestAnimationFrame(then) }: PanelParts,
  stops: (() => void)[],
  onError: (error: unknown) => void,
): PanelHost {
  const store = activeScope(root);
  return {
    version: PANEL_VERSION,
    get state() {
      return page.state();
    },
    get positions() {
      const { positions } = store.state.peek().work.shown ?? {};
      return { values: positions?.values ?? new Float32Array(), dims: positions?.dims ?? 2 };
    },
    get commands() {
      return commandsOf(store.state.peek()).map(({ id, title, isDisabled }) => ({
        id,
        title,
        isDisabled,
      }));
    },
    subscribe(listener) {
      const stop = follow(root, page, later, (state) => {
        try {
          listener(state);
        } catch (error) {
          stop();
          onError(error);
        }
      });
      stops.push(stop);
      return stop;
    },
    select: (indices) => page.select(indices),
    run(id) {
      const command = commandsOf(store.state.peek()).find((each) => each.id === id);
      if (!command || command.isDisabled) {
        throw new Error(`The command ${JSON.stringify(id)} is ${command ? "disabled" : "unknown"}`);
      }
      command.run(store);
    },
  };
}

/** Tell of the state, first a moment from now, and again whenever it is another one. */
function follow(
  root: RootStore,
  page: PageApi,
  later: (then: () => void) => void,
  tell: (state: PageState) => void,
): () => void {
  let last: PageState | null = null;
  let isWaiting = false;
  let isStopped = false;
  const stop = effect(() => {
    // Every change of the state asks; what is told is compared.
    root.state.value;
    if (isWaiting) return;
    isWaiting = true;
    later(() => {
      isWaiting = false;
      if (isStopped) return;
      const now = page.state();
      if (last && isSame(last, now)) return;
      last = now;
      tell(now);
    });
  });
  return () => {
    isStopped = true;
    stop();
  };
}

function isSame(a: PageState, b: PageState): boolean {
  return (Object.keys(b) as (keyof PageState)[]).every((key) => {
    const [one, two] = [a[key], b[key]];
    if (Array.isArray(one) && Array.isArray(two)) {
      return one.length === two.length && one.every((value, at) => value === two[at]);
    }
    return one === two || (typeof one === "object" && JSON.stringify(one) === JSON.stringify(two));
  });
}

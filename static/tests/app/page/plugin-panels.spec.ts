import { describe, expect, it, vi } from "vitest";
import { createApi } from "../../../src/api/api";
import { mountPanel } from "../../../src/app/page/plugin-panels";
import { createPageApi } from "../../../src/app/page/window-api";
import type { PageState } from "../../../src/model/view/page-api";
import type { PanelHost, PanelModule } from "../../../src/model/view/plugin-panel";
import { type OpenPage, openPage, useFakeClock } from "../open-page";

useFakeClock();
vi.stubGlobal("document", { createElement: () => new FakeElement() });

/** As much of an element as is needed to see what is in it. */
class FakeElement {
  children: readonly FakeElement[] = [];
  role: string | null = null;
  text = "";
  append(text: string) {
    this.text += text;
  }
  replaceChildren(...children: readonly FakeElement[]) {
    this.text = "";
    this.children = children;
  }
  get textContent(): string {
    return this.text + this.children.map(({ textContent }) => textContent).join("");
  }
  set textContent(text: string) {
    this.text = text;
  }
}

const PANEL = { name: "spread", title: "Spread", origin: "example 1.0", digest: "0f" };

interface Mounted extends OpenPage {
  readonly element: FakeElement;
  /** Lets what waits for the next frame happen. */
  settle(): void;
  stop(): void;
}

async function mounted(module: PanelModule | Error): Promise<Mounted> {
  const page = await openPage("#run=a&step=10");
  const { root, server } = page;
  const { views, ready } = page.page;
  const element = new FakeElement();
  const waiting: (() => void)[] = [];
  const stop = await mountPanel(PANEL, element as unknown as HTMLElement, {
    root,
    page: createPageApi({ root, api: createApi(server), views, ready }),
    load: () => (module instanceof Error ? Promise.reject(module) : Promise.resolve(module)),
    later: (then) => waiting.push(then),
  });
  const settle = () => {
    for (const then of waiting.splice(0)) then();
  };
  return { ...page, element, settle, stop };
}

/** A panel that keeps what it is told. */
function listening(): {
  readonly told: PageState[];
  readonly module: PanelModule;
  host(): PanelHost;
} {
  const told: PageState[] = [];
  let given: PanelHost | undefined;
  const module = {
    version: 1,
    mount(element: HTMLElement, host: PanelHost) {
      given = host;
      element.append("here");
      return host.subscribe((state) => told.push(state));
    },
  };
  return {
    told,
    module,
    host() {
      if (!given) throw new Error("not mounted");
      return given;
    },
  };
}

describe("a panel of a plug-in", () => {
  it("reads the state and the positions, and hears once of what has changed", async () => {
    const { told, module, host } = listening();
    const { element, settle } = await mounted(module);
    expect(element.textContent).toBe("here");
    settle();
    expect(told.map(({ run, selection }) => [run, selection])).toEqual([["a", []]]);
    const { values, dims } = host().positions;
    expect(values.length % dims).toBe(0);
    expect(values.length).toBeGreaterThan(0);
    host().select([1]);
    host().select([0, 2]);
    settle();
    expect(told.map(({ selection }) => selection)).toEqual([[], [0, 2]]);
    settle();
    expect(told).toHaveLength(2);
  });

  it("runs the page's commands, and says of none that there is no such", async () => {
    const { told, module, host } = listening();
    const { settle } = await mounted(module);
    host().select([0, 2]);
    const ids = host().commands.map(({ id }) => id);
    expect(ids).toContain("selection.clear");
    host().run("selection.clear");
    settle();
    expect(told.at(-1)?.selection).toEqual([]);
    expect(() => host().run("selection.clear")).toThrow("is disabled");
    expect(() => host().run("no-such")).toThrow("is unknown");
  });

  it("hears nothing after it is taken away", async () => {
    const { told, module, host } = listening();
    const { element, settle, stop } = await mounted(module);
    settle();
    stop();
    expect(element.textContent).toBe("");
    host().select([1]);
    settle();
    expect(told).toHaveLength(1);
  });

  it.each([
    [new Error("no such file"), "failed: Error: no such file."],
    [{ version: 2, mount: () => undefined }, "is made for version 2 of panels"],
    [{ version: 1 }, "is made for version 1 of panels"],
    [
      {
        version: 1,
        mount: () => {
          throw new TypeError("x is null");
        },
      },
      "failed: TypeError: x is null.",
    ],
    [{ version: 1, mount: () => Promise.reject(new Error("later")) }, "failed: Error: later."],
  ])("says what is wrong with it", async (module, message) => {
    const { element } = await mounted(module);
    const [alert] = element.children;
    expect(alert?.role).toBe("alert");
    expect(alert?.textContent).toContain("The panel Spread (example 1.0)");
    expect(element.textContent).toContain(message);
  });

  it("says that a listener failed, and asks it no more", async () => {
    let calls = 0;
    const module = {
      version: 1,
      mount: (_: HTMLElement, host: PanelHost) =>
        host.subscribe(() => {
          calls += 1;
          throw new Error("cannot draw");
        }),
    };
    const { element, settle, root } = await mounted(module);
    settle();
    expect(element.textContent).toContain("failed: Error: cannot draw.");
    root.dispatch({ inRoot: (state) => ({ ...state }) });
    settle();
    expect(calls).toBe(1);
  });
});

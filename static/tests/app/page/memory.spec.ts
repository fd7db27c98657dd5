import { describe, expect, it } from "vitest";
import { resizePanel, togglePanel } from "../../../src/store/actions/layout";
import { setTheme } from "../../../src/store/actions/page";
import { chooseScalar, openScalars } from "../../../src/store/actions/scalars";
import { setSetting } from "../../../src/store/actions/view";
import { activateView, addView } from "../../../src/store/actions/views";
import { themeName } from "../../../src/store/selectors/shown";
import { scope } from "../../../src/store/store";
import { FakeServer } from "../fake-server";
import { openPage, useFakeClock } from "../open-page";

useFakeClock();

/** A page that finds what another one has kept. */
function reopened(kept: Readonly<Record<string, string>>) {
  return openPage("#run=a", new FakeServer(), ({ storage }) => {
    for (const [key, value] of Object.entries(kept)) storage.set(`projector.${key}`, value);
  });
}

describe("what the browser remembers", () => {
  it("is the layout, as far as it makes sense", async () => {
    const { one, browser } = await openPage("#run=a");
    one.dispatch(resizePanel("left", 300));
    one.dispatch(togglePanel("table", true));
    const layout = browser.storage.get("projector.layout") ?? "";
    const again = await reopened({ layout });
    expect(again.one.state.value.layout.sizes.left).toBe(300);
    expect(again.one.state.value.layout.open.table).toBe(true);
    const strange = await reopened({ layout: '{"sizes":{"left":"wide","right":99999},"open":7}' });
    expect(strange.one.state.value.layout.sizes).toEqual({ left: null, right: 720, table: null });
    const broken = await reopened({ layout: "{" });
    expect(broken.one.state.value.layout.open.left).toBe(true);
  });

  it("is the theme, unless it is the system's", async () => {
    const { one, browser } = await openPage("#run=a");
    one.dispatch(setTheme("dark"));
    expect(browser.storage.get("projector.theme")).toBe("dark");
    one.dispatch(setTheme("auto"));
    expect(browser.storage.has("projector.theme")).toBe(false);
    const again = await reopened({ theme: "dark" });
    expect(themeName(again.one.state.peek())).toBe("dark");
    expect(themeName((await reopened({ theme: "green" })).one.state.peek())).toBe("light");
  });

  it("is which scalar is shown, and whether any is", async () => {
    const { one, browser } = await openPage("#run=a");
    one.dispatch(chooseScalar("loss"));
    one.dispatch(openScalars(false));
    const kept = Object.fromEntries(
      ["scalar", "scalars-closed"].map((key) => [
        key,
        browser.storage.get(`projector.${key}`) ?? "",
      ]),
    );
    const again = await reopened(kept);
    expect(again.one.state.value.scalars).toMatchObject({ tag: "loss", isOpen: false });
  });

  it("is whether steps keep their orientation, as the active view has it", async () => {
    const { root, one, browser } = await openPage("#run=a");
    one.dispatch(setSetting("keepOrientation", false));
    expect(browser.storage.has("projector.free-orientation")).toBe(true);
    root.dispatch(addView());
    root.dispatch(activateView("2"));
    scope(root, "2").dispatch(setSetting("keepOrientation", true));
    expect(browser.storage.has("projector.free-orientation")).toBe(false);
    const again = await reopened({ "free-orientation": "1" });
    expect(again.one.state.value.view.keepOrientation).toBe(false);
  });

  it("is nothing where its storage is full", async () => {
    const { one } = await openPage("#run=a", new FakeServer(), (browser) => {
      browser.isStorageFull = true;
    });
    one.dispatch(setTheme("dark"));
    expect(themeName(one.state.peek())).toBe("dark");
  });
});

import { describe, expect, it, vi } from "vitest";
import { selectionOf } from "../../../src/model/view/selection";
import { setTool } from "../../../src/store/actions/page";
import { select, setSearchText } from "../../../src/store/actions/selection";
import { activateView, addView } from "../../../src/store/actions/views";
import { selection } from "../../../src/store/selectors/shown";
import { scope } from "../../../src/store/store";
import { eventWith, FakeElement } from "../fake-browser";
import { type OpenPage, openPage, pass, useFakeClock } from "../open-page";

useFakeClock();

const KEY = { key: "", code: "", ctrlKey: false, metaKey: false, shiftKey: false, altKey: false };

/** Press a key while an element has the focus. */
function press({ browser }: OpenPage, part: Partial<typeof KEY>, target?: FakeElement): boolean {
  const event = eventWith("keydown", { ...KEY, ...part });
  if (target) Object.defineProperty(event, "target", { value: target });
  browser.document.dispatchEvent(event);
  return event.defaultPrevented;
}

describe("a key", () => {
  it("does what its command does, and nothing else of the browser's", async () => {
    const page = await openPage("#run=a&step=10");
    expect(press(page, { key: "]", code: "BracketRight" })).toBe(true);
    expect(page.one.state.value.view.place?.step).toBe(20);
    expect(press(page, { key: "u", code: "KeyU" })).toBe(false);
  });

  it("of a command that cannot be done now does nothing, not even the browser's", async () => {
    const page = await openPage("#run=a&step=10");
    const before = page.one.state.peek();
    expect(press(page, { key: "z", code: "KeyZ", ctrlKey: true })).toBe(true);
    expect(page.one.state.peek()).toBe(before);
  });

  it("acts on the active view", async () => {
    const page = await openPage("#run=a&step=10");
    page.root.dispatch(addView());
    await pass(1000);
    page.root.dispatch(activateView("2"));
    press(page, { key: "b", code: "KeyB" });
    const tools = ["1", "2"].map((id) => scope(page.root, id).state.value.page.tool);
    expect(tools).toEqual(["navigate", "box"]);
  });

  it("belongs to a field while something is typed", async () => {
    const page = await openPage("#run=a&step=10");
    expect(press(page, { key: "]", code: "BracketRight" }, new FakeElement())).toBe(false);
    expect(page.one.state.value.view.place?.step).toBe(10);
    expect(press(page, { key: "k", code: "KeyK", ctrlKey: true }, new FakeElement())).toBe(true);
    expect(page.one.state.value.page.dialog).toBe("palette");
  });

  it("belongs to a focused button, unless the pointer has put the focus there", async () => {
    const page = await openPage("#run=a&step=10");
    page.one.dispatch(select(selectionOf([1])));
    vi.stubGlobal("HTMLTextAreaElement", class {});
    const button = new FakeElement();
    button.type = "button";
    Object.assign(button, { closest: () => button });
    const enter = { key: "Enter", code: "Enter" };
    const { document } = page.browser;
    press(page, { key: "Tab", code: "Tab" });
    expect(press(page, enter, button)).toBe(false);
    const down = new Event("pointerdown");
    Object.defineProperty(down, "target", { value: button });
    document.dispatchEvent(down);
    // Another one, to which the focus was moved, is meant.
    const other = new FakeElement();
    other.type = "button";
    Object.assign(other, { closest: () => other });
    expect(press(page, enter, other)).toBe(false);
    expect(press(page, enter, button)).toBe(true);
    expect(page.one.state.value.view.isolation).toHaveLength(1);
    press(page, { key: "ArrowLeft", code: "ArrowLeft" });
    expect(press(page, enter, button)).toBe(false);
  });

  it("belongs to a dialog while one is open", async () => {
    const page = await openPage("#run=a&step=10");
    Object.assign(page.browser.document, { querySelector: () => ({}) });
    expect(press(page, { key: "]", code: "BracketRight" })).toBe(false);
  });
});

it("Escape gives up the search first, then the selection, then the tool", async () => {
  const page = await openPage("#run=a&step=10");
  page.one.dispatch(setSearchText("x"));
  page.one.dispatch(select(selectionOf([1])));
  page.one.dispatch(setTool("box"));
  const left = () => {
    const state = page.one.state.peek();
    return [state.attention.search.text, selection(state).length, state.page.tool];
  };
  press(page, { key: "Escape", code: "Escape" });
  expect(left()).toEqual(["", 1, "box"]);
  press(page, { key: "Escape", code: "Escape" });
  expect(left()).toEqual(["", 0, "box"]);
  press(page, { key: "Escape", code: "Escape" });
  expect(left()).toEqual(["", 0, "navigate"]);
});

// @vitest-environment jsdom
import { describe, expect, it } from "vitest";
import { PaletteDialog } from "../../../src/panels/dialogs/command-palette";
import { openDialog } from "../../../src/store/actions/page";
import { click, draw, fill, press, SHOWN, screen, shownText } from "../rendering";

const options = () => screen.getAllByRole("option");
const chosen = () => screen.getByRole("option", { selected: true });
const field = () => screen.getByRole("combobox", { name: "Command" });

describe("the command palette", () => {
  it("is a dialog with a list that the text field has the keys for", () => {
    const { dispatch } = draw(<PaletteDialog />, ...SHOWN);
    expect(screen.queryByRole("dialog")).toBeNull();
    dispatch(openDialog("palette"));
    expect(screen.getByRole("dialog", { name: "Commands" })).toBeDefined();
    expect(options().length).toBeGreaterThan(20);
    const first = options()[0];
    expect(chosen()).toBe(first);
    expect(field().getAttribute("aria-activedescendant")).toBe(first?.id);
  });

  it("finds commands by some of their letters, and marks these", () => {
    draw(<PaletteDialog />, ...SHOWN, openDialog("palette"));
    fill(field(), "color lab");
    expect(chosen().textContent).toContain("Color by label");
    const marked = [...chosen().querySelectorAll("b")].map((each) => each.textContent).join("");
    expect(marked.toLowerCase().replace(/ /g, "")).toBe("colorlab");
    fill(field(), "zzz");
    expect(screen.queryByRole("option")).toBeNull();
    expect(shownText()).toContain("No matching commands.");
    expect(field().hasAttribute("aria-activedescendant")).toBe(false);
  });

  it("moves by keys, never past an end", () => {
    draw(<PaletteDialog />, ...SHOWN, openDialog("palette"));
    press(field(), "ArrowUp");
    expect(chosen()).toBe(options()[0]);
    press(field(), "ArrowDown");
    press(field(), "ArrowDown");
    expect(chosen()).toBe(options()[2]);
    press(field(), "PageDown");
    expect(chosen()).toBe(options()[10]);
    // Home is a key of the text.
    press(field(), "Home");
    expect(chosen()).toBe(options()[10]);
    fill(field(), "t");
    expect(chosen()).toBe(options()[0]);
  });

  it("runs the chosen command and closes", () => {
    const { state } = draw(<PaletteDialog />, ...SHOWN, openDialog("palette"));
    fill(field(), "show in 3d");
    press(field(), "Enter");
    expect(state().view.dims).toBe(3);
    expect(state().page.dialog).toBeNull();
    expect(screen.queryByRole("dialog")).toBeNull();
  });

  it("runs nothing that is disabled, and shows that it is", () => {
    const { state } = draw(<PaletteDialog />, ...SHOWN, openDialog("palette"));
    fill(field(), "clear all filters");
    expect(chosen().getAttribute("aria-disabled")).toBe("true");
    click(chosen());
    expect(state().page.dialog).toBe("palette");
  });
});

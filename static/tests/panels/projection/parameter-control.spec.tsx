// @vitest-environment jsdom
import { describe, expect, it } from "vitest";
import type { Parameter } from "../../../src/model/projection/method";
import { ParameterControl } from "../../../src/panels/projection/parameter-control";
import { methodsLoaded } from "../../../src/store/actions/place";
import { openMethod, setParameter } from "../../../src/store/actions/projection";
import { formProblems } from "../../../src/store/selectors/form";
import { method, parameter } from "../../store/fixtures";
import { click, draw, fill, leave, OPENED, screen, shownText } from "../rendering";

const MADE = "made_up";

/** One parameter in the form of a method that has no other. */
function drawn(declared: Parameter, props: { readonly withSlider?: boolean } = {}) {
  const made = method(MADE, { parameters: [declared] });
  const page = draw(
    <ParameterControl parameter={declared} {...props} />,
    ...OPENED,
    methodsLoaded([made]),
    openMethod(MADE),
  );
  return { ...page, draft: () => page.state().view.drafts[MADE] ?? {} };
}

describe("a number", () => {
  const size = parameter("size", { default: 15, low: 2, high: 500, log: true });

  it("is set by what is typed, as soon as that is allowed", () => {
    const { draft } = drawn(size);
    const field = screen.getByRole("textbox", { name: "size" });
    expect(field).toHaveProperty("value", "15");
    fill(field, "30");
    expect(draft()).toEqual({ size: 30 });
    fill(field, "15");
    expect(draft()).toEqual({});
  });

  it("says what is allowed, and keeps what was typed until there is another value", () => {
    const { draft, dispatch, state } = drawn(size);
    const field = screen.getByRole("textbox", { name: "size" });
    fill(field, "30");
    fill(field, "501");
    expect(field.getAttribute("aria-invalid")).toBe("true");
    const problem = document.getElementById(field.getAttribute("aria-describedby") ?? "");
    expect(problem?.textContent).toBe("Enter a whole number from 2 to 500.");
    expect(draft()).toEqual({ size: 30 });
    expect(formProblems(state())).toEqual(["size: Enter a whole number from 2 to 500."]);
    // Left like this, nothing is put back in silence.
    leave(field, "501");
    expect(field).toHaveProperty("value", "501");
    expect(field.getAttribute("aria-invalid")).toBe("true");
    dispatch(setParameter("size", 40));
    expect(field).toHaveProperty("value", "40");
    expect(formProblems(state())).toEqual([]);
  });

  it("has a slider where both of its ends are known", () => {
    const { draft } = drawn(size);
    const slider = screen.getByRole("slider", { name: "size slider" });
    expect(slider.getAttribute("aria-valuetext")).toBe("15");
    fill(slider, "200");
    expect(draft()).toEqual({ size: 500 });
    expect(screen.getByRole("textbox", { name: "size" })).toHaveProperty("value", "500");
  });

  it("has none where it is rare, unless its group has the room", () => {
    drawn({ ...size, advanced: true });
    expect(screen.queryByRole("slider")).toBeNull();
  });

  it("has one in a group of its own", () => {
    drawn({ ...size, advanced: true }, { withSlider: true });
    expect(screen.queryByRole("slider")).not.toBeNull();
  });

  it("may be left open where null is allowed, and says what that means", () => {
    const { draft } = drawn(parameter("rounds", { default: null, unset: "auto", low: 1 }));
    const field = screen.getByRole("textbox", { name: "rounds" });
    expect(field.getAttribute("placeholder")).toBe("auto");
    fill(field, "7");
    fill(field, "");
    expect(draft()).toEqual({});
  });
});

describe("a parameter of another kind", () => {
  it("that is true or false is a check box", () => {
    const { draft } = drawn(parameter("is_tight", { kind: "bool", default: false }));
    const box = screen.getByRole("checkbox", { name: "is_tight" });
    click(box);
    expect(draft()).toEqual({ is_tight: true });
  });

  it("with choices offers them, and nothing else where one is needed", () => {
    const choices = ["round", "square"];
    const { draft } = drawn(parameter("shape", { kind: "choice", default: "round", choices }));
    expect(screen.getAllByRole("option").map(({ textContent }) => textContent)).toEqual(choices);
    fill(screen.getByRole("combobox", { name: "shape" }), "square");
    expect(draft()).toEqual({ shape: "square" });
  });

  it("with choices and null offers none of them, too", () => {
    const choices = ["round"];
    const { draft } = drawn(
      parameter("shape", { kind: "choice", default: null, choices, unset: "any" }),
    );
    const shape = screen.getByRole("combobox", { name: "shape" });
    expect(screen.getAllByRole("option").map((each) => each.textContent)).toEqual(["any", "round"]);
    fill(shape, "round");
    expect(draft()).toEqual({ shape: "round" });
    fill(shape, "");
    expect(draft()).toEqual({});
  });

  it("that is a text takes any, a number too", () => {
    const { draft } = drawn(parameter("formula", { kind: "text", default: null, unset: "none" }));
    fill(screen.getByRole("textbox", { name: "formula" }), "100, 300");
    expect(draft()).toEqual({ formula: "100, 300" });
  });

  it("that names a column offers those of the dataset", () => {
    const { draft } = drawn(parameter("by", { kind: "column", default: null, unset: "off" }));
    expect(screen.getAllByRole("option").map((each) => each.textContent)).toEqual(["off", "label"]);
    fill(screen.getByRole("combobox", { name: "by" }), "label");
    expect(draft()).toEqual({ by: "label" });
  });

  it("of a kind that only a later server has is a text field", () => {
    const { draft } = drawn(parameter("later", { kind: "weather" as "text", default: "fair" }));
    fill(screen.getByRole("textbox", { name: "later" }), "rain");
    expect(draft()).toEqual({ later: "rain" });
    expect(shownText()).toBe("later");
  });
});

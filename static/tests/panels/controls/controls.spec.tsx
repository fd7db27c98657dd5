// @vitest-environment jsdom
import { fireEvent } from "@testing-library/dom";
import { useState } from "preact/hooks";
import { act } from "preact/test-utils";
import { describe, expect, it, vi } from "vitest";
import { NameField } from "../../../src/panels/controls/name-field";
import { Section } from "../../../src/panels/controls/section";
import { Slider } from "../../../src/panels/controls/slider";
import { Splitter } from "../../../src/panels/controls/splitter";
import { range, VirtualList } from "../../../src/panels/controls/virtual-list";
import { click, draw, fill, leave, press, screen } from "../rendering";

describe("a long list", () => {
  it("moves by keys, points and picks", () => {
    const onPick = vi.fn();
    const onPoint = vi.fn();
    draw(
      <VirtualList
        name="Points"
        count={1000}
        rowHeight={20}
        taken={2}
        renderRow={(row) => `row ${row}`}
        onPick={onPick}
        onPoint={onPoint}
      />,
    );
    const list = screen.getByRole("listbox", { name: "Points" });
    // Nothing has a size here: only what stands around the first row exists.
    expect(screen.getAllByRole("option").length).toBeLessThan(20);
    expect(screen.getByRole("option", { selected: true }).textContent).toBe("row 2");
    press(list, "ArrowDown");
    expect(onPoint).toHaveBeenLastCalledWith(1);
    press(list, "Enter");
    expect(onPick).toHaveBeenLastCalledWith(1);
    press(list, "End");
    press(list, " ");
    expect(onPick).toHaveBeenLastCalledWith(999);
    expect(list.getAttribute("aria-activedescendant")).toMatch(/-999$/);
    expect(screen.getAllByRole("option").at(-1)?.getAttribute("aria-posinset")).toBe("1000");
  });

  it("leaves nothing pointed at when it goes", () => {
    const onPoint = vi.fn();
    draw(<Leaving onPoint={onPoint} />);
    expect(onPoint).not.toHaveBeenCalled();
    click(screen.getByRole("button", { name: "Leave" }));
    expect(screen.queryByRole("listbox")).toBeNull();
    expect(onPoint).toHaveBeenLastCalledWith(null);
  });
});

function Leaving({ onPoint }: { readonly onPoint: (row: number | null) => void }) {
  const [isLeft, setIsLeft] = useState(false);
  const onPick = () => undefined;
  return (
    <>
      <button type="button" onClick={() => setIsLeft(true)}>
        Leave
      </button>
      {!isLeft && (
        <VirtualList
          {...{ name: "Points", count: 3, rowHeight: 20, taken: null, renderRow: String }}
          {...{ onPick, onPoint }}
        />
      )}
    </>
  );
}

it("a section folds", () => {
  draw(<Section title="Color">inside</Section>);
  const toggle = screen.getByRole("button", { name: "Color" });
  expect(toggle.getAttribute("aria-expanded")).toBe("true");
  click(toggle);
  expect(toggle.getAttribute("aria-expanded")).toBe("false");
  expect(screen.getByText("inside").hidden).toBe(true);
});

it("a slider is moved, and reset by a double click", () => {
  const onChange = vi.fn();
  const format = (value: number) => `${value} px`;
  draw(
    <Slider
      {...{ name: "Size", value: 2, low: 0, high: 4, step: 1, normal: 1, format, onChange }}
    />,
  );
  const slider = screen.getByRole("slider", { name: "Size" });
  expect(slider.getAttribute("aria-valuetext")).toBe("2 px");
  fill(slider, "3");
  expect(onChange).toHaveBeenLastCalledWith(3);
  void act(() => {
    fireEvent.dblClick(slider);
  });
  expect(onChange).toHaveBeenLastCalledWith(1);
});

it("a name is never empty", () => {
  const onChange = vi.fn();
  draw(<NameField value="first" onChange={onChange} />);
  const field = screen.getByRole("textbox", { name: "Name of first" });
  leave(field, "  ");
  expect(field).toHaveProperty("value", "first");
});

it("a splitter is moved by the arrows that point away from its side", () => {
  const onResize = vi.fn();
  const splitter = (side: "left" | "right" | "below") => (
    <Splitter {...{ name: side, side, low: 0, high: 500, measure: () => 200, onResize }} />
  );
  draw(
    <>
      {splitter("left")}
      {splitter("right")}
      {splitter("below")}
    </>,
  );
  for (const [side, key, size] of [
    ["left", "ArrowRight", 224],
    ["left", "ArrowLeft", 176],
    ["right", "ArrowLeft", 224],
    ["below", "ArrowUp", 224],
    ["below", "Home", null],
  ] as const) {
    press(screen.getByRole("separator", { name: side }), key);
    expect(onResize).toHaveBeenLastCalledWith(size);
  }
  press(screen.getByRole("separator", { name: "below" }), "ArrowLeft");
  expect(onResize).toHaveBeenCalledTimes(5);
});

it("a range ends before its end", () => {
  expect(range(2, 5)).toEqual([2, 3, 4]);
  expect(range(5, 2)).toEqual([]);
});

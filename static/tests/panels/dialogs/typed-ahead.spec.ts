// @vitest-environment jsdom
import { expect, it } from "vitest";
import { keepTyped, paletteLoaded, takeTyped } from "../../../src/panels/dialogs/typed-ahead";

function press(key: string, part: KeyboardEventInit = {}): KeyboardEvent {
  const event = new KeyboardEvent("keydown", { key, cancelable: true, ...part });
  window.dispatchEvent(event);
  return event;
}

it("keeps what is typed until the palette is there, and nothing afterwards", () => {
  const stop = keepTyped();
  for (const key of ["q", "x", "Backspace", "u", "Enter"]) press(key);
  expect(press("k", { ctrlKey: true }).defaultPrevented).toBe(false);
  expect(press("ä").defaultPrevented).toBe(true);
  expect(takeTyped()).toBe("quä");
  expect(press("z").defaultPrevented).toBe(false);
  expect(takeTyped()).toBe("");
  stop();
  const given = keepTyped();
  press("a");
  given();
  expect(press("b").defaultPrevented).toBe(false);
  paletteLoaded();
  keepTyped();
  expect(press("c").defaultPrevented).toBe(false);
});

// @vitest-environment jsdom
import { expect, it } from "vitest";
import { TypedAhead } from "../../../src/panels/dialogs/typed-ahead";

function press(key: string, part: KeyboardEventInit = {}): KeyboardEvent {
  const event = new KeyboardEvent("keydown", { key, cancelable: true, ...part });
  window.dispatchEvent(event);
  return event;
}

it("keeps what is typed until the palette is there, and nothing afterwards", () => {
  const typed = new TypedAhead();
  const given = typed.keep();
  press("a");
  given();
  expect(press("b").defaultPrevented).toBe(false);
  const stop = typed.keep();
  for (const key of ["q", "x", "Backspace", "u", "Enter"]) press(key);
  expect(press("k", { ctrlKey: true }).defaultPrevented).toBe(false);
  expect(press("ä").defaultPrevented).toBe(true);
  expect(typed.take()).toBe("quä");
  expect(press("z").defaultPrevented).toBe(false);
  expect(typed.take()).toBe("");
  stop();
  typed.keep();
  expect(press("c").defaultPrevented).toBe(false);
});

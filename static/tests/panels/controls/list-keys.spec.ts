import { expect, it } from "vitest";
import { rowForKey } from "../../../src/panels/controls/list-keys";

it("keys lead through a list, never past an end", () => {
  const go = (key: string, active: number) => rowForKey(key, { active, count: 20, page: 8 });
  expect(go("ArrowDown", 3)).toBe(4);
  expect(go("ArrowUp", 3)).toBe(2);
  expect(go("ArrowUp", 0)).toBe(0);
  expect(go("ArrowDown", 19)).toBe(19);
  expect(go("PageDown", 3)).toBe(11);
  expect(go("PageUp", 3)).toBe(0);
  expect(go("Home", 7)).toBe(0);
  expect(go("End", 7)).toBe(19);
  expect(go("a", 7)).toBeNull();
});

it("an empty list has no row but the first", () => {
  expect(rowForKey("End", { active: 0, count: 0, page: 8 })).toBe(0);
});

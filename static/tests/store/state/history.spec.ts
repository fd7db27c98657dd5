import { expect, it } from "vitest";
import { back, forward, push, startHistory } from "../../../src/store/state/history";

it("goes back and forward, and forgets what lay ahead when something new comes", () => {
  const history = push(push(startHistory("a"), "b"), "c");
  expect(back(back(history)).present).toBe("a");
  expect(forward(back(history))).toEqual(history);
  expect(push(back(history), "d").future).toEqual([]);
});

it("stays at its ends", () => {
  const history = startHistory("a");
  expect(back(history)).toBe(history);
  expect(forward(history)).toBe(history);
});

it("forgets what is long past", () => {
  let history = startHistory(0);
  for (let next = 1; next <= 1000; next++) history = push(history, next);
  expect(history.past.length).toBeLessThan(200);
  expect(history.past.at(-1)).toBe(999);
});

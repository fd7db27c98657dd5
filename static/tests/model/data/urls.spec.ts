import { expect, it } from "vitest";
import { pathText } from "../../../src/model/data/urls";

it("no name becomes a path of its own, and what is not given is left out", () => {
  expect(pathText(["datasets", "x/y", "points", 7])).toBe("datasets/x%2Fy/points/7");
  expect(pathText(["media", 2], { revision: "r?1" })).toBe("media/2?revision=r%3F1");
  expect(pathText(["log"], { a: undefined, b: 1 })).toBe("log?b=1");
});

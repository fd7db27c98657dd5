import { expect, it } from "vitest";
import { endParameters } from "../../../src/model/projection/axes";
import { method, parameter, unheardOf } from "../../store/fixtures";

it("an axis leads between the two sets of points that are called after it", () => {
  const ends = endParameters(unheardOf, "x");
  expect([ends?.from.name, ends?.to.name]).toEqual(["x_from", "x_to"]);
  // One end alone is no axis.
  expect(endParameters(unheardOf, "z")).toBeNull();
  expect(endParameters(null, "x")).toBeNull();
});

it("a parameter of another kind is no end", () => {
  const years = method("years", { parameters: [parameter("x_from"), parameter("x_to")] });
  expect(endParameters(years, "x")).toBeNull();
});

import { describe, expect, it } from "vitest";
import type { Parameter, Params } from "../../../src/model/projection/method";
import {
  choicesOf,
  formGroups,
  isInEffect,
  withParameter,
} from "../../../src/model/projection/parameter-form";
import { method, parameter, unheardOf } from "../../store/fixtures";

const names = (parameters: readonly Parameter[]) => parameters.map(({ name }) => name);

function find(name: string): Parameter {
  const found = unheardOf.parameters.find((each) => each.name === name);
  if (!found) throw new Error(`no parameter ${name}`);
  return found;
}

describe("the form of a method that the page has never heard of", () => {
  const groups = formGroups(unheardOf, 3);
  it("has every parameter but the dimensions, each in its group", () => {
    expect(names(groups.basic)).toEqual([
      "speed",
      "shape",
      "is_tight",
      "formula",
      "x_from",
      "x_to",
      "z_from",
    ]);
    expect(names(groups.advanced)).toEqual(["rounds", "n_sampled", "seed"]);
    expect(names(groups.preprocessing)).toEqual(["scaled"]);
    expect(names(groups.labels)).toEqual(["by", "weight", "unknown_value"]);
    const all = Object.values(groups).flat();
    expect(all).toHaveLength(unheardOf.parameters.length - 1);
  });

  it("has no third axis where the projection is flat", () => {
    const flat = names(formGroups(unheardOf, 2).basic);
    expect(flat).not.toContain("z_from");
    expect(flat).toContain("x_from");
  });

  it("asks for labels only where they can influence the layout", () => {
    expect(formGroups({ ...unheardOf, takes_labels: false }, 2).labels).toEqual([]);
  });

  it("puts a group that it does not know among the method's own", () => {
    const later = { ...parameter("later"), group: "weather" as "" };
    expect(names(formGroups(method("m", { parameters: [later] }), 2).basic)).toEqual(["later"]);
  });
});

describe("a setting that another one governs", () => {
  it("is in effect once a column is chosen", () => {
    expect(isInEffect(unheardOf, find("weight"), {})).toBe(false);
    expect(isInEffect(unheardOf, find("unknown_value"), {})).toBe(false);
    expect(isInEffect(unheardOf, find("weight"), { by: "label" })).toBe(true);
    expect(isInEffect(unheardOf, find("unknown_value"), { by: "label" })).toBe(true);
    for (const free of ["by", "speed", "scaled", "n_sampled"]) {
      expect(isInEffect(unheardOf, find(free), {})).toBe(true);
    }
  });

  const set = (params: Params, name: string, value: string | number | null) =>
    withParameter(unheardOf, params, name, value);

  it("stays where it belongs to any column, and goes where it is a value of the former one", () => {
    const chosen = { by: "label", weight: 0.2, unknown_value: "3", speed: 7 };
    expect(set(chosen, "by", "split")).toEqual({ by: "split", weight: 0.2, speed: 7 });
    expect(set(chosen, "by", "label")).toEqual(chosen);
  });

  it("goes with the column", () => {
    const chosen = { by: "label", weight: 0.2, unknown_value: "3", speed: 7 };
    expect(set(chosen, "by", null)).toEqual({ speed: 7 });
  });

  it("never outlives its default, so that equal settings are equal", () => {
    expect(set({ by: "label", weight: 0.2 }, "weight", 0.5)).toEqual({ by: "label" });
    expect(withParameter(null, { a: 1 }, "b", 2)).toEqual({ a: 1, b: 2 });
  });

  it("stays while another column is still chosen", () => {
    const two = method("two", {
      parameters: [
        parameter("first", { kind: "column", default: null, group: "labels" }),
        parameter("second", { kind: "column", default: null, group: "labels" }),
        parameter("weight", { kind: "float", default: 0.5, group: "labels" }),
      ],
    });
    const both = { first: "a", second: "b", weight: 0.2 };
    expect(withParameter(two, both, "first", null)).toEqual({ second: "b", weight: 0.2 });
  });
});

describe("a setting that requires another one", () => {
  const kind = parameter("kind", { kind: "choice", default: "own", choices: ["own", "other"] });
  const depth = parameter("depth", { requires: ["kind", "other"], advanced: true });
  const start = parameter("start", {
    kind: "choice",
    default: "near",
    choices: ["near", "far"],
    choices_if: { far: ["kind", "other"] },
  });
  const chosen = method("m", { parameters: [kind, depth, start] });

  it("is there only with that one", () => {
    expect(names(formGroups(chosen, 2).advanced)).toEqual([]);
    expect(names(formGroups(chosen, 2, { kind: "other" }).advanced)).toEqual(["depth"]);
    expect(isInEffect(chosen, depth, {})).toBe(false);
    expect(isInEffect(chosen, depth, { kind: "other" })).toBe(true);
  });

  it("offers the choices that there are", () => {
    expect(choicesOf(chosen, start, {})).toEqual(["near"]);
    expect(choicesOf(chosen, start, { kind: "other" })).toEqual(["near", "far"]);
  });

  it("is reset when that one goes", () => {
    const all = { kind: "other", depth: 3, start: "far" };
    expect(withParameter(chosen, all, "kind", "own")).toEqual({});
    expect(withParameter(chosen, all, "depth", 4)).toEqual({ ...all, depth: 4 });
  });
});

import { describe, expect, it } from "vitest";
import type { Parameter } from "../../../src/model/projection/method";
import { formGroups, preprocessingNotes } from "../../../src/model/projection/parameter-form";

function parameter(name: string, part: Partial<Parameter> = {}): Parameter {
  return {
    name,
    kind: "bool",
    default: false,
    help: "",
    low: null,
    high: null,
    choices: [],
    log: false,
    advanced: false,
    ...part,
  };
}

describe("a form", () => {
  const method = {
    name: "axes",
    title: "Axes",
    summary: "",
    live: [],
    parameters: [
      parameter("n_components"),
      parameter("x_from", { kind: "text" }),
      parameter("z_from", { kind: "text" }),
      parameter("random_state", { advanced: true }),
      parameter("center"),
      parameter("pca_dims", { kind: "int" }),
    ],
  };
  const names = (dims: 2 | 3) => {
    const { basic, advanced, preprocessing } = formGroups(method, dims);
    return [basic, advanced, preprocessing].map((group) => group.map(({ name }) => name));
  };
  it("keeps what is done before the projection apart", () => {
    expect(names(3)).toEqual([["x_from", "z_from"], ["random_state"], ["center", "pca_dims"]]);
  });
  it("has no third axis where the picture is flat", () => {
    expect(names(2)[0]).toEqual(["x_from"]);
  });
});

it("says in words what was done first", () => {
  expect(preprocessingNotes({ center: true, unit_norm: true, pca_dims: 50 })).toEqual([
    "centered",
    "unit length",
    "50 PCA dimensions first",
  ]);
  expect(preprocessingNotes({ center: false, pca_dims: null })).toEqual([]);
});

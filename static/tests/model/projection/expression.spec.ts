import { describe, expect, it } from "vitest";
import {
  expressionIn,
  isExpression,
  patternIn,
  queryIn,
  termTitle,
} from "../../../src/model/projection/expression";

describe("an expression in the search box", () => {
  it("starts with an equals sign", () => {
    expect(isExpression(" = king")).toBe(true);
    expect(isExpression("a = b")).toBe(false);
  });
  it("leaves out the sign that waits for its label", () => {
    expect(expressionIn("= king - man + ")).toBe("king - man");
    expect(expressionIn("=king -")).toBe("king");
    expect(expressionIn("= ")).toBe("");
    expect(expressionIn("king")).toBe("");
  });
});

it("writes terms with real minus signs", () => {
  const term = { label: "man", n_rows: 1, rows: [1] };
  expect(termTitle({ ...term, weight: 1 }, true)).toBe("man");
  expect(termTitle({ ...term, weight: 1 }, false)).toBe("+ man");
  expect(termTitle({ ...term, weight: -2 }, false)).toBe("− 2 × man");
});

describe("regular expressions", () => {
  it("stand between slashes", () => {
    expect(patternIn("/^a.b$/")).toBe("^a.b$");
    expect(patternIn(" /a/b/ ")).toBe("a/b");
    expect(patternIn("/")).toBeNull();
    expect(patternIn("//")).toBeNull();
    expect(patternIn("/etc")).toBeNull();
    expect(patternIn("a/b/")).toBeNull();
  });
});

describe("a question to the space", () => {
  it("is an expression, a vector or a meaning", () => {
    expect(queryIn(expressionIn("= king - man"))).toEqual({ expression: "king - man" });
    expect(queryIn(expressionIn(" [0.5, -2, 1e-3] "))).toEqual({ vector: [0.5, -2, 0.001] });
    expect(queryIn(expressionIn("~ late parcels"))).toEqual({ text: "late parcels" });
    expect(expressionIn("~ ")).toBe("");
  });

  it("is no token in brackets", () => {
    for (const text of ["[UNK]", "[1]", "[CLS], x", "a ~ b"])
      expect(isExpression(text)).toBe(false);
  });

  it("with a vector that cannot be read is none", () => {
    for (const text of ["[1, 2, x]", "[1,,2]", "[1, 2 3]"]) expect(queryIn(text)).toBeNull();
  });
});

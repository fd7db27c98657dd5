import { describe, expect, it } from "vitest";
import {
  expressionIn,
  isExpression,
  patternIn,
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

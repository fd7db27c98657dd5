import { describe, expect, it } from "vitest";
import { formatPoints, parsePoints, rowsOf } from "../../../src/model/projection/point-ranges";

function read(text: string, nPoints: number | null = null) {
  const parsed = parsePoints(text, nPoints);
  if ("labels" in parsed) return parsed.labels;
  return "set" in parsed ? [...rowsOf(parsed.set)] : parsed.message;
}

describe("a set of points", () => {
  it("is read as the server reads it", () => {
    expect(read("3, 17, 20-22")).toEqual([3, 17, 20, 21, 22]);
    expect(read("5 4,4 3-6")).toEqual([3, 4, 5, 6]);
    expect(read("")).toEqual([]);
    expect(read("7-5")).toEqual([]);
  });
  it("may be named by labels, which only the server can find", () => {
    expect(read(" = king + queen", 12)).toBe("king + queen");
    expect(read(" king", 12)).toBe("king");
    expect(read("Äpfel", 12)).toBe("Äpfel");
  });
  it("says what is no point", () => {
    expect(read("3, x")).toBe('"x" is not a point. Use row numbers such as 3, 17, 20-40.');
    expect(read("-3")).toContain("not a point");
    expect(read("1-12", 12)).toBe("Points are numbered 0 to 11.");
  });
  it("is written in ranges and read again", () => {
    expect(formatPoints([1, 2, 3, 5, 6, 9])).toBe("1-3, 5, 6, 9");
    expect(formatPoints([])).toBe("");
    expect(read(formatPoints([0, 1, 2, 3, 10]))).toEqual([0, 1, 2, 3, 10]);
  });
});

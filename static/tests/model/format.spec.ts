import { describe, expect, it } from "vitest";
import { compact, counted, distance, duration, percent } from "../../src/model/format";

describe("numbers for people", () => {
  it("group digits and know one from many", () => {
    expect(counted(1797, "point")).toBe("1,797 points");
    expect(counted(1, "point")).toBe("1 point");
  });

  it("are short but not wrong", () => {
    expect([0, 1234.567, -0.5, 1e9, 2.5e-7].map((each) => compact(each))).toEqual([
      "0",
      "1235",
      "−0.5",
      "1.00e9",
      "2.50e−7",
    ]);
    expect(compact(Number.NaN)).toBe("NaN");
  });

  it("keep distances comparable", () => {
    expect([0, 0.01234567, 12.3456, 345.678].map(distance)).toEqual([
      "0.0000",
      "0.0123",
      "12.35",
      "345.7",
    ]);
  });

  it("tell times", () => {
    expect([0.2, 59.4, 125, 4200].map(duration)).toEqual([
      "under 1 s",
      "59 s",
      "2 min 5 s",
      "1 h 10 min",
    ]);
    expect(percent(0.451)).toBe("45.1 %");
  });
});

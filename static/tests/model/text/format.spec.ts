import { describe, expect, it } from "vitest";
import {
  columnValue,
  compact,
  counted,
  distance,
  duration,
  percent,
} from "../../../src/model/text/format";

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

  it("tell moments as finely as their range asks for", () => {
    const at = Date.UTC(2024, 10, 23, 3, 40, 1) / 1000;
    const within = (span: number) => ({ kind: "time", minimum: at, maximum: at + span });
    expect(columnValue(within(10), at + 0.25)).toBe("2024-11-23 03:40:01.250");
    expect(columnValue(within(3600), at + 1)).toBe("2024-11-23 03:40:02");
    expect(columnValue(within(1e6), at)).toBe("2024-11-23 03:40");
    expect(columnValue(within(1e6), at - 13_201)).toBe("2024-11-23");
  });

  it("tell apart large numbers that are near to each other", () => {
    const epoch = { kind: "numeric", minimum: 1_732_333_200, maximum: 1_732_333_260 };
    expect(columnValue(epoch, 1_732_333_201)).toBe("1732333201");
    expect(columnValue({ ...epoch, minimum: 0 }, 1_732_333_201)).toBe("1.73e9");
    expect(columnValue({ kind: "numeric", minimum: null, maximum: null }, 0.5)).toBe("0.5");
    expect(columnValue({ kind: "numeric", minimum: -100.5, maximum: -100.4 }, -100.45)).toBe(
      "−100.45",
    );
  });
});

import { describe, expect, it } from "vitest";
import { liftText, rankText, shareText, toldValues } from "../../../src/model/data/contrast";

const value = (n: number, lift: number | null) => ({ name: "a", n, n_other: 1, lift });
const numbers = (probability: number) => ({
  column: 0,
  kind: "numbers" as const,
  strength: 0,
  is_clear: true,
  values: [],
  median: 0,
  median_other: 0,
  probability,
});

describe("the words of a difference", () => {
  it("says how much more frequent a value is", () => {
    expect(liftText(value(3, 4.53))).toBe("×4.5");
    expect(liftText(value(3, 1234.5))).toBe("×1235");
    expect(liftText(value(1, 0.049))).toBe("÷20");
    expect(liftText(value(1, null))).toBe("only here");
    expect(liftText(value(0, 0))).toBe("not here");
  });

  it("tells what there is more of, and little of what there is less of", () => {
    const all = {
      ...numbers(0.5),
      values: [value(0, 0), value(1, 0.5), value(2, 3), value(1, null)],
    };
    expect(toldValues(all, 5).map(({ lift }) => lift)).toEqual([3, null, 0]);
    expect(toldValues({ ...all, values: all.values.slice(0, 2) }, 5)).toHaveLength(2);
    expect(toldValues(all, 1).map(({ lift }) => lift)).toEqual([3]);
  });

  it("never rounds a share to none or to all that is not", () => {
    expect([shareText(0, 9), shareText(1, 100_000), shareText(1, 30), shareText(5, 9)]).toEqual([
      "0 %",
      "<0.1 %",
      "3.3 %",
      "56 %",
    ]);
    expect(rankText(numbers(0.999))).toBe("larger in >99 % of pairs");
    expect(rankText(numbers(0))).toBe("smaller in 100 % of pairs");
    expect(rankText(numbers(0.5))).toBe("neither larger nor smaller");
  });
});

import { describe, expect, it } from "vitest";
import { meanLength, NO_TEXTS, withTexts } from "../../../src/model/data/some-texts";

describe("texts of some points", () => {
  it("are added to what is known, and replace what was known of a row", () => {
    const first = withTexts(NO_TEXTS, [7, 2], ["seven", null]);
    expect([...first]).toEqual([
      [7, "seven"],
      [2, ""],
    ]);
    const next = withTexts(first, [7], ["VII"]);
    expect(next.get(7)).toBe("VII");
    expect(first.get(7)).toBe("seven");
    expect(next.size).toBe(2);
  });

  it("are forgotten, the oldest first, where they become too many", () => {
    const rows = Array.from({ length: 20_000 }, (_, row) => row);
    const names = rows.map(String);
    const again = withTexts(withTexts(NO_TEXTS, rows, names), [0, 50_000], ["zero", "new"]);
    expect(again.size).toBe(20_000);
    expect(again.get(0)).toBe("zero");
    expect(again.has(1)).toBe(false);
    expect(again.get(50_000)).toBe("new");
  });

  it("say how long names are, once any is known", () => {
    expect(meanLength(NO_TEXTS)).toBeNull();
    expect(meanLength(withTexts(NO_TEXTS, [1, 2], ["abcd", null]))).toBe(2);
  });
});

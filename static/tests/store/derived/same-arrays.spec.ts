import { describe, expect, it } from "vitest";
import { SameArrays } from "../../../src/store/derived/same-arrays";

describe("equal arrays", () => {
  it("become one, whatever their length", () => {
    for (const n of [0, 1, 3, 4, 5, 1001]) {
      const same = new SameArrays();
      const one = Uint16Array.from({ length: n }, (_, i) => i * 7);
      expect(same.of(one)).toBe(one);
      expect(same.of(one.slice())).toBe(one);
      expect(same.of(one)).toBe(one);
    }
  });

  it("differ by any byte, by length and by kind", () => {
    const same = new SameArrays();
    const one = same.of(Uint8Array.from({ length: 11 }, (_, i) => i));
    for (let at = 0; at < one.length; at++) {
      const other = one.slice();
      other[at] = 200;
      expect(same.of(other)).toBe(other);
    }
    const shorter = one.slice(0, 10);
    expect(same.of(shorter)).toBe(shorter);
    const wide = Uint16Array.from(one);
    expect(same.of(wide)).toBe(wide);
  });

  it("are found where they do not begin at a whole word", () => {
    const same = new SameArrays();
    const one = same.of(Uint8Array.of(9, 8, 7, 6, 5));
    expect(same.of(Uint8Array.of(0, 9, 8, 7, 6, 5).subarray(1))).toBe(one);
  });
});

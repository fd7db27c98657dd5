import { describe, expect, it } from "vitest";
import {
  type Bands,
  bandPaths,
  bandRange,
  bandText,
  medianPath,
} from "../../../src/model/data/histograms";

const BANDS: Bands = {
  title: "weights",
  steps: [0, 10, 1000],
  shares: [0, 0.16, 0.5, 0.84, 1],
  quantiles: [
    [-4, -1, 0, 1, 4],
    [null, null, null, null, null],
    [-2, -1, 0.5, 1, 3],
  ],
};
const SCALE = { x: (step: number) => step, y: (value: number) => -value };

describe("bands of quantiles", () => {
  it("span all values", () => {
    expect(bandRange(BANDS)).toEqual([-4, 4]);
    expect(bandRange({ ...BANDS, quantiles: [] })).toEqual([0, 1]);
  });

  it("are areas from the outermost pair inwards, with a gap at an empty histogram", () => {
    expect(bandPaths(BANDS, SCALE)).toEqual([
      "M0.0 -4.0L0.0 4.0ZM1000.0 -3.0L1000.0 2.0Z",
      "M0.0 -1.0L0.0 1.0ZM1000.0 -1.0L1000.0 1.0Z",
    ]);
    const whole = { ...BANDS, steps: [0, 1000], quantiles: BANDS.quantiles.filter(([a]) => a) };
    expect(bandPaths(whole, SCALE)[1]).toBe("M0.0 -1.0L1000.0 -1.0L1000.0 1.0L0.0 1.0Z");
    expect(medianPath(whole, { ...SCALE, y: (value) => value })).toBe("M0.0 0.0L1000.0 0.5");
  });

  it("are told in words", () => {
    expect(bandText(BANDS, 2)).toBe(
      "step 1,000: median 0.5, middle 68 % from −1 to 1, all from −2 to 3",
    );
    expect(bandText(BANDS, 1)).toBe("step 10: empty");
  });
});

import { expect, it } from "vitest";
import { alignmentText } from "../../../src/model/projection/alignment";

it("says what an alignment took", () => {
  const alignment = {
    angle_degrees: 12.4,
    scale: 0.976,
    is_mirrored: true,
    residual: 0.312,
    n_shared: 3,
  };
  expect(alignmentText(alignment)).toBe("rotated by 12°, mirrored, scaled 0.98, residual 0.31");
});

import { describe, expect, it } from "vitest";
import { type LabelCandidate, placeLabels } from "../../../src/render/overlay/labels";

const VIEWPORT = { width: 400, height: 300 };

function label(x: number, y: number, isEmphasized = false): LabelCandidate {
  return { x, y, clearance: 5, width: 60, height: 16, isEmphasized };
}

function overlaps(candidates: readonly LabelCandidate[]): number {
  const placed = placeLabels(candidates, VIEWPORT);
  let count = 0;
  placed.forEach((a, i) => {
    for (const b of placed.slice(i + 1)) {
      if (Math.abs(a.x - b.x) < 60 && Math.abs(a.y - b.y) < 16) count++;
    }
  });
  return count;
}

describe("placeLabels", () => {
  it("stands right of its point, at its height", () => {
    expect(placeLabels([label(100, 100)], VIEWPORT)).toEqual([{ candidate: 0, x: 105, y: 100 }]);
  });

  it("lets the first win and gives the second another side", () => {
    const [first, second] = placeLabels([label(100, 100), label(98, 100)], VIEWPORT);
    expect(first).toMatchObject({ candidate: 0, x: 105 });
    expect(second).toMatchObject({ candidate: 1, x: 33 });
  });

  it("never overlaps plain labels, however many there are", () => {
    const many = Array.from({ length: 800 }, (_, i) => label((i * 37) % 400, (i * 91) % 300));
    expect(overlaps(many)).toBe(0);
    expect(placeLabels(many, VIEWPORT).length).toBeGreaterThan(20);
  });

  it("moves to the left at the right edge", () => {
    expect(placeLabels([label(390, 100)], VIEWPORT)[0]?.x).toBe(325);
  });

  it("always places emphasized labels, first and within the picture", () => {
    const crowd = Array.from({ length: 9 }, () => label(200, 150));
    const placed = placeLabels([...crowd, label(399, 1, true), label(399, 2, true)], VIEWPORT);
    expect(placed.slice(0, 2).map(({ candidate }) => candidate)).toEqual([9, 10]);
    for (const { x, y } of placed) {
      expect(x).toBeGreaterThanOrEqual(0);
      expect(x + 60).toBeLessThanOrEqual(400);
      expect(y - 8).toBeGreaterThanOrEqual(0);
    }
  });

  it("places emphasized labels of one place on lines of their own", () => {
    const crowd = Array.from({ length: 8 }, (_, at) => label(200 + (at % 3), 150, true));
    expect(placeLabels(crowd, VIEWPORT)).toHaveLength(8);
    expect(overlaps(crowd)).toBe(0);
  });

  it("leaves out points beyond the picture", () => {
    expect(placeLabels([label(-1, 10), label(401, 10), label(10, 301, true)], VIEWPORT)).toEqual(
      [],
    );
  });
});

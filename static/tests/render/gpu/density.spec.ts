import { describe, expect, it } from "vitest";
import {
  gaussianTaps,
  gridOf,
  MAX_TAPS,
  OPAQUE,
  TONE_STEPS,
  toneAt,
  toneTable,
  weightAt,
} from "../../../src/render/gpu/density-tone";
import resolveSource from "../../../src/render/gpu/shaders/density-resolve.frag?raw";
import smoothSource from "../../../src/render/gpu/shaders/density-smooth.frag?raw";

describe("the tone curve", () => {
  it("rises from nothing to opaque and never falls", () => {
    const tones = [...toneTable(1)];
    expect(tones[0]).toBe(0);
    expect(tones.at(-1)).toBe(1);
    expect([...tones].sort((a, b) => a - b)).toEqual(tones);
    expect(toneAt(OPAQUE, 1)).toBe(1);
    expect(toneAt(OPAQUE * 0.9, 1)).toBeLessThan(1);
  });

  it("shows one point alone where the densest place holds two thousand", () => {
    const share = Math.log(2) / Math.log(2001);
    expect(toneAt(share, 1)).toBeGreaterThan(0.25);
  });

  it("follows the opacity that a person sets, within what there is", () => {
    expect(toneAt(0.2, 0.5)).toBeCloseTo(toneAt(0.2, 1) / 2);
    expect(toneAt(0.9, 2)).toBe(1);
    expect(toneAt(-1, 1)).toBe(0);
  });

  it("has as many steps as the shader's array", () => {
    expect(resolveSource).toContain(`u_tone[${TONE_STEPS}]`);
    expect(smoothSource).toContain(`u_taps[${MAX_TAPS}]`);
  });
});

describe("gaussianTaps", () => {
  it.each([0, 0.3, 1, 2.4])("has the sum 1 with both sides: deviation %d", (deviation) => {
    const taps = [...gaussianTaps(deviation)];
    const [middle = 0, ...side] = taps;
    const sum = middle + 2 * side.reduce((a, b) => a + b, 0);
    expect(sum).toBeCloseTo(1, 5);
    expect([...taps].sort((a, b) => b - a)).toEqual(taps);
    expect(taps.length).toBeLessThanOrEqual(MAX_TAPS);
  });

  it("spreads nothing without a deviation", () => {
    expect([...gaussianTaps(0)]).toEqual([1]);
  });
});

describe("weightAt", () => {
  it("is 1 for all points, and less than made up for where there are few", () => {
    expect(weightAt(1)).toBe(1);
    expect(weightAt(0.01)).toBeGreaterThan(2);
    expect(weightAt(0.01)).toBeLessThan(100);
  });
});

describe("gridOf", () => {
  it("covers the picture and a margin that the kernel reaches in from", () => {
    for (const deviation of [0, 1, 3.3, 16]) {
      const { cell, columns, rows, margin, taps } = gridOf(801, 600, deviation);
      expect((columns - 2 * margin) * cell).toBeGreaterThanOrEqual(801);
      expect((rows - 2 * margin) * cell).toBeGreaterThanOrEqual(600);
      expect(margin).toBeGreaterThanOrEqual(taps.length);
      expect(taps.length).toBeLessThanOrEqual(MAX_TAPS);
    }
  });

  it("costs the same for a wide kernel as for a narrow one, and for a large picture as for a screen", () => {
    expect(gridOf(1600, 1000, 16).columns).toBeLessThan(200);
    const poster = gridOf(8000, 8000, 0);
    expect(poster.columns * poster.rows).toBeLessThan(5e6);
  });

  it("takes the grain away that fewer points have, and measures as before", () => {
    const rest = gridOf(800, 600, 4);
    const hurried = gridOf(800, 600, 4, 0.05);
    const reach = ({ cell, taps }: typeof rest) => cell * (taps.length - 1);
    expect(reach(hurried)).toBeGreaterThan(reach(rest));
    // One point alone, in points for each pixel's area, whatever the cells.
    const single = ({ cell, single }: typeof rest) => single / cell ** 2;
    expect(single(hurried) / single(rest)).toBeCloseTo(1, 0);
  });
});

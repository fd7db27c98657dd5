import { describe, expect, it } from "vitest";
import { patternOf } from "../../../src/model/color/category-color";
import {
  categoryColor,
  N_COLORS,
  N_DISTINCT,
  otherColor,
  parseColor,
  type Rgb,
  rampColor,
  type ThemeName,
} from "../../../src/model/color/palette";

type Matrix = readonly (readonly [number, number, number])[];

const NORMAL: Matrix = [
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, 1],
];
/** Machado, Oliveira and Fernandes 2009, severity 1, linear RGB. */
const DEFICIENCIES: Readonly<Record<string, Matrix>> = {
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

it("reads colors as style sheets write them", () => {
  expect(parseColor("#fff")).toEqual([255, 255, 255]);
  expect(parseColor("#0a1B2c")).toEqual([10, 27, 44]);
  expect(parseColor("rgb(1 2 3)")).toEqual([1, 2, 3]);
});

function times(matrix: Matrix, [x, y, z]: Rgb): Rgb {
  const [a, b, c] = matrix.map((row) => row[0] * x + row[1] * y + row[2] * z);
  return [a ?? 0, b ?? 0, c ?? 0];
}

function linear(color: Rgb): Rgb {
  const [red, green, blue] = color.map((each) => {
    const share = each / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return [red ?? 0, green ?? 0, blue ?? 0];
}

/** Ottosson 2020. */
function oklab(light: Rgb): Rgb {
  const [l, m, s] = times(
    [
      [0.4122214708, 0.5363325363, 0.0514459929],
      [0.2119034982, 0.6806995451, 0.1073969566],
      [0.0883024619, 0.2817188376, 0.6299787005],
    ],
    light,
  );
  return times(
    [
      [0.2104542553, 0.793617785, -0.0040720468],
      [1.9779984951, -2.428592205, 0.4505937099],
      [0.0259040371, 0.7827717662, -0.808675766],
    ],
    [Math.cbrt(l), Math.cbrt(m), Math.cbrt(s)],
  );
}

function smallestDistance(colors: readonly Rgb[], sight: Matrix): number {
  const seen = colors.map((color) => oklab(times(sight, linear(color))));
  let smallest = Number.POSITIVE_INFINITY;
  seen.forEach((a, i) => {
    for (const b of seen.slice(i + 1)) {
      smallest = Math.min(smallest, Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]));
    }
  });
  return smallest;
}

function contrast(a: Rgb, b: Rgb): number {
  const [high, low] = [a, b]
    .map((color) => {
      const [red, green, blue] = linear(color);
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    })
    .sort((x, y) => y - x);
  return ((high ?? 0) + 0.05) / ((low ?? 0) + 0.05);
}

const THEMES: readonly ThemeName[] = ["light", "dark"];
const GROUND: Readonly<Record<ThemeName, Rgb>> = { light: [255, 255, 255], dark: [18, 19, 22] };

describe.each(THEMES)("the %s palette", (theme) => {
  const colors = Array.from({ length: N_DISTINCT }, (_, slot) => categoryColor(theme, slot));

  it("has forty colors that can be told apart", () => {
    const all = Array.from({ length: N_COLORS }, (_, slot) => categoryColor(theme, slot));
    expect(N_COLORS).toBe(40);
    expect(smallestDistance([...all, otherColor(theme)], NORMAL)).toBeGreaterThan(0.065);
    for (const color of all) expect(contrast(color, GROUND[theme])).toBeGreaterThan(1.7);
  });

  it("has twelve first colors, far apart for normal sight", () => {
    expect(N_DISTINCT).toBe(12);
    // 0.1 in OKLab is plainly another color; 0.02 is the least that is seen.
    expect(smallestDistance([...colors, otherColor(theme)], NORMAL)).toBeGreaterThan(0.1);
  });

  it.each(Object.keys(DEFICIENCIES))("can be told apart with %s", (name) => {
    expect(smallestDistance(colors, DEFICIENCIES[name] ?? NORMAL)).toBeGreaterThan(0.05);
  });

  it("stands out from the ground", () => {
    for (const color of colors) expect(contrast(color, GROUND[theme])).toBeGreaterThan(1.7);
  });

  it("has a ramp of which no end is lost in the ground", () => {
    for (const share of [0, 0.5, 1]) {
      expect(contrast(rampColor(theme, share), GROUND[theme])).toBeGreaterThan(1.35);
    }
  });
});

it("reads both ways in which colors are written", () => {
  expect(parseColor("#0a10ff")).toEqual([10, 16, 255]);
  expect(parseColor("rgb(1, 2, 3)")).toEqual([1, 2, 3]);
});

describe("patterns", () => {
  it("tell categories apart beyond the first twelve", () => {
    expect([0, 11, 12, 23, 24, 36, 39].map(patternOf)).toEqual([0, 0, 1, 1, 2, 3, 3]);
  });
});

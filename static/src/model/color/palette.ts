/**
 * Palettes: categorical colors, ramps, and the colors of other and missing values. The categorical
 * ones were found by maximizing the smallest distance (OKLab) between any two of them and the greys,
 * with normal color vision, protanopia, deuteranopia and tritanopia (Machado et al. 2009, severity
 * 1), in both themes at once, then ordered so that the first k are as far apart as k can be. Beyond
 * the first twelve each color is the one of all hues, lightnesses and chromas that is farthest from
 * all before it; with a color vision deficiency some are alike, and names have to help.
 * tests/model/color/palette.spec.ts checks it.
 */
import { interpolateViridis } from "d3-scale-chromatic";

export type ThemeName = "light" | "dark";
export type Rgb = readonly [number, number, number];

/** Category i has the same hue in both themes; only the lightness follows the background. */
const CATEGORICAL: Readonly<Record<ThemeName, readonly string[]>> = {
  light: [
    "#2047b0",
    "#bec909",
    "#9a1318",
    "#d863a9",
    "#64d1d7",
    "#0b885e",
    "#9d6006",
    "#e29d73",
    "#773374",
    "#44ae1c",
    "#a597e0",
    "#745ed0",
    ...hexes("310791 68021a 045d35 4f165f c02ca7 5b0fd3 2892cf 52c794 c272ef 03397f"),
    ...hexes("e54a5c 2309c7 9428dd d29bb6 6c4a57 940aa1 516da9 bc8081 ad9a64 95b2cc"),
    ...hexes("a66897 7f014b 024c64 515019 7b7b45 974c50 9ad0ad 899121"),
  ],
  dark: [
    "#4b79e6",
    "#d4e03a",
    "#d14e47",
    "#fc84cb",
    "#7de8ee",
    "#48b184",
    "#c8883f",
    "#feb78c",
    "#a962a5",
    "#67d048",
    "#c1b3ff",
    "#9a86fd",
    ...hexes("5344c3 993841 388358 7b428c e250c6 7953f2 49aceb 67daa6 d58eff 3063ad"),
    ...hexes("fb6f79 3b4df8 b05cf7 e6adc9 916c7a bb40c7 6e8ccb d59798 c4b07a a6c4df"),
    ...hexes("c383b3 ac3971 36738d 76753f 989861 bb6c6f a8debb a2ab41"),
  ],
};

/** So many first colors can be told apart at a glance, with any color vision. */
export const N_DISTINCT = 12;

/** So many can be told apart next to each other; any more categories are "other". */
export const N_COLORS = CATEGORICAL.light.length;

function hexes(digits: string): string[] {
  return digits.split(" ").map((each) => `#${each}`);
}

/** Points without a color of their own. */
const PLAIN: Readonly<Record<ThemeName, string>> = { light: "#3565c4", dark: "#7da6ff" };
const OTHER: Readonly<Record<ThemeName, string>> = { light: "#8d939c", dark: "#858c97" };
const MISSING: Readonly<Record<ThemeName, string>> = { light: "#c2c6cc", dark: "#565c66" };

/**
 * The end of viridis that is as light (or dark) as the background is cut off: points of that color
 * would be invisible.
 */
const RAMP_RANGE: Readonly<Record<ThemeName, readonly [number, number]>> = {
  light: [0, 0.93],
  dark: [0.16, 1],
};

export function categoryColor(theme: ThemeName, slot: number): Rgb {
  return parseColor(CATEGORICAL[theme][slot] ?? OTHER[theme]);
}

export function plainColor(theme: ThemeName): Rgb {
  return parseColor(PLAIN[theme]);
}

export function otherColor(theme: ThemeName): Rgb {
  return parseColor(OTHER[theme]);
}

export function missingColor(theme: ThemeName): Rgb {
  return parseColor(MISSING[theme]);
}

/** The ramp's color at `share`, 0 for the lowest value to 1 for the highest. */
export function rampColor(theme: ThemeName, share: number): Rgb {
  const [low, high] = RAMP_RANGE[theme];
  return parseColor(interpolateViridis(low + (high - low) * share));
}

/** Low, around the middle, high. The middle is grey, and neither as light nor as dark as the background. */
const DIVERGING: Readonly<Record<ThemeName, readonly [string, string, string]>> = {
  light: ["#1d4fa8", "#c3c6cc", "#b3261e"],
  dark: ["#6fa5ff", "#4b4f58", "#ff8068"],
};

/** 0 is the lowest value, 0.5 the middle, 1 the highest. */
export function divergingColor(theme: ThemeName, share: number): Rgb {
  const [low, middle, high] = DIVERGING[theme];
  const t = Math.min(1, Math.max(0, share));
  return t < 0.5
    ? mix(parseColor(low), parseColor(middle), t * 2)
    : mix(parseColor(middle), parseColor(high), t * 2 - 1);
}

function mix(a: Rgb, b: Rgb, t: number): Rgb {
  const part = (k: 0 | 1 | 2) => Math.round(a[k] + (b[k] - a[k]) * t);
  return [part(0), part(1), part(2)];
}

/** RGBA bytes, all opaque. */
export function toPalette(colors: readonly Rgb[]): Uint8Array {
  const bytes = new Uint8Array(colors.length * 4);
  colors.forEach((color, slot) => {
    bytes.set([...color, 255], slot * 4);
  });
  return bytes;
}

/** #rrggbb, as a color input wants it. */
export function hex(color: Rgb): string {
  return `#${color.map((each) => each.toString(16).padStart(2, "0")).join("")}`;
}

export function css([red, green, blue]: Rgb): string {
  return `rgb(${red} ${green} ${blue})`;
}

/** `#rrggbb`, `#rgb` (as style sheets are shortened) or `rgb(r, g, b)`. */
export function parseColor(text: string): Rgb {
  if (/^#[0-9a-f]{3}$/i.test(text)) {
    return parseColor(`#${[...text.slice(1)].map((digit) => digit + digit).join("")}`);
  }
  if (text.startsWith("#")) {
    const value = Number.parseInt(text.slice(1), 16);
    return [(value >> 16) & 255, (value >> 8) & 255, value & 255];
  }
  const [red = 0, green = 0, blue = 0] = (text.match(/\d+/g) ?? []).map(Number);
  return [red, green, blue];
}

/** Converts CSS colors to numbers for shaders; the browser parses them, so every notation works. */
import type { Theme } from "../scene/types";

/** Red, green, blue, alpha from 0 to 1, not premultiplied. */
export type Color = readonly [number, number, number, number];

export type ThemeColors = Readonly<Record<keyof Theme, Color>>;

export function themeColors(theme: Theme): ThemeColors {
  const canvas = document.createElement("canvas");
  canvas.width = 1;
  canvas.height = 1;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  const parse = (css: string): Color => {
    if (context === null) return [0.5, 0.5, 0.5, 1];
    context.clearRect(0, 0, 1, 1);
    context.fillStyle = "#808080";
    context.fillStyle = css;
    context.fillRect(0, 0, 1, 1);
    const [r = 0, g = 0, b = 0, a = 0] = context.getImageData(0, 0, 1, 1).data;
    return [r / 255, g / 255, b / 255, a / 255];
  };
  return {
    background: parse(theme.background),
    text: parse(theme.text),
    textHalo: parse(theme.textHalo),
    ghost: parse(theme.ghost),
    selectedRing: parse(theme.selectedRing),
    hoverRing: parse(theme.hoverRing),
    axes: parse(theme.axes),
  };
}

export function isLight([r, g, b]: Color): boolean {
  return 0.3 * r + 0.6 * g + 0.1 * b > 0.5;
}

export function rgb(color: Color): readonly [number, number, number] {
  return [color[0], color[1], color[2]];
}

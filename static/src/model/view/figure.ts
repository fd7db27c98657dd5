/** A figure for a paper or a slide: the plot with a title and its legend, measured in millimeters. */
import type { Legend } from "../color/color-style";
import { css, type Rgb } from "../color/palette";
import { compact, count } from "../text/format";
import { xmlText } from "../text/well-formed";

/** What a person asks for. */
export interface FigureChoice {
  readonly title: string;
  readonly hasLegend: boolean;
  /** Millimeters across. */
  readonly width: number;
  readonly dpi: number;
}

export interface FigureInput extends FigureChoice {
  readonly legend: Legend;
  /** What the legend is of. */
  readonly legendTitle: string;
  readonly background: string;
  readonly text: string;
  readonly font: string;
  /** Height of the plot over its width. */
  readonly aspect: number;
}

export const MILLIMETERS_PER_INCH = 25.4;
/** Millimeters; of text its height. */
const POINT = MILLIMETERS_PER_INCH / 72;
const TITLE = 10 * POINT;
const TEXT = 8 * POINT;
const LINE = 1.45;
const PAD = 3;
/** A letter over its height, about. */
const LETTER = 0.56;
const MOST_LETTERS = 28;
/** Of the figure, the legend at most. */
const LEGEND_SHARE = 0.4;

export interface FigureLayout {
  readonly width: number;
  readonly height: number;
  readonly plot: {
    readonly x: number;
    readonly y: number;
    readonly width: number;
    readonly height: number;
  };
  readonly legendX: number;
}

export function figureLayout(input: FigureInput): FigureLayout {
  const { width, title, hasLegend, legend, legendTitle, aspect } = input;
  const names = legendNames(legend);
  const letters = Math.max(0, ...[...names, legendTitle].map((name) => shortened(name).length));
  const wanted = PAD + 2.4 * TEXT + letters * LETTER * TEXT;
  const legendWidth =
    hasLegend && legend.kind !== "none" ? Math.min(LEGEND_SHARE * width, wanted) : 0;
  const top = title === "" ? 0 : PAD + TITLE * LINE;
  const plotWidth = width - legendWidth;
  const plotHeight = plotWidth * aspect;
  return {
    width,
    height: top + plotHeight,
    plot: { x: 0, y: top, width: plotWidth, height: plotHeight },
    legendX: plotWidth + PAD / 2,
  };
}

/** `content` is drawn in the plot's box, whose coordinates are 0 to 1 across and `aspect` down. */
export function figureSvg(input: FigureInput, content: string): string {
  const layout = figureLayout(input);
  const { width, height, plot } = layout;
  const title =
    input.title === ""
      ? ""
      : `<text x="${PAD}" y="${round(PAD + TITLE)}" font-size="${round(TITLE)}" font-weight="600">${escaped(input.title)}</text>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${round(width)}mm" height="${round(height)}mm" viewBox="0 0 ${round(width)} ${round(height)}">
<rect width="100%" height="100%" fill="${input.background}"/>
<svg x="${round(plot.x)}" y="${round(plot.y)}" width="${round(plot.width)}" height="${round(plot.height)}">
${content}
</svg>
<g font-family="${escaped(input.font)}" fill="${input.text}">
${title}
${input.hasLegend ? legendSvg(input, layout) : ""}
</g>
</svg>
`;
}

function legendSvg(input: FigureInput, { legendX, height, plot }: FigureLayout): string {
  const { legend, legendTitle } = input;
  if (legend.kind === "none") return "";
  const line = TEXT * LINE;
  const at = (row: number) => plot.y + PAD + TEXT + row * line;
  const label = (row: number, text: string, x = legendX, weight = 400) =>
    `<text x="${round(x)}" y="${round(at(row))}" font-size="${round(TEXT)}" font-weight="${weight}">${escaped(shortened(text))}</text>`;
  const head = label(0, legendTitle, legendX, 600);
  if (legend.kind === "ramp") {
    const { stops, minimum, maximum } = legend;
    const top = at(1) - TEXT;
    const tall = Math.min(40, height - top - PAD);
    const offsets = stops.map(
      (color: Rgb, nth) =>
        `<stop offset="${round(1 - nth / Math.max(1, stops.length - 1))}" stop-color="${css(color)}"/>`,
    );
    return `${head}<defs><linearGradient id="ramp" x1="0" y1="0" x2="0" y2="1">${offsets.reverse().join("")}</linearGradient></defs>
<rect x="${round(legendX)}" y="${round(top)}" width="${round(TEXT)}" height="${round(tall)}" fill="url(#ramp)"/>
<text x="${round(legendX + 1.5 * TEXT)}" y="${round(top + TEXT)}" font-size="${round(TEXT)}">${escaped(compact(maximum))}</text>
<text x="${round(legendX + 1.5 * TEXT)}" y="${round(top + tall)}" font-size="${round(TEXT)}">${escaped(compact(minimum))}</text>`;
  }
  const room = Math.max(1, Math.floor((height - PAD - at(1) + TEXT) / line));
  const { entries } = legend;
  const shown = entries.length > room ? entries.slice(0, room - 1) : entries;
  const rows = shown.map(({ name, color }, row) => {
    const side = TEXT * 0.76;
    const dot = `<rect x="${round(legendX + TEXT / 2 - side / 2)}" y="${round(at(row + 1) - TEXT * 0.36 - side / 2)}" width="${round(side)}" height="${round(side)}" rx="${round(side / 2)}" fill="${css(color)}"/>`;
    return dot + label(row + 1, name, legendX + 1.5 * TEXT);
  });
  const left = entries.length - shown.length;
  const more = left > 0 ? label(shown.length + 1, `and ${count(left)} more`) : "";
  return head + rows.join("") + more;
}

function legendNames(legend: Legend): readonly string[] {
  if (legend.kind === "categories") return legend.entries.map(({ name }) => name);
  return legend.kind === "ramp" ? [compact(legend.minimum), compact(legend.maximum)] : [];
}

function shortened(text: string): string {
  return text.length > MOST_LETTERS ? `${text.slice(0, MOST_LETTERS - 1)}…` : text;
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}

function escaped(text: string): string {
  return xmlText(text).replace(/[&<>"]/g, (letter) => `&#${letter.charCodeAt(0)};`);
}

/** Builds an HTML file that shows all views in any browser, without a server or network. */
import type { Coloring, Legend } from "../../model/color/color-style";
import { css } from "../../model/color/palette";
import type { Positions } from "../../model/projection/projection";
import { count } from "../../model/text/format";
import type { Selection } from "../../model/view/selection";
import { columnsFor } from "../../model/view/view";
import template from "./html-export/page.template?raw";
import script from "./html-export/viewer.js?raw";

/** One view of the page. */
export interface WebPageInput {
  readonly title: string;
  readonly subtitle: string;
  readonly background: readonly [number, number, number];
  readonly text: readonly [number, number, number];
  readonly positions: Positions;
  readonly coloring: Coloring;
  readonly legend: Legend;
  /** Columns that can be filtered by: names of their values, and a code for each row. */
  readonly columns: readonly FilterColumn[];
  /** Rows to export, ascending; `isGhost` is true for those that are context only. */
  readonly rows: Uint32Array;
  readonly isGhost: (row: number) => boolean;
  /** Whether another view does not have it. */
  readonly isHollow: (row: number) => boolean;
  readonly ghost: readonly [number, number, number];
  readonly labelOf: (row: number) => string;
  /** A number for each row: those of the same point in other views are the same. */
  readonly points: Uint32Array;
  readonly selected: Selection;
  /** CSS pixels across a point. */
  readonly size: number;
  readonly opacity: number;
}

export interface FilterColumn {
  readonly name: string;
  readonly names: readonly string[];
  readonly codes: Uint16Array | Uint32Array;
}

/** @param isLinked Whether all views are moved together. */
export function webPageOf(views: readonly WebPageInput[], isLinked = true): string {
  const [first] = views;
  if (!first) throw new Error("There is no view to export.");
  const { background, text } = first;
  const json = JSON.stringify({
    background: background.map((part) => part / 255),
    text: text.map((part) => part / 255),
    isLinked,
    views: views.map(dataOf),
  });
  const legends = views.map(({ legend }) => legendItems(legend));
  const areAlike = legends.every((each) => each === legends[0]);
  const parts: Readonly<Record<string, string>> = {
    TITLE: escaped(views.map(({ title }) => title).join(" | ")),
    COLUMNS: String(columnsFor(views.length)),
    BACKGROUND: css(background),
    TEXT: css(text),
    FIGURES: views
      .map((view, at) => figureOf(view, areAlike && at > 0 ? "" : (legends[at] ?? "")))
      .join("\n"),
    // A label may hold "</script>": as an escape it ends nothing.
    DATA: json.replaceAll("<", "\\u003c"),
    SCRIPT: script,
  };
  return template.replace(/%([A-Z]+)%/g, (whole, name: string) => parts[name] ?? whole);
}

function figureOf(view: WebPageInput, legend: string): string {
  const n = drawableRows(view).length;
  const title = escaped(view.title);
  const caption = `<h1>${title}</h1><p>${escaped(view.subtitle)} · ${count(n)} points</p>`;
  const list = legend && `<ul>${legend}</ul>`;
  return `<figure aria-label="${title}"><canvas></canvas><figcaption>${caption}</figcaption>${list}</figure>`;
}

function dataOf(input: WebPageInput) {
  const { positions, labelOf, size, points, selected, isHollow } = input;
  const drawable = drawableRows(input);
  return {
    dims: positions.dims,
    positions: base64(new Uint8Array(fitted(positions, drawable).buffer)),
    colors: base64(colorsOf(input, drawable)),
    hollow: base64(Uint8Array.from(drawable, (row) => (isHollow(row) ? 1 : 0))),
    points: base64(new Uint8Array(drawable.map((row) => points[row] ?? row).buffer)),
    selected: base64(new Uint8Array(selected.map((row) => points[row] ?? row).buffer)),
    rows: [...drawable],
    columns: input.columns.map(({ name, names, codes }) => ({
      name,
      names,
      // A byte a point: few values have codes above that.
      codes: base64(Uint8Array.from(drawable, (row) => Math.min(255, codes[row] ?? 255))),
    })),
    labels: Array.from(drawable, labelOf),
    size,
  };
}

function drawableRows({ rows, positions }: WebPageInput): Uint32Array {
  return rows.filter((row) => isPlaced(positions, row));
}

function isPlaced({ values, dims }: Positions, row: number): boolean {
  for (let k = 0; k < dims; k++) if (!Number.isFinite(values[row * dims + k])) return false;
  return true;
}

/** Into the ball of radius 1. */
function fitted({ values, dims }: Positions, rows: Uint32Array): Float32Array<ArrayBuffer> {
  const low = new Array<number>(dims).fill(Number.POSITIVE_INFINITY);
  const high = new Array<number>(dims).fill(Number.NEGATIVE_INFINITY);
  for (const row of rows) {
    for (let k = 0; k < dims; k++) {
      const value = values[row * dims + k] as number;
      low[k] = Math.min(low[k] as number, value);
      high[k] = Math.max(high[k] as number, value);
    }
  }
  const middle = low.map((each, k) => (each + (high[k] as number)) / 2);
  let farthest = 0;
  for (const row of rows) {
    let square = 0;
    for (let k = 0; k < dims; k++) {
      square += ((values[row * dims + k] as number) - (middle[k] as number)) ** 2;
    }
    farthest = Math.max(farthest, square);
  }
  const scale = farthest > 0 ? 1 / Math.sqrt(farthest) : 1;
  const out = new Float32Array(rows.length * dims);
  rows.forEach((row, at) => {
    for (let k = 0; k < dims; k++) {
      out[at * dims + k] = ((values[row * dims + k] as number) - (middle[k] as number)) * scale;
    }
  });
  return out;
}

function colorsOf(
  { coloring, isGhost, ghost, opacity }: WebPageInput,
  rows: Uint32Array,
): Uint8Array {
  const { codes, palette } = coloring;
  const out = new Uint8Array(rows.length * 4);
  rows.forEach((row, at) => {
    const from = (codes[row] ?? 0) * 4;
    if (isGhost(row)) out.set([...ghost, 120], at * 4);
    else out.set([...palette.subarray(from, from + 3), Math.round(255 * opacity)], at * 4);
  });
  return out;
}

function legendItems(legend: Legend): string {
  if (legend.kind !== "categories") return "";
  return legend.entries
    .map(({ color, name }) => `<li><i style="background:${css(color)}"></i>${escaped(name)}</li>`)
    .join("");
}

/** In pieces: one call with a million arguments is one too many. */
function base64(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 0x8000) {
    text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  }
  return btoa(text);
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`);
}

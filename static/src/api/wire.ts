/** Reads raw little-endian bytes into typed arrays, as docs/wire.md lays them out. */
import type { PackedText } from "../model/data/packed-text";
import type { Dims, Positions } from "../model/projection/projection";
import type { PointPaths, StepTrails } from "../model/projection/trails";
import { ApiError } from "./errors";

/** Every platform that runs WebGL2 in a browser is little-endian; an error says so if one is not. */
const IS_LITTLE_ENDIAN = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

export function readNumbers(body: ArrayBuffer, nPoints: number): Float32Array {
  expectBytes(body, nPoints * 4, "a numeric column");
  return new Float32Array(body);
}

export function readWideNumbers(body: ArrayBuffer, nPoints: number): Float64Array {
  expectBytes(body, nPoints * 8, "a numeric column");
  return new Float64Array(body);
}

export function readCodes(
  body: ArrayBuffer,
  nPoints: number,
  codeBytes: 2 | 4,
): Uint16Array | Uint32Array {
  expectBytes(body, nPoints * codeBytes, "a column's codes");
  return codeBytes === 2 ? new Uint16Array(body) : new Uint32Array(body);
}

export function readPackedText(body: ArrayBuffer, nPoints: number): PackedText {
  const start = (nPoints + 1) * 4;
  if (body.byteLength < start) expectBytes(body, start, "a column's text");
  const offsets = new Uint32Array(body, 0, nPoints + 1);
  const bytes = new Uint8Array(body, start);
  expectBytes(body, start + (offsets[nPoints] ?? 0), "a column's text");
  return { length: nPoints, offsets, bytes };
}

export function readPositions(body: ArrayBuffer, nPoints: number, dims: Dims): Positions {
  expectBytes(body, nPoints * dims * 4, "positions");
  return { values: new Float32Array(body), dims };
}

/** Rows first, then where each of them was. */
export function readTrails(body: ArrayBuffer, dims: Dims): StepTrails {
  const n = Math.floor(body.byteLength / (4 + 4 * dims));
  expectBytes(body, n * (4 + 4 * dims), "trails");
  return { rows: new Uint32Array(body, 0, n), from: new Float32Array(body, 4 * n), dims };
}

/** Step by step, each with all rows. */
export function readPaths(
  body: ArrayBuffer,
  rows: ArrayLike<number>,
  step: number,
  dims: Dims,
): PointPaths {
  const perStep = rows.length * dims * 4;
  const nSteps = perStep > 0 ? Math.floor(body.byteLength / perStep) : 0;
  expectBytes(body, nSteps * perStep, "paths");
  return { rows, step, nSteps, places: new Float32Array(body), dims };
}

export function readRows(body: ArrayBuffer): Uint32Array {
  expectBytes(body, body.byteLength - (body.byteLength % 4), "a list of rows");
  return new Uint32Array(body);
}

/** Rows that a search found, ascending, and the first column of each that matched. */
export interface Matches {
  readonly rows: Uint32Array;
  readonly columns: Uint16Array;
}

export function readMatches(body: ArrayBuffer): Matches {
  const n = Math.floor(body.byteLength / 6);
  expectBytes(body, n * 6, "rows and their columns");
  return { rows: new Uint32Array(body, 0, n), columns: new Uint16Array(body, 4 * n, n) };
}

function expectBytes(body: ArrayBuffer, expected: number, what: string): void {
  if (!IS_LITTLE_ENDIAN) {
    throw new ApiError(
      "malformed",
      "This device stores numbers in big-endian order, which projector does not support.",
    );
  }
  if (body.byteLength !== expected) {
    throw new ApiError(
      "malformed",
      `The server sent ${body.byteLength} bytes for ${what}; ${expected} were expected.`,
    );
  }
}

/** Converts the numbers of a column to bytes that scale the size or the opacity of points. */

import type { Column } from "../data/dataset";
import type { NumberValues } from "./color-style";
import { rangeOf } from "./scales";

/** Half the automatic size to two and a half times; with more, large points hide small ones. */
const SIZES = [43, 212] as const;
const OPACITIES = [26, 255] as const;
/** Points with a missing value are smaller and fainter than those with the lowest one. */
const MISSING_SIZE = 30;
const MISSING_OPACITY = 14;

export function sizeBytes(column: Column, numbers: NumberValues): Uint8Array {
  return bytesOf(column, numbers, SIZES, MISSING_SIZE);
}

export function opacityBytes(column: Column, numbers: NumberValues): Uint8Array {
  return bytesOf(column, numbers, OPACITIES, MISSING_OPACITY);
}

function bytesOf(
  column: Column,
  { values }: NumberValues,
  [from, to]: readonly [number, number],
  missing: number,
): Uint8Array {
  const [low, high] = rangeOf(values, column);
  const perUnit = high > low ? (to - from) / (high - low) : 0;
  // A column with a single value makes no difference: all points get the middle.
  const start = high > low ? from : (from + to) / 2;
  const bytes = new Uint8Array(values.length);
  for (let index = 0; index < bytes.length; index++) {
    const value = values[index] as number;
    const byte = start + (value - low) * perUnit;
    bytes[index] = Number.isNaN(value) ? missing : Math.min(to, Math.max(from, Math.round(byte)));
  }
  return bytes;
}

import { describe, expect, it } from "vitest";
import { ApiError } from "../../src/api/errors";
import {
  readCodes,
  readNumbers,
  readPackedText,
  readPositions,
  readRows,
  readWideNumbers,
} from "../../src/api/wire";
import { textAt } from "../../src/model/data/packed-text";
import { fileToTable } from "../../src/model/data/tags";
import { flat, golden, wire } from "./golden";

describe("the wire's golden files", () => {
  it("reads positions, NaN for points without one", () => {
    const { values, dims } = readPositions(golden("positions.bin"), 3, 2);
    expect(dims).toBe(2);
    expect([...values]).toEqual(flat(wire["positions.bin"].values));
  });

  it("reads chosen components in the order in which they were chosen", () => {
    const { values } = readPositions(golden("components.bin"), 3, 3);
    expect([...values]).toEqual(flat(wire["components.bin"].values));
  });

  it("reads numbers, NaN for missing", () => {
    const { values } = wire["numbers.bin"];
    const numbers = readNumbers(golden("numbers.bin"), values.length);
    expect([...numbers]).toEqual(values.map((each) => Math.fround(each ?? Number.NaN)));
  });

  it("reads times to the microsecond", () => {
    const { values } = wire["times.bin"];
    expect([...readWideNumbers(golden("times.bin"), values.length)]).toEqual(values);
    expect(new Set(values.map(Math.fround)).size).toBe(1);
  });

  it("reads codes, all bits set for missing", () => {
    const codes = readCodes(golden("codes.bin"), 5, 2);
    const { names, missing } = wire["codes.bin"];
    const texts = [...codes].map((code) => (code === missing ? "" : names[code]));
    expect(texts).toEqual(wire["text.bin"].texts);
  });

  it("reads text in any script, one at a time", () => {
    const { n_points, texts } = wire["text.bin"];
    const packed = readPackedText(golden("text.bin"), n_points);
    expect(texts.map((_, index) => textAt(packed, index))).toEqual(texts);
    expect(textAt(packed, 99)).toBe("");
  });

  it("reads the file of tags", () => {
    const { tensor, n_points, cells } = wire["tags.tsv"];
    const table = fileToTable(new TextDecoder().decode(golden("tags.tsv")));
    expect([table.tensor, table.nPoints]).toEqual([tensor, n_points]);
    const texts = (row: number) =>
      table.columns.map((column) => column.texts[(column.codes[row] ?? 0) - 1] ?? "");
    expect(cells.map(([row]) => [row, ...texts(Number(row))])).toEqual(cells);
    expect(texts(0)).toEqual(["", ""]);
  });

  it("reads rows", () => {
    expect([...readRows(golden("rows.bin"))]).toEqual(wire["rows.bin"].rows);
  });
});

describe("bytes that are not what was promised", () => {
  it("says how many bytes came and how many were expected", () => {
    expect(() => readPositions(golden("positions.bin"), 4, 2)).toThrow(
      new ApiError("malformed", "The server sent 24 bytes for positions; 32 were expected."),
    );
  });

  it.each([
    ["numbers", () => readNumbers(new ArrayBuffer(5), 1)],
    ["wide numbers", () => readWideNumbers(new ArrayBuffer(4), 1)],
    ["codes", () => readCodes(new ArrayBuffer(2), 1, 4)],
    ["text without all offsets", () => readPackedText(new ArrayBuffer(4), 1)],
    ["text shorter than its offsets say", () => readPackedText(new Uint32Array([0, 9]).buffer, 1)],
    ["rows", () => readRows(new ArrayBuffer(7))],
  ])("refuses %s", (_, read) => {
    expect(read).toThrow(ApiError);
  });
});

import { describe, expect, it } from "vitest";
import { ApiError } from "../../src/api/errors";
import { readSelection, writeSelection } from "../../src/api/selection";
import { selectionOf } from "../../src/model/view/selection";
import { golden, wire } from "./golden";

describe.each(["selection-rows.bin", "selection-bits.bin"] as const)("%s", (name) => {
  const { rows, ...about } = wire[name];

  it("is read as the server wrote it", () => {
    const read = readSelection(golden(name));
    expect(read).toMatchObject(about);
    expect([...read.rows]).toEqual(rows);
  });

  it("is written as the server reads it, but for number and author", () => {
    const body = new Uint8Array(writeSelection({ ...about, rows: selectionOf(rows) }));
    const expected = new Uint8Array(golden(name));
    expected.fill(0, 0, 4);
    expected[13] = 1;
    expect(body).toEqual(expected);
  });
});

describe("a selection on its way", () => {
  it("takes one bit a point where that is shorter", () => {
    const rows = Uint32Array.from({ length: 1_000_000 }, (_, row) => row);
    const body = writeSelection({ dataset: "00ff00ff00ff00ff", nPoints: 1_000_000, rows });
    expect(body.byteLength).toBe(125_024);
    const read = readSelection(body);
    // Compared by hand: the matcher takes seconds for a million rows.
    expect(read.rows.length).toBe(rows.length);
    expect(read.rows.every((row, at) => row === at)).toBe(true);
    expect(read.dataset).toBe("00ff00ff00ff00ff");
  });

  it("may be empty", () => {
    const rows = new Uint32Array(0);
    const body = writeSelection({ dataset: "00ff00ff00ff00ff", nPoints: 3, rows });
    expect(body.byteLength).toBe(24);
    expect(readSelection(body).rows).toEqual(rows);
  });

  it.each([0, 23, 27])("refuses %i bytes", (size) => {
    const body = golden("selection-rows.bin").slice(0, size);
    expect(() => readSelection(body)).toThrow(ApiError);
  });
});

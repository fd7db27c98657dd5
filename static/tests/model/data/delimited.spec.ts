import { describe, expect, it } from "vitest";
// The server's tests write by them, too.
import cases from "../../../../tests/fixtures/spreadsheet-cells.json";
import { tableToPieces } from "../../../src/model/data/delimited";
import { guarded } from "../../../src/model/data/spreadsheet-cells";

const table = (texts: readonly string[]) => ({
  names: ["=name"],
  rows: texts.map((_, row) => row),
  cell: (row: number) => texts[row] ?? "",
});

describe("a cell", () => {
  it.each(cases)("%j is written as %j", (text, cell) => {
    expect(guarded(text)).toBe(cell);
  });
});

describe("a table", () => {
  it("has quotes where commas separate", () => {
    const texts = ["=1,2", 'say "hi"', "-1.5", "two\nlines", '"=x"'];
    expect(tableToPieces(table(texts), "comma").join("")).toBe(
      `'=name\n"'=1,2"\n"say ""hi"""\n-1.5\n"two\nlines"\n"'""=x"""\n`,
    );
  });

  it("has a line for each row where tabs separate, and no formula at the start of a cell", () => {
    const texts = ["\t=1", "a\tb", '"=x"', "-2"];
    expect(tableToPieces(table(texts), "tab").join("")).toBe(`'=name\n' =1\na b\n'"=x"\n-2\n`);
  });
});

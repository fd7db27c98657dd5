import { describe, expect, it } from "vitest";
import {
  columnOf,
  emptyTable,
  fileToTable,
  freshColumnName,
  MAX_VALUE,
  merged,
  nTagged,
  renamedColumn,
  type TagTable,
  tableToFile,
  valueCounts,
  withoutColumn,
  withTag,
  wrongText,
} from "../../../src/model/data/tags";

const EMPTY = emptyTable("hidden", 6);
const text = (table: TagTable) => tableToFile(table).join("");
const KIND = withTag(withTag(EMPTY, "kind", [3, 1], "odd"), "kind", [4], "even");

describe("a table of tags", () => {
  it("is written sparse, rows ascending, as docs/formats.md has it", () => {
    expect(text(KIND)).toBe(
      '# projector-tags {"version":1,"tensor":"hidden","n_points":6}\n' +
        "row\tkind\n1\todd\n3\todd\n4\teven\n",
    );
  });

  it("is read as it was written, whatever the names hold", () => {
    const odd = withTag(emptyTable('a"/\u2028ä', 3), "=x, y", [2], "<b>'眼 👁");
    expect(text(fileToTable(text(odd)))).toBe(text(odd));
    expect(text(fileToTable(text(EMPTY)))).toBe(text(EMPTY));
    expect(() => fileToTable("row\tkind\n")).toThrow("not a tags file");
  });

  it("does not change when nothing is changed", () => {
    expect(withTag(KIND, "kind", [3], "odd")).toBe(KIND);
    expect(withTag(KIND, "kind", [0], null)).toBe(KIND);
    expect(withTag(KIND, "other", [0], null)).toBe(KIND);
  });

  it("leaves the table it came from alone", () => {
    const before = text(KIND);
    withTag(KIND, "kind", [0, 1, 2], "new");
    expect(text(KIND)).toBe(before);
  });

  it("counts every value, the most frequent first", () => {
    const column = columnOf(KIND, "kind");
    expect(column && valueCounts(column)).toEqual([
      { text: "odd", count: 2 },
      { text: "even", count: 1 },
    ]);
    const cleared = columnOf(withTag(KIND, "kind", [4], null), "kind");
    expect(cleared && valueCounts(cleared)).toEqual([{ text: "odd", count: 2 }]);
    expect(cleared && nTagged(cleared)).toBe(2);
  });

  it("renames and deletes columns", () => {
    expect(renamedColumn(KIND, "kind", "sort").columns[0]?.name).toBe("sort");
    expect(withoutColumn(KIND, "kind").columns).toEqual([]);
    expect(freshColumnName(["tag", "tag 2"])).toBe("tag 3");
  });

  it("takes no text that would break a line", () => {
    expect(wrongText("plain", MAX_VALUE)).toBeNull();
    for (const bad of ["", "a\tb", "a\nb", "a\u0000", "x".repeat(MAX_VALUE + 1)]) {
      expect(wrongText(bad, MAX_VALUE), bad.slice(0, 5)).not.toBeNull();
    }
  });
});

describe("merging what two have done", () => {
  const mine = withTag(KIND, "kind", [0, 4], "mine");
  const theirs = withTag(KIND, "kind", [4, 5], "theirs");

  it("keeps both, and mine where both changed one cell", () => {
    const both = merged(KIND, mine, theirs);
    expect(text(both).split("\n").slice(2)).toEqual([
      "0\tmine", "1\todd", "3\todd", "4\tmine", "5\ttheirs", "",
    ]); // biome-ignore format: rows of a table
  });

  it("takes away what I took away, and nothing that they did", () => {
    const cleared = withTag(KIND, "kind", [1], null);
    const both = text(merged(KIND, cleared, theirs));
    expect(both).not.toContain("1\todd");
    expect(both).toContain("3\todd");
    expect(text(merged(KIND, KIND, withoutColumn(KIND, "kind")))).toBe(text(EMPTY));
  });

  it("keeps columns that only one of us made", () => {
    const own = withTag(KIND, "own", [2], "a");
    const other = withTag(KIND, "other", [2], "b");
    expect(merged(KIND, own, other).columns.map(({ name }) => name)).toEqual([
      "kind", "other", "own",
    ]); // biome-ignore format: names
  });

  it("deletes a column that I deleted, unless they have changed it", () => {
    expect(merged(KIND, EMPTY, fileToTable(text(KIND))).columns).toEqual([]);
    expect(merged(KIND, EMPTY, theirs).columns).toHaveLength(1);
  });
});

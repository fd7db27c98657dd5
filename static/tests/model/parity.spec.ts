import { describe, expect, it } from "vitest";
import parity from "../../../docs/tensorboard.md?raw";

describe("docs/tensorboard.md", () => {
  const rows = parity.split("\n").filter((line) => /^\| F\d+ \|/.test(line));

  it("has a row for each of the 93 features, in order", () => {
    const numbers = rows.map((row) => row.split("|")[1]?.trim());
    expect(numbers).toEqual(Array.from({ length: 93 }, (_, index) => `F${index + 1}`));
  });

  it("says of each where it is", () => {
    for (const row of rows) {
      const cells = row.split("|").slice(2, -1);
      expect(cells).toHaveLength(2);
      const [theirs = "", ours = ""] = cells.map((cell) => cell.trim());
      expect(theirs.length, row).toBeGreaterThan(1);
      expect(ours.length, row).toBeGreaterThan(7);
    }
  });
});

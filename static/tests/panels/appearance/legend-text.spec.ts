import { describe, expect, it } from "vitest";
import { type LegendEntry, MISSING, OTHER } from "../../../src/model/color/color-style";
import { categoryName, entryTitle, filterKey } from "../../../src/panels/appearance/legend-text";

const entry: LegendEntry = {
  slot: 0,
  kind: "category",
  key: "7",
  name: "7",
  count: 1200,
  color: [0, 0, 0],
};

describe("an entry of the legend", () => {
  it("says how many points it has, and how many are left and selected", () => {
    expect(entryTitle(entry, 1200, 0)).toBe("1,200 points. Click to show only these");
    expect(entryTitle(entry, 30, 2)).toBe("30 of 1,200, 2 selected. Click to show only these");
  });

  it("filters by its category, or by what is not a category", () => {
    expect(filterKey(entry)).toEqual({ name: "7" });
    expect(filterKey({ ...entry, kind: "other", key: OTHER })).toBe("other");
    expect(filterKey({ ...entry, kind: "missing", key: MISSING })).toBe("missing");
    // A category may be called so, too.
    expect(filterKey({ ...entry, key: "missing" })).toEqual({ name: "missing" });
  });

  it("has a name to be read even where the category's is empty", () => {
    expect(categoryName("")).toBe("(empty)");
    expect(categoryName("cat")).toBe("cat");
  });
});

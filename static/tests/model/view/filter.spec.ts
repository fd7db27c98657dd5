import { describe, expect, it } from "vitest";
import type { CodeValues, NumberValues } from "../../../src/model/color/color-style";
import { N_DISTINCT } from "../../../src/model/color/palette";
import {
  countFailures,
  failing,
  filterOf,
  hasValue,
  type RangeFilter,
  toggleValue,
  withFilter,
} from "../../../src/model/view/filter";
import { hiddenPoints } from "../../../src/model/view/isolation";
import { rowsToText, textToRows } from "../../../src/model/view/row-text";
import { selectionOf } from "../../../src/model/view/selection";

const label = { index: 0, name: "label" };
const size = { index: 1, name: "size" };
const numbers: NumberValues = {
  kind: "numbers",
  values: Float32Array.of(0, 0.5, 1, Number.NaN, Number.POSITIVE_INFINITY),
};
const range: RangeFilter = { kind: "range", column: size, range: [0.5, 1], missing: false };

describe("a range", () => {
  it("lets both its ends pass, and missing values only where that is said", () => {
    expect([...(failing(range, numbers) ?? [])]).toEqual([1, 0, 0, 1, 1]);
    expect([...(failing({ ...range, missing: true }, numbers) ?? [])]).toEqual([1, 0, 0, 0, 1]);
    const onlyMissing = { ...range, range: null, missing: true };
    expect([...(failing(onlyMissing, numbers) ?? [])]).toEqual([1, 1, 1, 0, 1]);
  });
});

describe("a set of values", () => {
  const n = N_DISTINCT + 2;
  const codes: CodeValues = {
    kind: "codes",
    codes: Uint16Array.of(0, 1, N_DISTINCT, 60_000, 0xffff),
    categories: {
      names: Array.from({ length: n }, (_, index) => `c${index}`),
      counts: Array.from({ length: n }, () => 1),
      n_categories: 60_001,
    },
  };

  it("lets pass what it names, the unnamed rest, and what is missing", () => {
    const one = toggleValue(null, label, { name: "c1" });
    if (!one) throw new Error("A filter was expected.");
    expect([...(failing(one, codes) ?? [])]).toEqual([1, 0, 1, 1, 1]);
    const more = toggleValue(one, label, "other");
    if (!more) throw new Error("A filter was expected.");
    expect([...(failing(more, codes, N_DISTINCT) ?? [])]).toEqual([1, 0, 0, 0, 1]);
    const all = toggleValue(more, label, "missing");
    expect(hasValue(all, "missing") && hasValue(all, "other")).toBe(true);
    expect(toggleValue(one, label, { name: "c1" })).toBeNull();
  });

  it("says nothing about numbers", () => {
    const one = toggleValue(null, label, { name: "c1" });
    expect(one && failing(one, numbers)).toBeNull();
  });
});

describe("several filters", () => {
  it("stand one a column and count together", () => {
    const both = withFilter(withFilter([], size, range), label, {
      kind: "values",
      column: label,
      names: ["x"],
      other: false,
      missing: false,
    });
    expect(both).toHaveLength(2);
    expect(filterOf(both, size)).toBe(range);
    expect(withFilter(both, size, { ...range, missing: true })).toHaveLength(2);
    expect(withFilter(both, size, null)).toHaveLength(1);
    const masks = [Uint8Array.of(0, 1, 1), Uint8Array.of(0, 0, 1)];
    expect([...countFailures(masks, 3)]).toEqual([0, 1, 2]);
  });
});

describe("points out of sight", () => {
  it("do not come back by being isolated", () => {
    expect(hiddenPoints([], 3)).toBeNull();
    const hidden = hiddenPoints(
      [
        { kind: "isolate", rows: selectionOf([0, 1, 2]) },
        { kind: "hide", rows: selectionOf([1]) },
        { kind: "isolate", rows: selectionOf([1, 2, 3]) },
      ],
      4,
    );
    expect([...(hidden ?? [])]).toEqual([1, 1, 0, 1]);
  });
});

describe("rows as text", () => {
  it("are short and come back", () => {
    const rows = selectionOf([0, 1, 2, 5, 7, 8]);
    expect(rowsToText(rows)).toBe("0-2,5,7-8");
    expect(rowsToText(rows, 9)).toBe("0-2,5,7-8");
    expect(rowsToText(rows, 8)).toBeNull();
    expect([...textToRows("0-2,5,7-8")]).toEqual([...rows]);
    expect([...textToRows("x,-1,5-3,2.5,4")]).toEqual([4]);
    expect(textToRows("0-99999999999", 1000)).toHaveLength(0);
  });
});

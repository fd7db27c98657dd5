import { describe, expect, it } from "vitest";
import { isBelow, nextHighlight } from "../../../src/model/color/category-color";
import {
  automaticScale,
  coloringOf,
  isColorable,
  legendOf,
  plainColoring,
  plainStyle,
} from "../../../src/model/color/color";
import type { CodeValues, Coloring, ColorStyle } from "../../../src/model/color/color-style";
import {
  categoryColor,
  hex,
  missingColor,
  N_DISTINCT,
  otherColor,
} from "../../../src/model/color/palette";
import type { Column } from "../../../src/model/data/dataset";
import { failing } from "../../../src/model/view/filter";

const column: Column = {
  index: 0,
  name: "label",
  kind: "categorical",
  n_missing: 1,
  n_categories: 3,
  code_bytes: 2,
  number_bytes: 4,
  is_integer: null,
  minimum: null,
  maximum: null,
  media: null,
  tags: null,
};

function codes(names: string[], counts: number[], values: number[]): CodeValues {
  return {
    kind: "codes",
    codes: Uint16Array.from(values),
    categories: { names, counts, n_categories: names.length },
  };
}

function colorAt({ codes: slots, palette }: Coloring, index: number): number[] {
  const at = (slots[index] ?? 0) * 4;
  return [...palette.subarray(at, at + 3)];
}

describe("categories", () => {
  it("take their colors in the order of their names, whatever their counts", () => {
    const early = codes(["10", "9", "2"], [3, 2, 1], [0, 1, 2, 0xffff]);
    const late = codes(["2", "10", "9"], [3, 2, 1], [1, 2, 0, 0xffff]);
    const one = coloringOf(column, early, plainStyle("light"));
    const two = coloringOf(column, late, plainStyle("light"));
    for (let index = 0; index < 4; index++) {
      expect(colorAt(one, index)).toEqual(colorAt(two, index));
    }
    expect(colorAt(one, 2)).toEqual([...categoryColor("light", 0)]);
    expect(colorAt(one, 3)).toEqual([...missingColor("light")]);
  });

  it("have a legend with counts, sorted as people sort, missing last", () => {
    const legend = legendOf(
      column,
      codes(["10", "9", "2"], [3, 2, 1], [0, 1, 2, 65535]),
      plainStyle("dark"),
    );
    if (legend.kind !== "categories") throw new Error("A legend of categories was expected.");
    expect(legend.entries.map(({ name, count }) => [name, count])).toEqual([
      ["2", 1],
      ["9", 2],
      ["10", 3],
      ["missing", 1],
    ]);
  });

  it("beyond the palette are gathered as other, and counted", () => {
    const n = N_DISTINCT + 500;
    const values = codes(
      // The server sends only the most frequent names.
      Array.from({ length: 20 }, (_, index) => `c${index}`),
      Array.from({ length: 20 }, () => 1),
      Array.from({ length: n }, (_, index) => index),
    );
    const many = { ...values, categories: { ...values.categories, n_categories: n } };
    const style = { ...plainStyle("light"), nColors: N_DISTINCT };
    const legend = legendOf({ ...column, n_missing: 0 }, many, style);
    if (legend.kind !== "categories") throw new Error("A legend of categories was expected.");
    expect(legend.entries).toHaveLength(N_DISTINCT + 1);
    expect(legend.entries.at(-1)).toMatchObject({
      name: "other: 500 less frequent",
      count: 500,
    });
    const coloring = coloringOf(column, many, style);
    expect(colorAt(coloring, n - 1)).toEqual([...otherColor("light")]);
    expect(isBelow(coloring.codes[n - 1] ?? 0)).toBe(true);
    expect(isBelow(coloring.codes[0] ?? 0)).toBe(false);
  });
});

describe("thousands of categories", () => {
  const names = ["ann", "bob", "cy"];
  const values = codes(names, [3, 2, 1], [0, 1, 2]);
  const many = { ...values, categories: { ...values.categories, n_categories: 9000 } };
  const plain = { ...plainStyle("light"), swatches: {} };

  it("have a color only where one was given", () => {
    const gray = coloringOf({ ...column, n_missing: 0 }, many, plain);
    for (const at of [0, 1, 2]) expect(colorAt(gray, at)).toEqual([...otherColor("light")]);
    const style = { ...plain, swatches: { bob: hex(nextHighlight(plain)) } };
    const lit = coloringOf({ ...column, n_missing: 0 }, many, style);
    expect(colorAt(lit, 1)).toEqual([...categoryColor("light", 0)]);
    expect(isBelow(lit.codes[0] ?? 0)).toBe(true);
    expect(isBelow(lit.codes[1] ?? 0)).toBe(false);
    expect(nextHighlight(style)).toEqual(categoryColor("light", 1));
    const legend = legendOf({ ...column, n_missing: 0 }, many, style);
    if (legend.kind !== "categories") throw new Error("A legend of categories was expected.");
    expect(legend.entries.map(({ name }) => name)).toEqual(["bob", "other: 8,999 values"]);
  });

  it("are offered, free text and identifiers are not", () => {
    expect(isColorable({ ...column, n_categories: 9000 })).toBe(true);
    expect(isColorable({ ...column, kind: "text" })).toBe(false);
    expect(isColorable({ ...column, kind: "numeric", is_identifier: true })).toBe(false);
  });
});

describe("forty categories", () => {
  const names = Array.from({ length: 40 }, (_, index) => `c${String(index).padStart(2, "0")}`);
  const values = codes(
    names,
    names.map((_, index) => 100 - index),
    names.map((_, index) => index),
  );
  const style = plainStyle("light");

  it("have forty colors, and none is other", () => {
    const legend = legendOf({ ...column, n_missing: 0 }, values, style);
    if (legend.kind !== "categories") throw new Error("A legend of categories was expected.");
    expect(new Set(legend.entries.map(({ color }) => color.join()))).toHaveProperty("size", 40);
    expect(legend.nRest).toBe(0);
  });

  it("have the colors that they were given by their names, in any column", () => {
    const order = new Map(names.map((name, index) => [name, 39 - index]));
    const first = (them: CodeValues) => colorAt(coloringOf(column, them, { ...style, order }), 0);
    expect(first(values)).toEqual([...categoryColor("light", 39)]);
    const others = codes(["c05", ...names.filter((name) => name !== "c05")], [], [0]);
    expect(first(others)).toEqual([...categoryColor("light", 34)]);
  });
});

describe("numbers", () => {
  const numeric: Column = { ...column, kind: "numeric", minimum: 0, maximum: 10 };

  it("go along the ramp, missing apart", () => {
    const values = Float32Array.of(0, 5, 10, Number.NaN, 11);
    const { codes: slots } = coloringOf(numeric, { kind: "numbers", values }, plainStyle("light"));
    expect([...slots]).toEqual([0, 128, 255, 256, 255]);
  });

  it("of one value stand in the middle", () => {
    const flat = { ...numeric, minimum: 3, maximum: 3 };
    const values = Float32Array.of(3, 3);
    const { codes: slots } = coloringOf(flat, { kind: "numbers", values }, plainStyle("light"));
    expect([...slots]).toEqual([128, 128]);
  });

  it("find their own ends where none were told", () => {
    const untold = { ...numeric, minimum: null, maximum: null };
    const values = Float32Array.of(-1, 1, Number.NaN, Number.POSITIVE_INFINITY);
    const found = { kind: "numbers", values } as const;
    expect(legendOf(untold, found, plainStyle("light"))).toMatchObject({ minimum: -1, maximum: 1 });
    expect([...coloringOf(untold, found, plainStyle("light")).codes]).toEqual([0, 255, 256, 255]);
  });

  it("that are few and whole are classes, unless the person says otherwise", () => {
    expect(automaticScale({ ...numeric, is_integer: true, n_categories: 10 })).toBe("categorical");
    expect(automaticScale({ ...numeric, is_integer: true, n_categories: 500 })).toBe("numeric");
    expect(automaticScale({ ...numeric, is_integer: false, n_categories: 2 })).toBe("numeric");
  });
});

describe("colors of one's own", () => {
  const many = codes(
    Array.from({ length: N_DISTINCT + 3 }, (_, index) => `c${index}`),
    Array.from({ length: N_DISTINCT + 3 }, () => 1),
    Array.from({ length: N_DISTINCT + 3 }, (_, index) => index),
  );
  const style: ColorStyle = {
    ...plainStyle("light"),
    nColors: N_DISTINCT,
    swatches: { c0: "#ff0000", c13: "#00ff00", "\u0000other": "#0000ff" },
  };

  it("replace the usual ones and take a rare category out of other", () => {
    const coloring = coloringOf({ ...column, n_missing: 0 }, many, style);
    expect(colorAt(coloring, 0)).toEqual([255, 0, 0]);
    expect(colorAt(coloring, 12)).toEqual([0, 0, 255]);
    expect(colorAt(coloring, 13)).toEqual([0, 255, 0]);
    const legend = legendOf({ ...column, n_missing: 0 }, many, style);
    if (legend.kind !== "categories") throw new Error("A legend of categories was expected.");
    expect(legend.entries.map(({ name }) => name)).toContain("c13");
    expect(legend.entries.at(-1)).toMatchObject({
      kind: "other",
      name: "other: 2 less frequent",
      count: 2,
    });
    expect(legend.nRest).toBe(2);
  });
});

describe("a category that did not come with the codes", () => {
  const names = Array.from({ length: 14 }, (_, index) => `c${index}`);
  const values = {
    kind: "codes" as const,
    codes: Uint16Array.of(0, 13, 800, 801, 0xffff),
    categories: { names, counts: names.map(() => 1), n_categories: 1000 },
  };
  const rarer = [{ rank: 800, name: "rare", count: 1 }];
  const known = { ...values, categories: { ...values.categories, rarer } };
  const style: ColorStyle = {
    ...plainStyle("light"),
    nColors: N_DISTINCT,
    swatches: { rare: "#00ff00" },
  };

  it("has a color once it is known", () => {
    const wide = { ...column, n_missing: 1 };
    expect(colorAt(coloringOf(wide, values, style), 2)).not.toEqual([0, 255, 0]);
    const coloring = coloringOf(wide, known, style);
    expect(colorAt(coloring, 2)).toEqual([0, 255, 0]);
    expect(colorAt(coloring, 3)).toEqual(colorAt(coloring, 1));
    const legend = legendOf(wide, known, style);
    if (legend.kind !== "categories") throw new Error("A legend of categories was expected.");
    expect(legend.entries.find(({ name }) => name === "rare")?.count).toBe(1);
    expect(legend.nRest).toBe(1000 - 13);
  });

  it("is filtered by", () => {
    const ref = { name: "label", index: 0 };
    const only = (names: string[], other = false) =>
      ({ kind: "values", column: ref, names, other, missing: false }) as const;
    expect([...(failing(only(["rare"]), known) ?? [])]).toEqual([1, 1, 0, 1, 1]);
    expect([...(failing(only(["rare"]), values) ?? [])]).toEqual([1, 1, 1, 1, 1]);
    expect([...(failing(only([], true), known, N_DISTINCT) ?? [])]).toEqual([1, 0, 0, 0, 1]);
  });
});

describe("ramps", () => {
  const numeric: Column = { ...column, kind: "numeric", n_missing: 0, minimum: 1, maximum: 1000 };
  const slotsOf = (values: number[], of: Column, ramp: ColorStyle["ramp"]) => [
    ...coloringOf(
      of,
      { kind: "numbers", values: Float32Array.from(values) },
      { ...plainStyle("light"), ramp },
    ).codes,
  ];

  it("of logarithms have equal steps for equal factors", () => {
    const log = { transform: "log", kind: "sequential" } as const;
    const [a = 0, b = 0, c = 0] = slotsOf([1, 10, 100], numeric, log);
    expect(b - a).toBeCloseTo(c - b, -0.5);
    const legend = legendOf(
      numeric,
      { kind: "numbers", values: Float32Array.of(1, 1000) },
      { ...plainStyle("dark"), ramp: log },
    );
    expect(legend.kind === "ramp" && legend.middle).toBeCloseTo(31.6, 1);
  });

  it("of ranks spread whatever is skewed, and equal values have one color", () => {
    const quantile = { transform: "quantile", kind: "sequential" } as const;
    const slots = slotsOf([1, 1, 1, 1, 2, 3, 4, 1000], numeric, quantile);
    expect(new Set(slots.slice(0, 4)).size).toBe(1);
    expect(slots[7]).toBe(255);
    expect(slots[6]).toBeGreaterThan(200);
  });

  it("diverge around zero by themselves, at one scale on both sides", () => {
    const signed = { ...numeric, minimum: -1, maximum: 10 };
    const auto = { transform: "linear", kind: "auto" } as const;
    expect(slotsOf([0, 10, -10], signed, auto)).toEqual([128, 255, 0]);
    expect(slotsOf([-1], signed, auto)[0]).toBeGreaterThan(110);
    const forced = { transform: "linear", kind: "sequential" } as const;
    expect(slotsOf([-1], signed, forced)).toEqual([0]);
  });
});

it("one color is one palette entry", () => {
  expect(plainColoring(3, "dark").palette).toHaveLength(4);
});

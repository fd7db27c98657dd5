import { describe, expect, it } from "vitest";
import { type WebPageInput, webPageOf } from "../../../src/app/view/html-export";

const INPUT: WebPageInput = {
  title: "digits, step 3",
  subtitle: "PCA 2D",
  background: [255, 255, 255],
  text: [0, 0, 0],
  positions: { values: new Float32Array([0, 0, 10, 0, 5, 3, Number.NaN, 1, 4, 1]), dims: 2 },
  coloring: {
    codes: new Uint16Array([0, 1, 1, 0, 0]),
    palette: new Uint8Array([255, 0, 0, 255, 0, 0, 255, 255]),
  },
  legend: { kind: "none" },
  columns: [{ name: "group", names: ["a", "b"], codes: Uint16Array.of(0, 1, 0xffff, 0, 1) }],
  rows: new Uint32Array([0, 1, 2, 3]),
  isGhost: (row) => row === 2,
  isHollow: (row) => row === 1,
  points: new Uint32Array([0, 1, 2, 3, 4]),
  selected: new Uint32Array([1]),
  ghost: [128, 128, 128],
  labelOf: (row) => `point ${row}`,
  size: 4,
  opacity: 0.5,
};

interface PageData {
  readonly dims: number;
  readonly positions: string;
  readonly colors: string;
  readonly rows: readonly number[];
  readonly labels: readonly string[];
  readonly hollow: string;
  readonly points: string;
  readonly selected: string;
  readonly columns: readonly { readonly name: string; readonly codes: string }[];
}

interface AllData {
  readonly isLinked: boolean;
  readonly views: readonly [PageData, ...PageData[]];
}

function allDataOf(page: string): AllData {
  const text = /<script type="application\/json" id="data">(.*?)<\/script>/s.exec(page)?.[1];
  return JSON.parse(text ?? "null") as AllData;
}

/** That of the first view. */
function dataOf(page: string): PageData {
  return allDataOf(page).views[0];
}

function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}

describe("an exported page", () => {
  it("holds the rows that have a position, and no others", () => {
    const page = webPageOf([INPUT]);
    const { rows, labels } = dataOf(page);
    expect(rows).toEqual([0, 1, 2]);
    expect(labels).toEqual(["point 0", "point 1", "point 2"]);
    expect(page).toContain("PCA 2D · 3 points");
  });

  it("holds positions in the ball of radius 1 around their middle", () => {
    const { positions, dims } = dataOf(webPageOf([INPUT]));
    const values = new Float32Array(bytesOf(positions).buffer);
    expect(dims).toBe(2);
    const radii = [0, 2, 4].map((at) => Math.hypot(values[at] ?? 9, values[at + 1] ?? 9));
    expect(Math.max(...radii)).toBeCloseTo(1, 5);
    expect((values[0] ?? 0) + (values[2] ?? 9)).toBeCloseTo(0, 5);
  });

  it("holds each point's color, and grey for ghosts", () => {
    const colors = bytesOf(dataOf(webPageOf([INPUT])).colors);
    expect([...colors]).toEqual([255, 0, 0, 128, 0, 0, 255, 128, 128, 128, 128, 120]);
  });

  it("has positions that are all the same at the middle", () => {
    const positions = { values: new Float32Array([7, 7, 7, 7]), dims: 2 as const };
    const page = webPageOf([{ ...INPUT, positions, rows: new Uint32Array([0, 1]) }]);
    const values = new Float32Array(bytesOf(dataOf(page).positions).buffer);
    expect([...values]).toEqual([0, 0, 0, 0]);
  });

  it("cannot be ended or extended by a label or a title", () => {
    const evil = '</script><script>alert("%TITLE%")</script>';
    const page = webPageOf([{ ...INPUT, title: evil, labelOf: () => evil }]);
    expect(dataOf(page).labels[0]).toBe(evil);
    expect(page).not.toContain(evil);
    expect(page.match(/<script/g)).toHaveLength(2);
  });

  it("has a legend of categories", () => {
    const entry = { color: [1, 2, 3] as const, name: "a < b", count: 3, isShown: true };
    const legend = { kind: "categories", entries: [entry] } as unknown as WebPageInput["legend"];
    expect(webPageOf([{ ...INPUT, legend }])).toContain("a &#60; b</li>");
  });

  it("is made of many points without a call of as many arguments", () => {
    const n = 50_000;
    const rows = Uint32Array.from({ length: n }, (_, row) => row);
    const page = webPageOf([
      {
        ...INPUT,
        positions: { values: new Float32Array(n * 2), dims: 2 },
        coloring: { codes: new Uint16Array(n), palette: INPUT.coloring.palette },
        rows,
        labelOf: () => "",
      },
    ]);
    expect(bytesOf(dataOf(page).positions).length).toBe(n * 8);
  });
});

it("a page has the columns that it can be filtered by, a byte a point", () => {
  const { columns } = dataOf(webPageOf([INPUT]));
  expect(columns[0]?.name).toBe("group");
  const codes = [...atob(columns[0]?.codes ?? "")].map((letter) => letter.charCodeAt(0));
  expect(codes).toEqual([0, 1, 255]);
});

it("a page has all views, with the same numbers for the same points", () => {
  const other: WebPageInput = {
    ...INPUT,
    title: "digits, step 4",
    points: new Uint32Array([4, 3, 2, 1, 0]),
    selected: new Uint32Array([3]),
    isHollow: () => false,
  };
  const page = webPageOf([INPUT, other], false);
  const { views, isLinked } = allDataOf(page);
  const numbers = (packed: string) => [...new Uint32Array(bytesOf(packed).buffer)];
  expect(isLinked).toBe(false);
  expect(views.map(({ points }) => numbers(points))).toEqual([
    [0, 1, 2],
    [4, 3, 2],
  ]);
  expect(views.map(({ selected }) => numbers(selected))).toEqual([[1], [1]]);
  expect([...bytesOf(views[0].hollow)]).toEqual([0, 1, 0]);
  expect(page.match(/<figure /g)).toHaveLength(2);
});

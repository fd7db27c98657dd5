import { describe, expect, it } from "vitest";
import type { Legend } from "../../../src/model/color/color-style";
import { type FigureInput, figureLayout, figureSvg } from "../../../src/model/view/figure";
import { withDensity } from "../../../src/model/view/png-density";

function legendOf(n: number): Legend {
  const entries = Array.from({ length: n }, (_, slot) => ({
    slot,
    kind: "category" as const,
    key: `c${slot}`,
    name: slot === 0 ? 'cats & "dogs"' : `c${slot}`,
    count: 1,
    color: [255, 0, 0] as const,
  }));
  return { kind: "categories", entries, nRest: 0 };
}

const INPUT: FigureInput = {
  title: "Digits <3>",
  hasLegend: true,
  width: 120,
  dpi: 300,
  legend: legendOf(3),
  legendTitle: "label",
  background: "#fff",
  text: "#000",
  font: "sans-serif",
  aspect: 0.75,
};

describe("a figure", () => {
  it("is as wide as was asked for, with the plot beside its legend", () => {
    const { width, height, plot, legendX } = figureLayout(INPUT);
    expect(width).toBe(120);
    expect(plot.width).toBeLessThan(120);
    expect(plot.height).toBeCloseTo(0.75 * plot.width);
    expect(height).toBeCloseTo(plot.y + plot.height);
    expect(legendX).toBeGreaterThanOrEqual(plot.width);
    expect(figureLayout({ ...INPUT, hasLegend: false, title: "" }).plot).toEqual({
      x: 0,
      y: 0,
      width: 120,
      height: 90,
    });
  });

  it("says its size in millimeters, and nothing breaks out of a text", () => {
    const svg = figureSvg(INPUT, "<circle/>");
    expect(svg).toContain('width="120mm"');
    expect(svg).toContain("Digits &#60;3&#62;");
    expect(svg).toContain("cats &#38; &#34;dogs&#34;");
    expect(svg).toContain("<circle/>");
  });

  it("counts the entries that have no room", () => {
    const svg = figureSvg({ ...INPUT, legend: legendOf(400) }, "");
    const [, more = "0"] = /and (\d+) more/.exec(svg) ?? [];
    const shown = svg.match(/ rx=/g)?.length ?? 0;
    expect(shown + Number(more)).toBe(400);
    expect(shown).toBeGreaterThan(5);
  });
});

describe("the density of a PNG", () => {
  it("is a chunk after the header, with its check sum", () => {
    const png = Uint8Array.from({ length: 50 }, (_, at) => at);
    const out = withDensity(png, 300);
    expect(out.length).toBe(71);
    expect([...out.subarray(0, 33)]).toEqual([...png.subarray(0, 33)]);
    expect(new TextDecoder().decode(out.subarray(37, 41))).toBe("pHYs");
    const view = new DataView(out.buffer);
    expect([view.getUint32(33), view.getUint32(41), view.getUint8(49)]).toEqual([9, 11811, 1]);
    // As zlib computes it of these thirteen bytes.
    expect(view.getUint32(50)).toBe(0x78a53f76);
    expect([...out.subarray(54)]).toEqual([...png.subarray(33)]);
  });
});

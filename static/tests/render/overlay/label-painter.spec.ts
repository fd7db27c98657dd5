import { describe, expect, it } from "vitest";
import { HOME_2D, HOME_3D, viewOf } from "../../../src/model/camera/camera";
import { LabelPainter, shorten } from "../../../src/render/overlay/label-painter";
import { appearanceOf } from "../../../src/render/scene/appearance";
import { Scene } from "../../../src/render/scene/scene";
import { FLAG } from "../../../src/render/scene/types";
import { fakePaper } from "../../fakes/fake-canvas";

const VIEWPORT = { width: 400, height: 300 };
const FONT = { family: "sans-serif", size: 12 };

function place(
  labels: readonly { index: number; text: string; emphasized: boolean; isQuiet?: boolean }[],
  flags: readonly number[] = [],
  dims: 2 | 3 = 2,
) {
  const scene = new Scene();
  const flat = [-1, 0, 1, 0, 0, 1, 0, -1];
  const deep = [-1, 0, 1, 1, 0, -1, 0, 1, 0, 0, -1, 0];
  scene.setPositions({ values: new Float32Array(dims === 2 ? flat : deep), dims }, 0, 0);
  const bytes = new Uint8Array(4);
  bytes.set(flags);
  scene.setFlags(bytes);
  const view = viewOf(dims === 2 ? HOME_2D : HOME_3D, VIEWPORT);
  const input = { nPoints: 4, nEmphasized: 0, zoom: 1, pointScale: 1, opacityScale: 1 };
  const painter = new LabelPainter();
  painter.setLabels(labels);
  return painter.place(fakePaper(), scene, view, appearanceOf(view, input), FONT);
}

const label = (index: number, text: string, emphasized = false) => ({ index, text, emphasized });

describe("labels", () => {
  it("stand next to their points, emphasized ones last and stronger", () => {
    const placed = place([label(0, "left", true), label(1, "right")]);
    expect(placed.map(({ text }) => text)).toEqual(["right", "left"]);
    const [plain, strong] = placed;
    expect(strong?.weight).toBeGreaterThan(plain?.weight ?? 0);
    expect(strong?.size).toBeGreaterThan(plain?.size ?? 0);
    expect(plain?.x).toBeGreaterThan(strong?.x ?? 0);
  });

  it("are left out for hidden and missing points, and faint for ghosts", () => {
    const placed = place(
      [label(0, "hidden"), label(1, "ghost"), label(9, "missing")],
      [FLAG.hidden, FLAG.ghost],
    );
    expect(placed.map(({ text, alpha }) => [text, alpha])).toEqual([["ghost", 0.3]]);
  });

  it("fade with the distance in 3D, unless they are emphasized", () => {
    const [far, near] = [label(0, "a"), label(1, "b")];
    const alphas = new Map(place([far, near], [], 3).map(({ text, alpha }) => [text, alpha]));
    expect(Math.abs((alphas.get("a") ?? 0) - (alphas.get("b") ?? 0))).toBeGreaterThan(0.2);
    const strong = place([label(0, "a", true), label(1, "b", true)], [], 3);
    expect(strong.map(({ alpha }) => alpha)).toEqual([1, 1]);
  });

  it("of many are lighter", () => {
    const [plain] = place([label(0, "a")]);
    const [quiet] = place([{ ...label(0, "a"), isQuiet: true }]);
    expect(quiet?.weight).toBeLessThan(plain?.weight ?? 0);
  });
});

describe("shorten", () => {
  it("makes one line of many", () => {
    expect(shorten("  two\n\tlines ")).toBe("two lines");
  });

  it("cuts between characters that people see", () => {
    const family = "👨‍👩‍👧‍👦";
    const cut = shorten(family.repeat(100));
    expect(cut).toBe(`${family.repeat(63)}…`);
    expect(shorten(family.repeat(60))).toBe(family.repeat(60));
  });
});

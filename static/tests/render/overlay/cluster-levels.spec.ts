import { describe, expect, it } from "vitest";
import { HOME_2D, viewOf } from "../../../src/model/camera/camera";
import { LabelPainter } from "../../../src/render/overlay/label-painter";
import { appearanceOf } from "../../../src/render/scene/appearance";
import { Scene } from "../../../src/render/scene/scene";
import type { PointLabel } from "../../../src/render/scene/types";
import { fakePaper } from "../../fakes/fake-canvas";

const THEME = {
  background: "#fff",
  text: "#000",
  textHalo: "#fff",
  ghost: "#ddd",
  selectedRing: "#000",
  hoverRing: "#00f",
  axes: "#ccc",
};

const VIEWPORT = { width: 600, height: 600 };
const FONT = { family: "sans-serif", size: 12 };
const ABOVE = { index: 0, radius: 0.05 };

function cluster(index: number, text: string, level: number, radius: number): PointLabel {
  const isFine = level === 0;
  const mark = { level, radius, reach: radius, hasParts: !isFine, above: isFine ? ABOVE : null };
  return { index, text, emphasized: false, cluster: mark };
}

const LABELS = [
  cluster(0, "whole", 1, 0.05),
  cluster(1, "one", 0, 0.02),
  cluster(2, "two", 0, 0.02),
];

function painterAt(zoom: number, labels: readonly PointLabel[] = LABELS) {
  const scene = new Scene();
  const values = new Float32Array([0, 0, -0.04, 0.03, 0.04, -0.03, -1, 0, 1, 0]);
  scene.setPositions({ values, dims: 2 }, 0, 0);
  scene.setFlags(new Uint8Array(5));
  const view = viewOf({ ...HOME_2D, zoom }, VIEWPORT);
  const input = { nPoints: 5, nEmphasized: 0, zoom, pointScale: 1, opacityScale: 1 };
  const painter = new LabelPainter();
  painter.setLabels(labels);
  const appearance = appearanceOf(view, input);
  painter.paint(fakePaper(), scene, view, appearance, THEME, FONT);
  return { painter, placed: painter.place(fakePaper(), scene, view, appearance, FONT) };
}

const textsAt = (zoom: number) => painterAt(zoom).placed.map(({ text }) => text);

describe("names of clusters", () => {
  it("are broad far away and finer near", () => {
    expect(textsAt(1)).toEqual(["whole"]);
    expect(textsAt(8).sort()).toEqual(["one", "two"]);
  });

  it("never show a cluster beside its own parts", () => {
    for (let zoom = 0.5; zoom < 20; zoom *= 1.2) {
      const seen = textsAt(zoom);
      expect(seen.includes("whole") && seen.some((text) => text !== "whole")).toBe(false);
      expect(seen.length).toBeGreaterThan(0);
    }
  });

  it("stand on a cluster that is large, and beside one that is small", () => {
    const [small] = painterAt(1, [cluster(0, "alone", 1, 0.01)]).placed;
    const [large] = painterAt(1, [cluster(0, "alone", 1, 0.12)]).placed;
    const middle = (at: typeof small) => (at ? at.x + at.width / 2 : Number.NaN);
    expect(middle(large)).toBeCloseTo(300, 0);
    expect(small?.x ?? 0).toBeGreaterThan(300);
  });

  it("answer where they are written, and nowhere else", () => {
    const { painter, placed } = painterAt(1);
    const [at] = placed;
    expect(painter.clusterAt((at?.x ?? 0) + 2, at?.y ?? 0)?.text).toBe("whole");
    expect(painter.clusterAt((at?.x ?? 0) - 4, at?.y ?? 0)).toBeNull();
    expect(painter.clusterAt((at?.x ?? 0) + 2, (at?.y ?? 0) + 30)).toBeNull();
    const plain = painterAt(1, [{ index: 0, text: "a point", emphasized: true }]);
    const [name] = plain.placed;
    expect(plain.painter.clusterAt((name?.x ?? 0) + 2, name?.y ?? 0)).toBeNull();
  });
});

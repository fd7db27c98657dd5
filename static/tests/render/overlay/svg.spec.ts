import { describe, expect, it } from "vitest";
import { HOME_2D, viewOf } from "../../../src/model/camera/camera";
import { svgOf } from "../../../src/render/overlay/svg";
import { appearanceOf } from "../../../src/render/scene/appearance";
import { Scene } from "../../../src/render/scene/scene";
import { FLAG } from "../../../src/render/scene/types";

const THEME = {
  background: "#fff",
  text: "#111",
  textHalo: "#eee",
  ghost: "#bbb",
  selectedRing: "#00f",
  hoverRing: "#00f",
  axes: "#999",
};

function svg(flags: readonly number[], raster: string | null = null): string {
  const scene = new Scene();
  scene.setPositions({ values: new Float32Array([-1, 0, 1, 0, 0, 1, 0, NaN]), dims: 2 }, 0, 0);
  scene.setFlags(Uint8Array.from({ length: 4 }, (_, i) => flags[i] ?? 0));
  const palette = new Uint8Array([255, 0, 0, 255, 0, 128, 0, 255]);
  scene.setColoring({ codes: new Uint16Array([0, 1, 1, 0]), palette });
  const view = viewOf(HOME_2D, { width: 400, height: 300 });
  const input = { nPoints: 3, nEmphasized: 0, zoom: 1, pointScale: 1, opacityScale: 1 };
  const label = { text: 'a<b> & "c"', x: 10, y: 20, size: 12, weight: 600, alpha: 1 };
  return svgOf(scene, view, appearanceOf(view, input), THEME, [label], "serif", raster);
}

const fills = (text: string) => [...text.matchAll(/<circle[^>]* fill="([^"]+)"/g)].map((m) => m[1]);

describe("an SVG", () => {
  it("has a circle for every point that is drawn, in its color", () => {
    expect(fills(svg([]))).toEqual(["#ff0000", "#008000", "#008000"]);
    expect(fills(svg([FLAG.hidden]))).toEqual(["#008000", "#008000"]);
  });

  it("has ghosts below and selected points on top", () => {
    expect(fills(svg([FLAG.selected, 0, FLAG.ghost]))).toEqual(["#bbb", "#008000", "#ff0000"]);
  });

  it("has one image for points that are too many for circles", () => {
    const text = svg([], "data:image/png;base64,AAAA");
    expect(fills(text)).toEqual([]);
    expect(text).toContain('<image width="400" height="300" href="data:image/png;base64,AAAA"/>');
  });

  it("has labels as texts, whatever is in them", () => {
    expect(svg([])).toContain(">a&#60;b&#62; &#38; &#34;c&#34;</text>");
  });
});

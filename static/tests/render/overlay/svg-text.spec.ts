// @vitest-environment jsdom
import { expect, it } from "vitest";
import { HOME_2D, viewOf } from "../../../src/model/camera/camera";
import { svgOf } from "../../../src/render/overlay/svg";
import { appearanceOf } from "../../../src/render/scene/appearance";
import { Scene } from "../../../src/render/scene/scene";

const THEME = {
  background: "#fff",
  text: "#111",
  textHalo: "#eee",
  ghost: "#bbb",
  selectedRing: "#00f",
  hoverRing: "#00f",
  axes: "#999",
};

/** An SVG with labels and nothing else: an empty plot is one, too. */
function svgWith(texts: readonly string[], font = "serif"): string {
  const scene = new Scene();
  const view = viewOf(HOME_2D, { width: 400, height: 300 });
  const input = { nPoints: 0, nEmphasized: 0, zoom: 1, pointScale: 1, opacityScale: 1 };
  const labels = texts.map((text) => ({ text, x: 1, y: 2, size: 12, weight: 600, alpha: 1 }));
  return svgOf(scene, view, appearanceOf(view, input), THEME, labels, font, null);
}

/** The texts of an SVG as a strict parser reads them. */
function parsed(svg: string): readonly string[] {
  const document = new DOMParser().parseFromString(svg, "image/svg+xml");
  const wrong = document.querySelector("parsererror");
  if (wrong) throw new Error(wrong.textContent ?? "not well-formed");
  return [...document.querySelectorAll("text")].map((each) => each.textContent ?? "");
}

it("is well-formed without a point and without a label", () => {
  expect(parsed(svgWith([]))).toEqual([]);
});

it("is well-formed with any unit of UTF-16 in a label", () => {
  const units = Array.from({ length: 0x10000 }, (_, unit) => String.fromCharCode(unit));
  for (let at = 0; at < units.length; at += 0x1000) {
    const texts = units.slice(at, at + 0x1000).map((unit) => `a${unit}b`);
    const found = parsed(svgWith(texts));
    expect(found).toHaveLength(texts.length);
    for (const [i, text] of texts.entries()) {
      const code = text.charCodeAt(1);
      const isLegal = code >= 0x20 ? code < 0xd800 || (code > 0xdfff && code < 0xfffe) : false;
      // A line end is read as a line feed; a tab stays.
      const kept = code === 13 ? "a\nb" : code === 9 || code === 10 || isLegal ? text : "a\ufffdb";
      expect(found[i]).toBe(kept);
    }
  }
});

it("keeps letters beyond the first plane, and marks halves of them", () => {
  const face = "\u{1f600}";
  expect(parsed(svgWith([face, `${face[0]}x`, `x${face[1]}`, "]]>", "<!--"]))).toEqual([
    face,
    "\ufffdx",
    "x\ufffd",
    "]]>",
    "<!--",
  ]);
});

it("is well-formed with any font", () => {
  expect(parsed(svgWith(["a"], '"Quoted \u0001", <b> & \ud800'))).toEqual(["a"]);
});

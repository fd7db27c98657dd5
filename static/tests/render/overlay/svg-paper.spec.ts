import { describe, expect, it } from "vitest";
import { createSvgPaper } from "../../../src/render/overlay/svg-paper";

describe("paper for an SVG", () => {
  it("remembers lines and disks with the style of the moment", () => {
    const paper = createSvgPaper();
    paper.strokeStyle = "#123456";
    paper.lineWidth = 0.75;
    paper.globalAlpha = 0.5;
    paper.beginPath();
    paper.moveTo(1, 2);
    paper.lineTo(3.456, 4);
    paper.stroke();
    paper.beginPath();
    paper.arc(10, 20, 2, 0, 2 * Math.PI);
    paper.fillStyle = "#ffffff";
    paper.globalAlpha = 1;
    paper.fill();
    expect(paper.text().split("\n")).toEqual([
      '<path d="M1 2L3.46 4" fill="none" stroke="#123456" stroke-width="0.75" opacity="0.5"/>',
      '<path d="M12 20A2 2 0 1 1 8 20A2 2 0 1 1 12 20" fill="#ffffff" opacity="1"/>',
    ]);
  });

  it("remembers an image where it lies, and its alpha alone", () => {
    const paper = createSvgPaper();
    const image = {
      width: 4,
      height: 2,
      toDataURL: () => "data:image/png;base64,AA==",
    } as HTMLCanvasElement;
    paper.save();
    paper.transform(2, 0, 0, -2, 10, 20);
    paper.globalAlpha = 0.25;
    paper.drawImage(image, 0, 0);
    paper.restore();
    expect(paper.text()).toBe(
      '<image href="data:image/png;base64,AA==" x="0" y="0" width="4" height="2" transform="matrix(2 0 0 -2 10 20)" opacity="0.25"/>',
    );
    expect(paper.globalAlpha).toBe(1);
  });

  it("writes nothing where nothing was drawn", () => {
    const paper = createSvgPaper();
    paper.beginPath();
    paper.stroke();
    expect(paper.text()).toBe("");
  });
});

/** Paper that remembers lines, rings and disks as paths of an SVG, in place of a canvas. */
import type { Paper } from "../scene/types";

export interface SvgPaper extends Paper {
  /** The paths that were stroked and filled so far. */
  text(): string;
}

export function createSvgPaper(): SvgPaper {
  const paths: string[] = [];
  let path = "";
  /** Of the images that follow: painters transform nothing else. */
  let matrix = "";
  const style = { strokeStyle: "#000", fillStyle: "#000", lineWidth: 1, globalAlpha: 1 };
  const write = (attributes: string) => {
    if (path === "") return;
    paths.push(`<path d="${path}" ${attributes} opacity="${rounded(style.globalAlpha)}"/>`);
  };
  return Object.assign(style, {
    beginPath() {
      path = "";
    },
    moveTo(x: number, y: number) {
      path += `M${rounded(x)} ${rounded(y)}`;
    },
    lineTo(x: number, y: number) {
      path += `L${rounded(x)} ${rounded(y)}`;
    },
    /** Whole circles only: painters draw no other arcs. */
    arc(x: number, y: number, radius: number) {
      const r = rounded(radius);
      const [left, right] = [rounded(x - radius), rounded(x + radius)];
      path += `M${right} ${rounded(y)}A${r} ${r} 0 1 1 ${left} ${rounded(y)}A${r} ${r} 0 1 1 ${right} ${rounded(y)}`;
    },
    stroke() {
      write(`fill="none" stroke="${style.strokeStyle}" stroke-width="${style.lineWidth}"`);
    },
    fill() {
      write(`fill="${style.fillStyle}"`);
    },
    save() {
      matrix = "";
    },
    restore() {
      matrix = "";
    },
    transform(...parts: readonly [number, number, number, number, number, number]) {
      matrix = `matrix(${parts.join(" ")})`;
    },
    drawImage(image: HTMLCanvasElement, x: number, y: number) {
      const { width, height } = image;
      const place = `x="${x}" y="${y}" width="${width}" height="${height}"`;
      paths.push(
        `<image ${place} href="${image.toDataURL("image/png")}" transform="${matrix}" opacity="${rounded(style.globalAlpha)}"/>`,
      );
    },
    text: () => paths.join("\n"),
  });
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}

/** Paper that remembers lines, rings, disks and images as parts of an SVG, in place of a canvas. */
import type { Paper } from "../scene/types";

export interface SvgPaper extends Paper {
  /** What was painted so far. */
  text(): string;
}

export function createSvgPaper(): SvgPaper {
  const paths: string[] = [];
  let path = "";
  let matrix = "";
  let alpha = 1;
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
      alpha = style.globalAlpha;
    },
    transform(...numbers: number[]) {
      matrix = numbers.join(" ");
    },
    drawImage(image: HTMLCanvasElement, x: number, y: number) {
      const { width, height } = image;
      paths.push(
        `<image href="${image.toDataURL()}" x="${x}" y="${y}" width="${width}" height="${height}" transform="matrix(${matrix})" opacity="${rounded(style.globalAlpha)}"/>`,
      );
    },
    restore() {
      matrix = "";
      style.globalAlpha = alpha;
    },
    text: () => paths.join("\n"),
  });
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}

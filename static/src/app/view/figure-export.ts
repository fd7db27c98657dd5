/** Makes files of the plot with its title and legend, in the size that was asked for. */
import {
  type FigureInput,
  figureLayout,
  figureSvg,
  MILLIMETERS_PER_INCH,
} from "../../model/view/figure";
import { withDensity } from "../../model/view/png-density";
import type { Cloud } from "../../render/scene/types";

type Figure = Omit<FigureInput, "aspect">;

/** No browser draws on a larger canvas. */
const MAX_SIDE = 16_384;

/** Texts and circles, with the plot as it stands. */
export async function vectorFigure(figure: Figure, cloud: Cloud): Promise<string> {
  const plot = await cloud.toSvg();
  const [, width = 1, height = 1] = (/width="([\d.]+)" height="([\d.]+)"/.exec(plot) ?? []).map(
    Number,
  );
  return figureSvg(
    { ...figure, aspect: height / width },
    plot.replace(/^<svg ([^>]*?)width="[^"]*" height="[^"]*"/, "<svg $1"),
  );
}

/** The plot drawn anew with as many pixels as the figure has for it. */
export async function figurePng(figure: Figure, cloud: Cloud): Promise<Blob> {
  const small = await createImageBitmap(await cloud.toBlob(1));
  const aspect = small.height / small.width;
  const input = { ...figure, aspect };
  const layout = figureLayout(input);
  const perMillimeter = figure.dpi / MILLIMETERS_PER_INCH;
  const [width, height] = [layout.width, layout.height].map((side) =>
    Math.round(side * perMillimeter),
  );
  if (!width || !height || Math.max(width, height) > MAX_SIDE) {
    throw new Error(
      `An image has at most ${MAX_SIDE} pixels a side: take fewer millimeters or dpi.`,
    );
  }
  const plot = await cloud.toBlob((layout.plot.width * perMillimeter) / small.width);
  const content = `<image width="100%" height="100%" href="${await dataUrl(plot)}"/>`;
  const svg = figureSvg(input, content).replace(
    /width="[^"]*" height="[^"]*"/,
    `width="${width}" height="${height}"`,
  );
  const canvas = new OffscreenCanvas(width, height);
  canvas.getContext("2d")?.drawImage(await imageOf(svg), 0, 0, width, height);
  const bytes = await (await canvas.convertToBlob({ type: "image/png" })).arrayBuffer();
  return new Blob([withDensity(new Uint8Array(bytes), figure.dpi)], { type: "image/png" });
}

function dataUrl(blob: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(blob);
  });
}

async function imageOf(svg: string): Promise<HTMLImageElement> {
  const url = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    return image;
  } finally {
    URL.revokeObjectURL(url);
  }
}

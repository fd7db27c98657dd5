/** The pass that draws points as images: one atlas texture, tile i for point i. */

import type { Scene } from "../scene/scene";
import type { SpriteSheet } from "../scene/types";
import { rgb } from "./colors";
import { type Frame, fogUniform, guardBand, POINT_UNIFORMS, pointUniforms } from "./frame";
import { createTexture, type GL, maxPointSize, type Program } from "./gl";
import { drawPoints, kindOf, type LayerName, type Pass, type PassInput, pointsIn } from "./pass";
import type { PointBuffers } from "./point-buffers";
import pointSource from "./shaders/point.glsl?raw";
import fragmentSource from "./shaders/sprites.frag?raw";
import vertexSource from "./shaders/sprites.vert?raw";
import type { Shared } from "./shared";

/** Uniforms of shaders/sprites.vert and sprites.frag. */
const UNIFORMS = {
  ...POINT_UNIFORMS,
  palette: "int",
  image: "int",
  opacity: "float",
  ghost: "vec4",
  background: "vec3",
  ring: "vec3",
  style: "vec2",
  sheet: "vec2",
  tile: "vec2",
  aspect: "vec2",
  halfTexel: "vec2",
} as const;

export class SpritesPass implements Pass {
  readonly drawCalls = 1;
  private readonly gl: GL;
  private readonly program: Program<typeof UNIFORMS>;
  private readonly texture: WebGLTexture;
  private readonly maxSize: number;
  private uploaded = -1;
  /** Texels of the texture per pixel of the sheet: below 1 when the sheet exceeds the GPU's limit. */
  private shrink = 1;

  constructor(shared: Shared) {
    const { gl } = shared;
    this.gl = gl;
    this.program = shared.program(pointSource + vertexSource, fragmentSource, UNIFORMS);
    this.texture = createTexture(gl, gl.LINEAR);
    this.maxSize = maxPointSize(gl);
  }

  sizeOf(layer: LayerName, scene: Scene): number {
    return scene.drawsSprites ? pointsIn(layer, scene) : 0;
  }

  draw(layer: LayerName, input: PassInput): void {
    const { sheet } = input.scene;
    if (sheet === null) return;
    this.prepare(layer, input.scene, input.frame, input.buffers, sheet);
    drawPoints(this.gl, layer, input);
  }

  private prepare(
    layer: LayerName,
    scene: Scene,
    frame: Frame,
    buffers: PointBuffers,
    sheet: SpriteSheet,
  ): void {
    const { gl } = this;
    const { appearance, colors, pixelRatio } = frame;
    this.sync(sheet, scene.revision.sheet);
    const most = Math.min(this.maxSize, appearance.maxSpriteSize * pixelRatio);
    const band = guardBand(frame.view.matrix, frame.width, frame.height, most);
    gl.viewport(band.x, band.y, band.width, band.height);
    buffers.bindPalette(0);
    gl.activeTexture(gl.TEXTURE1);
    gl.bindTexture(gl.TEXTURE_2D, this.texture);
    const { tileWidth, tileHeight, image } = sheet;
    this.program.use({
      ...pointUniforms(scene, frame.view, band.matrix),
      layer: kindOf(layer),
      size: [appearance.spriteSize * pixelRatio, most],
      palette: 0,
      image: 1,
      opacity: Math.min(1, scene.opacityScale),
      ghost: colors.ghost,
      background: rgb(colors.background),
      ring: rgb(colors.selectedRing),
      style: [Math.max(0, appearance.ringStrength), pixelRatio],
      fog: fogUniform(scene, frame),
      sheet: [sheet.columns, sheet.nTiles],
      tile: [tileWidth / image.width, tileHeight / image.height],
      aspect: aspectOf(sheet),
      halfTexel: [
        Math.min(0.5, 0.5 / (tileWidth * this.shrink)),
        Math.min(0.5, 0.5 / (tileHeight * this.shrink)),
      ],
    });
  }

  dispose(): void {
    this.gl.deleteTexture(this.texture);
  }

  private sync(sheet: SpriteSheet, revision: number): void {
    if (this.uploaded === revision) return;
    this.uploaded = revision;
    const { gl } = this;
    const { width, height } = sheet.image;
    const limit = gl.getParameter(gl.MAX_TEXTURE_SIZE) as number;
    this.shrink = Math.min(1, limit / Math.max(width, height));
    gl.bindTexture(gl.TEXTURE_2D, this.texture);
    const source = this.shrink < 1 ? shrunk(sheet.image, this.shrink) : sheet.image;
    // Linear filtering mixes texels: with straight alpha, dark seams would stand around the images.
    gl.pixelStorei(gl.UNPACK_PREMULTIPLY_ALPHA_WEBGL, true);
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA8, gl.RGBA, gl.UNSIGNED_BYTE, source);
    gl.pixelStorei(gl.UNPACK_PREMULTIPLY_ALPHA_WEBGL, false);
  }
}

/** A tile's width and height over the longer of the two. */
export function aspectOf({ tileWidth, tileHeight }: SpriteSheet): readonly [number, number] {
  const longer = Math.max(tileWidth, tileHeight, 1);
  return [tileWidth / longer, tileHeight / longer];
}

function shrunk(image: ImageBitmap, scale: number): ImageBitmap | OffscreenCanvas {
  const width = Math.max(1, Math.floor(image.width * scale));
  const height = Math.max(1, Math.floor(image.height * scale));
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext("2d");
  if (context === null) return image;
  context.imageSmoothingQuality = "high";
  context.drawImage(image, 0, 0, width, height);
  return canvas;
}

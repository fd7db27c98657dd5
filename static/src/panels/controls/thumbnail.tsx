/** One tile of the sprite sheet, drawn from memory: no request for a hover. */
import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { Sprite } from "../../model/data/sprite";

export interface ThumbnailProps {
  readonly sprite: Sprite;
  readonly index: number;
  /** CSS pixels of the longer side. */
  readonly size: number;
}

export function Thumbnail({ sprite, index, size }: ThumbnailProps): JSX.Element | null {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { image, tileWidth, tileHeight, columns } = sprite;
  useLayoutEffect(() => {
    const context = canvas.current?.getContext("2d");
    if (!context) return;
    const x = (index % columns) * tileWidth;
    const y = Math.floor(index / columns) * tileHeight;
    context.clearRect(0, 0, tileWidth, tileHeight);
    context.drawImage(image, x, y, tileWidth, tileHeight, 0, 0, tileWidth, tileHeight);
  });
  if (index >= sprite.nTiles) return null;
  const scale = size / Math.max(tileWidth, tileHeight);
  return (
    <canvas
      ref={canvas}
      class={`thumbnail${scale > 1 ? " is-magnified" : ""}`}
      width={tileWidth}
      height={tileHeight}
      style={{ width: `${tileWidth * scale}px`, height: `${tileHeight * scale}px` }}
    />
  );
}

/** A decoded sprite: one image with a tile for each point. */

/** Equal tiles, row-major: tile i is point i's image. */
export interface Sprite {
  readonly image: ImageBitmap;
  /** Pixels of the image. */
  readonly tileWidth: number;
  readonly tileHeight: number;
  /** Tiles in one row of the image; it need not be square. */
  readonly columns: number;
  readonly nTiles: number;
}

/** Where elements get the images and sounds of points from. */

/** A file that a point's metadata names. */
export interface MediaPlace {
  readonly dataset: string;
  readonly index: number;
  readonly column: number;
}

/** A promise where the file is fetched first: it is then a "blob:", which whoever asked revokes. */
export type MediaUrl = string | Promise<string>;

export interface MediaUrls {
  /** A point's tile of the sprite. */
  imageUrl(dataset: string, index: number): MediaUrl;
  /**
   * @param revision The server does not read it: it gives a rewritten file another address, so
   *   that the browser does not show the old one.
   */
  mediaUrl(place: MediaPlace, revision: string): MediaUrl;
}

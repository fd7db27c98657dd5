/** Requests for a dataset: its description, sprite, scalars and bookmarks. */
import type { Dataset } from "../model/data/dataset";
import type { Scalars } from "../model/data/scalars";
import { getBytes, getJson, send } from "./requests";
import type { Transport } from "./transport";

export type DatasetsApi = ReturnType<typeof datasetsApi>;

/** The atlas as it came: a sheet that is too large is cut into smaller tiles by the server. */
export interface SpriteImage {
  readonly image: ImageBitmap;
  readonly tileWidth: number;
  readonly tileHeight: number;
  readonly columns: number;
}

export function datasetsApi(transport: Transport) {
  return {
    get(id: string, signal?: AbortSignal): Promise<Dataset> {
      return getJson(transport, ["datasets", id], { signal });
    },

    scalars(id: string, signal?: AbortSignal): Promise<Scalars> {
      return getJson(transport, ["datasets", id, "scalars"], { signal });
    },

    /** The text of the bookmarks that the log directory has for a dataset. */
    async bookmarks(id: string, signal?: AbortSignal): Promise<string> {
      const body = await getBytes(transport, ["datasets", id, "bookmarks"], { signal });
      return new TextDecoder().decode(body);
    },

    /** @param maxSide Pixels; the server scales a larger sheet down. */
    async sprite(dataset: Dataset, maxSide: number, signal?: AbortSignal): Promise<SpriteImage> {
      const response = await send(transport, {
        path: ["datasets", dataset.id, "sprite"],
        query: { max_side: maxSide },
        signal,
      });
      const type = response.header("Content-Type") ?? "image/png";
      const blob = new Blob([await response.bytes()], { type });
      const [width, height] = (response.header("Projector-Tile") ?? "").split(",").map(Number);
      const columns = Number(response.header("Projector-Columns"));
      // Alpha and colors as they are in the file: the image is data.
      const image = await createImageBitmap(blob, {
        premultiplyAlpha: "none",
        colorSpaceConversion: "none",
      });
      return {
        image,
        tileWidth: width || dataset.sprite?.tile[0] || 1,
        tileHeight: height || dataset.sprite?.tile[1] || 1,
        columns: columns || dataset.sprite?.columns || 1,
      };
    },
  };
}

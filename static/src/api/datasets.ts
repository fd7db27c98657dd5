/** Requests for a dataset: its description, sprite, scalars and bookmarks. */
import type { Dataset } from "../model/data/dataset";
import type { Density } from "../model/data/density";
import type { Estimates } from "../model/data/estimate";
import type { Scalars } from "../model/data/scalars";
import { rowBits } from "../model/view/row-bits";
import type { Selection } from "../model/view/selection";
import { getBytes, getJson, readJson, send } from "./requests";
import type { Transport } from "./transport";
import { readRows } from "./wire";

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

    /** Lists some points as a dataset of their own; answers its id. */
    async subset({ id, n_points }: Dataset, rows: Selection): Promise<string> {
      const path = ["datasets", id, "subset"];
      const headers = { "Content-Type": "application/octet-stream" };
      const body = rowBits([rows], n_points).buffer;
      const answer = await send(transport, { method: "POST", path, headers, body });
      return (await readJson<{ readonly dataset: string }>(answer, path)).dataset;
    },

    /** How long methods will take, as far as something alike was measured. */
    estimates(id: string, signal?: AbortSignal): Promise<Estimates> {
      return getJson(transport, ["datasets", id, "estimates"], { signal });
    },

    /** Of all points, where these are some of more: how many are counted, or what there is. */
    density(id: string, signal?: AbortSignal): Promise<Density> {
      return getJson(transport, ["datasets", id, "density"], { signal });
    },

    /** How many of all points are in each cell of a grid, from low to high y. */
    async densityLevel(id: string, side: number, signal?: AbortSignal): Promise<Uint32Array> {
      return readRows(
        await getBytes(transport, ["datasets", id, "density", String(side)], { signal }),
      );
    },

    /** Of each point of a subset its row in the dataset that is no subset. */
    async ids(id: string, signal?: AbortSignal): Promise<Uint32Array> {
      return readRows(await getBytes(transport, ["datasets", id, "ids"], { signal }));
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

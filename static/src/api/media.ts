/** Addresses of images and sounds that elements load by themselves. */
import type { MediaPlace, MediaUrls } from "../model/data/media-place";
import { messageOf } from "./errors";
import { send } from "./requests";
import type { Transport } from "./transport";

export interface MediaApi extends MediaUrls {
  /** Why a file could not be shown: the elements that load it do not say. */
  problem(place: MediaPlace): Promise<string>;
}

export function mediaApi(transport: Transport): MediaApi {
  const pathOf = ({ dataset, index, column }: MediaPlace) =>
    ["datasets", dataset, "points", index, "media", column] as const;
  return {
    imageUrl: (dataset, index) => transport.url(["datasets", dataset, "points", index, "image"]),

    mediaUrl: (place, revision) => transport.url(pathOf(place), { revision }),

    async problem(place) {
      try {
        const response = await send(transport, { path: pathOf(place) });
        await response.stream().cancel();
        return "The browser cannot show this file.";
      } catch (error) {
        return messageOf(error);
      }
    },
  };
}

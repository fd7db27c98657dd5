/** Addresses of images and sounds that elements load by themselves. */
import { messageOf } from "./errors";
import { send } from "./requests";
import type { Transport } from "./transport";

export type MediaApi = ReturnType<typeof mediaApi>;

/** A file that a point's metadata names. */
export interface MediaPlace {
  readonly dataset: string;
  readonly index: number;
  readonly column: number;
}

export function mediaApi(transport: Transport) {
  const pathOf = ({ dataset, index, column }: MediaPlace) =>
    ["datasets", dataset, "points", index, "media", column] as const;
  return {
    /** A point's tile of the sprite. */
    imageUrl(dataset: string, index: number): Promise<string> {
      return transport.url(["datasets", dataset, "points", index, "image"]);
    },

    /**
     * @param revision The server does not read it: it gives a rewritten file another address, so
     *   that the browser does not show the old one.
     */
    mediaUrl(place: MediaPlace, revision: string): Promise<string> {
      return transport.url(pathOf(place), { revision });
    },

    /** Why a file could not be shown: the elements that load it do not say. */
    async problem(place: MediaPlace): Promise<string> {
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

/** Addresses of a point's media for panels, until they are given addresses: see media.ts. */
import { messageOf } from "./errors";
import { httpTransport } from "./http-transport";
import { send } from "./requests";
import { pathText } from "./transport";

export function mediaAddress(
  dataset: string,
  index: number,
  column: number,
  revision: string,
): string {
  const path = ["datasets", dataset, "points", index, "media", column];
  return new URL(`api/v1/${pathText(path, { revision })}`, document.baseURI).href;
}

export async function mediaProblem(url: string): Promise<string> {
  try {
    await send(httpTransport(url), { path: [] });
    return "The browser can not show this file.";
  } catch (error) {
    return messageOf(error);
  }
}

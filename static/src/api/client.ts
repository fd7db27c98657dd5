/** The address of a point's image for panels, until they are given addresses: see media.ts. */
import { pathText } from "./transport";

export function imageAddress(dataset: string, index: number): string {
  const path = ["datasets", dataset, "points", index, "image"];
  return new URL(`api/v1/${pathText(path)}`, document.baseURI).href;
}

/** What stands beside an embedding: scalars, pictures and sounds, questions to its space. */

import type { Scalars } from "../model/data/scalars";
import type { Nearest } from "../model/projection/expression";
import type { Metric } from "../model/projection/neighbors";
import { messageOf } from "./errors";
import { address, getBytes, getJson, postJson, send } from "./http";

export function getScalars(dataset: string, signal?: AbortSignal): Promise<Scalars> {
  return getJson(address(["datasets", dataset, "scalars"]), signal);
}

/** The text of the bookmarks that the log has for a dataset. */
export async function getBookmarks(dataset: string, signal?: AbortSignal): Promise<string> {
  const body = await getBytes(address(["datasets", dataset, "bookmarks"]), signal);
  return new TextDecoder().decode(body);
}

/** Why an image or sound did not come: elements that fetch by themselves do not say it. */
export async function mediaProblem(url: string): Promise<string> {
  try {
    await send(url);
    return "This browser cannot show this file.";
  } catch (error) {
    return messageOf(error);
  }
}

export interface NearestQuestion {
  readonly k: number;
  readonly metric: Metric;
}

export function getNearestToExpression(
  dataset: string,
  expression: string,
  column: number | null,
  question: NearestQuestion,
  signal?: AbortSignal,
): Promise<Nearest> {
  const body = { expression, ...(column !== null && { column }), ...question };
  return postJson(address(["datasets", dataset, "nearest"]), body, signal);
}

export function getNearestToPoints(
  dataset: string,
  points: Iterable<number>,
  question: NearestQuestion,
  signal?: AbortSignal,
): Promise<Nearest> {
  const body = { points: [...points], ...question };
  return postJson(address(["datasets", dataset, "nearest"]), body, signal);
}

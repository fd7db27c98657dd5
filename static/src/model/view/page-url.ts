/** Writes all views of a page as the part of its address after the #, and reads them. */
import { choiceOf, type MatchChoice } from "./matching";
import type { Selection } from "./selection";
import { decodeUrl, encodeUrl, type UrlState } from "./url-state";
import { MOST_VIEWS, type View } from "./view";

export interface PageUrl {
  /** At least one. */
  readonly views: readonly UrlState[];
  /** The place of the active one. */
  readonly active: number;
  readonly areCamerasLinked: boolean;
  readonly matchBy: MatchChoice;
}

export interface ViewToWrite {
  readonly view: View;
  readonly selection: Selection;
}

/**
 * The first view as the only one is written, then the others, each as one text; `isWhole` includes
 * lists of any length.
 */
export function encodePage(
  views: readonly ViewToWrite[],
  active: number,
  areCamerasLinked: boolean,
  isWhole = false,
  matchBy: MatchChoice = "auto",
): string {
  const [first, ...others] = views.map(({ view, selection }) =>
    encodeUrl(view, selection, isWhole),
  );
  const query = new URLSearchParams(others.map((text) => ["view", text]));
  if (active > 0) query.set("active", String(active + 1));
  if (others.length > 0 && !areCamerasLinked) query.set("cameras", "free");
  if (others.length > 0 && matchBy !== "auto") query.set("match", matchBy);
  return [first, query.toString()].filter(Boolean).join("&");
}

/** Read an address; what is missing or malformed gets its initial value, and is never an error. */
export function decodePage(hash: string): PageUrl {
  const query = new URLSearchParams(hash.replace(/^#/, ""));
  const texts = [hash, ...query.getAll("view")].slice(0, MOST_VIEWS);
  const active = Number(query.get("active") ?? 1) - 1;
  return {
    views: texts.map(decodeUrl),
    active: Number.isInteger(active) && active >= 0 && active < texts.length ? active : 0,
    areCamerasLinked: query.get("cameras") !== "free",
    matchBy: choiceOf(query.get("match") ?? ""),
  };
}

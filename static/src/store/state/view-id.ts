/** Names of views. */
export type ViewId = string;

/** The view that a page starts with. */
export const FIRST_VIEW: ViewId = "1";

/** A, B, C, … by the place in the order of the page. */
export function letterAt(place: number): string {
  return String.fromCharCode(65 + place);
}

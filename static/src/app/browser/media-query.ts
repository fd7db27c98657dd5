/** Follows what the browser says of the system and of the window. */

/** Tell now and at every change whether a media query matches; returns the way to stop. */
export function followMedia(query: string, tell: (matches: boolean) => void): () => void {
  const media = window.matchMedia(query);
  const hear = () => tell(media.matches);
  hear();
  media.addEventListener("change", hear);
  return () => media.removeEventListener("change", hear);
}

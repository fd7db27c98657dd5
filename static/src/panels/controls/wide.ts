/** Whether the window is wide enough that the header holds the search field, too. */
import { useEffect, useState } from "preact/hooks";

/** As in page.css. */
const WIDE = "(min-width: 1280px)";

export function useIsWide(): boolean {
  const [isWide, setWide] = useState(() => matchMedia(WIDE).matches);
  useEffect(() => {
    const query = matchMedia(WIDE);
    const follow = () => setWide(query.matches);
    query.addEventListener("change", follow);
    follow();
    return () => query.removeEventListener("change", follow);
  }, []);
  return isWide;
}

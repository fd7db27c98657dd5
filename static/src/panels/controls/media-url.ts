/** The address of an image or a sound, for an `img` or an `audio`. */
import { useEffect, useMemo, useState } from "preact/hooks";
import type { MediaUrl, MediaUrls } from "../../model/data/media-place";
import { usePanel } from "../context";

/**
 * Undefined until it is there, and "" where it could not be had: the element then fails as with any
 * other address that has nothing.
 */
export function useMediaUrl(
  ask: (media: MediaUrls) => MediaUrl,
  inputs: readonly unknown[],
): string | undefined {
  const { media } = usePanel();
  const asked = useMemo(() => media && ask(media), [media, ...inputs]);
  const [fetched, setFetched] = useState<string>();
  useEffect(() => {
    if (!(asked instanceof Promise)) return;
    let isLeft = false;
    let url = "";
    asked
      .catch(() => "")
      .then((made) => {
        url = made;
        if (isLeft) URL.revokeObjectURL(url);
        else setFetched(url);
      });
    return () => {
      isLeft = true;
      URL.revokeObjectURL(url);
      setFetched(undefined);
    };
  }, [asked]);
  return asked instanceof Promise ? fetched : asked;
}

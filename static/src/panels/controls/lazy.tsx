/** A part of the page whose code is fetched when it is first wanted: the first picture needs none of it. */
import type { ComponentType, JSX } from "preact";
import { useEffect, useState } from "preact/hooks";

export interface LazyProps {
  readonly isWanted: boolean;
  /** One function for all drawings: another one is another part. */
  readonly load: () => Promise<ComponentType>;
}

export function Lazy({ isWanted, load }: LazyProps): JSX.Element | null {
  const [found, setFound] = useState<{ readonly Part: ComponentType } | null>(null);
  useEffect(() => {
    if (!isWanted || found) return;
    // Where the server is away the banner says so, and the next time tries again.
    load().then(
      (Part) => setFound({ Part }),
      () => undefined,
    );
  }, [isWanted, found, load]);
  return isWanted && found ? <found.Part /> : null;
}

/** Where the command palette comes: its code is fetched when it is first asked for. */
import type { JSX } from "preact";
import { useCallback, useLayoutEffect, useState } from "preact/hooks";
import { useSelect } from "../context";
import { Lazy } from "../controls/lazy";
import { TypedAhead } from "./typed-ahead";

export function PaletteSlot(): JSX.Element {
  const isWanted = useSelect(({ page }) => page.dialog === "palette");
  const [typed] = useState(() => new TypedAhead());
  useLayoutEffect(() => (isWanted ? typed.keep() : undefined), [isWanted, typed]);
  const load = useCallback(async () => {
    const { PaletteDialog } = await import("./command-palette");
    return () => <PaletteDialog typed={typed} />;
  }, [typed]);
  return <Lazy isWanted={isWanted} load={load} />;
}

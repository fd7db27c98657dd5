/** What a point is called; asked for where it is not known yet. */
import { useEffect } from "preact/hooks";
import { isNameAwaited, pointLabel } from "../../store/selectors/shown";
import { useSelect, useStore } from "../context";

/** The name of a point, "…" until it has come. */
export function usePointLabel(index: number): string {
  useNames([index]);
  return useSelect((state) => pointLabel(state, index), [index]);
}

/** Have the names of some points fetched, where they are not known. */
export function useNames(rows: readonly number[]): void {
  const store = useStore();
  const key = rows.join(" ");
  const isAwaited = useSelect((state) => rows.some((row) => isNameAwaited(state, row)), [key]);
  useEffect(() => {
    if (isAwaited) store.request({ kind: "load-names", rows });
  }, [store, isAwaited, key]);
}

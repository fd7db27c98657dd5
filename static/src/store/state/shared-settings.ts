/** Settings that views of the same points have in common: what is set in one is set in all. */
import type { View } from "../../model/view/view";

/** Camera, method, size, labels and the like are each view's own. */
export const SHARED_SETTINGS = [
  "color",
  "scale",
  "ramp",
  "swatches",
  "filters",
  "ghosts",
  "focus",
] as const satisfies readonly (keyof View)[];

/** `view` with the shared settings of another one; itself where they agree. */
export function withShared(view: View, other: View): View {
  if (SHARED_SETTINGS.every((name) => view[name] === other[name])) return view;
  const shared = Object.fromEntries(SHARED_SETTINGS.map((name) => [name, other[name]]));
  return { ...view, ...(shared as Pick<View, (typeof SHARED_SETTINGS)[number]>) };
}

/** Settings that views of the same points have in common: what is set in one is set in all. */
import { sharedKeys } from "../../model/view/setting";
import { SETTINGS } from "../../model/view/settings";
import type { View } from "../../model/view/view";

const SHARED = sharedKeys(SETTINGS);

/** `view` with the shared settings of another one; itself where they agree. */
export function withShared(view: View, other: View): View {
  if (SHARED.every((key) => view[key] === other[key])) return view;
  return { ...view, ...Object.fromEntries(SHARED.map((key) => [key, other[key]])) };
}

/** Says that the points are out of view, and brings them back. */
import type { JSX } from "preact";
import { percent } from "../../model/text/format";
import { useSelect, useStore } from "../context";

/** With a smaller share of the points in view, the rest is as good as gone. */
const FEW = 0.01;

export function OutOfView(): JSX.Element | null {
  const store = useStore();
  const share = useSelect(({ page }) => page.shareInView);
  const isDrawn = useSelect(({ work, page }) => work.shown !== null && page.graphics === "ok");
  if (!isDrawn || share >= FEW) return null;
  const text = share === 0 ? "Points are out of view" : `${few(share)} of the points in view`;
  return (
    <div class="out-of-view" role="status">
      <span>{text}</span>
      <button type="button" class="link" onClick={() => store.request({ kind: "home" })}>
        Show everything
      </button>
    </div>
  );
}

function few(share: number): string {
  return share < 0.001 ? "Under 0.1 %" : percent(share);
}

/** Controls for rotation, camera and depth fog of a 3D plot; nothing in 2D. */
import type { JSX } from "preact";
import { useSelect } from "../context";
import { ChoiceControl, ToggleControl } from "../controls/setting-control";

export function CameraControls(): JSX.Element | null {
  const is3d = useSelect(({ view }) => view.dims === 3);
  const hasDepth = useSelect(({ view }) => view.lens === "perspective");
  if (!is3d) return null;
  return (
    <>
      <ChoiceControl setting="lens" />
      <ChoiceControl setting="turning" />
      <ToggleControl
        setting="fog"
        isDisabled={!hasDepth}
        help={hasDepth ? "Fade distant points" : "Only the perspective camera shows distance"}
      />
    </>
  );
}

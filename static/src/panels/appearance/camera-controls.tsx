/** How a deep picture is looked at and turned; nothing where it is flat. */
import type { JSX } from "preact";
import { projectionChosen } from "../../store/actions/view";
import { useSelect, useStore } from "../context";
import { Checkbox } from "../controls/checkbox";
import { Segmented } from "../controls/segmented";

export function CameraControls(): JSX.Element | null {
  const store = useStore();
  const isDeep = useSelect(({ view }) => view.dims === 3);
  const turning = useSelect(({ view }) => view.turning);
  const lens = useSelect(({ view }) => view.lens);
  const fog = useSelect(({ view }) => view.fog);
  if (!isDeep) return null;
  return (
    <>
      <div class="field">
        <span class="field-name">View</span>
        <Segmented
          name="Lens"
          value={lens}
          choices={[
            { value: "perspective", title: "Perspective" },
            { value: "parallel", title: "Parallel" },
          ]}
          onChange={(next) => store.dispatch(projectionChosen({ lens: next }))}
        />
      </div>
      <div class="field">
        <span class="field-name">Turning</span>
        <Segmented
          name="Turning"
          value={turning}
          choices={[
            { value: "trackball", title: "Trackball" },
            { value: "turntable", title: "Turntable" },
          ]}
          onChange={(next) => store.dispatch(projectionChosen({ turning: next }))}
        />
      </div>
      <Checkbox
        name="Fade what is far"
        isChecked={fog && lens === "perspective"}
        isDisabled={lens !== "perspective"}
        title={
          lens === "perspective" ? "Distant points are paler" : "Parallel lines have no distance"
        }
        onChange={(isChecked) => store.dispatch(projectionChosen({ fog: isChecked }))}
      />
    </>
  );
}

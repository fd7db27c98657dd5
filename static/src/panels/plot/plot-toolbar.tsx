/** The toolbar over a corner of the plot: dimensions, tools, camera, export. */
import type { JSX } from "preact";
import type { StepLink } from "../../model/data/step-link";
import type { Tool } from "../../model/view/tool";
import { MOST_VIEWS } from "../../model/view/view";
import { setCamerasLinked, setReach, setStepLink, setTool } from "../../store/actions/page";
import { setDims } from "../../store/actions/projection";
import { splitView } from "../../store/actions/views";
import { showsSeveralRuns } from "../../store/selectors/views";
import { useSelect, useStore } from "../context";
import type { IconName } from "../controls/icon";
import { IconButton } from "../controls/icon-button";
import { Segmented } from "../controls/segmented";

const TOOLS: readonly { tool: Tool; icon: IconName; name: string; shortcut: string }[] = [
  { tool: "navigate", icon: "navigate", name: "Navigate", shortcut: "V" },
  { tool: "box", icon: "box", name: "Select in a box", shortcut: "B" },
  { tool: "lasso", icon: "lasso", name: "Select with a lasso", shortcut: "L" },
];

export function PlotToolbar(): JSX.Element {
  const store = useStore();
  const dims = useSelect(({ view }) => view.dims);
  const tool = useSelect(({ page }) => page.tool);
  const reach = useSelect(({ page }) => page.reach);
  const views = useSelect((state) => state.views);
  const isLinked = useSelect(({ page }) => page.isCameraLinked);
  const hasRuns = useSelect(showsSeveralRuns);
  return (
    <div class="plot-toolbar" role="toolbar" aria-label="Plot">
      <Segmented
        name="Dimensions"
        value={dims === 2 ? "2" : "3"}
        choices={[
          { value: "2", title: "2D" },
          { value: "3", title: "3D" },
        ]}
        onChange={(value) => store.dispatch(setDims(value === "2" ? 2 : 3))}
      />
      <div class="button-group">
        {TOOLS.map((each) => (
          <IconButton
            key={each.tool}
            icon={each.icon}
            name={each.name}
            shortcut={each.shortcut}
            isPressed={each.tool === tool}
            onPress={() => store.dispatch(setTool(each.tool))}
          />
        ))}
        {(dims === 3 || reach === "front") && (
          <IconButton
            icon="front"
            name="Select visible points only"
            shortcut="O"
            isPressed={reach === "front"}
            onPress={() => store.dispatch(setReach(reach === "front" ? "through" : "front"))}
          />
        )}
      </div>
      <div class="button-group">
        <IconButton
          icon="split"
          name="Split: one more view"
          shortcut="\\"
          isDisabled={views.order.length >= MOST_VIEWS}
          onPress={() => store.dispatch(splitView())}
        />
        {views.order.length > 1 && (
          <IconButton
            icon="link"
            name="Link the cameras"
            shortcut="K"
            isPressed={isLinked}
            onPress={() => store.dispatch(setCamerasLinked(!isLinked))}
          />
        )}
        {hasRuns && <StepLinkChoice />}
      </div>
      <div class="button-group">
        <IconButton
          icon="home"
          name="Show everything"
          shortcut="H"
          onPress={() => store.request({ kind: "home" })}
        />
        <IconButton
          icon="fullScreen"
          name="Full screen"
          shortcut="Shift F"
          onPress={() => store.request({ kind: "full-screen" })}
        />
      </div>
    </div>
  );
}

const STEP_LINKS: readonly { readonly link: StepLink; readonly title: string }[] = [
  { link: "step", title: "Same step" },
  { link: "share", title: "Same share" },
  { link: "off", title: "Steps apart" },
];

/** Where views show several runs: whether the others go along to another step. */
function StepLinkChoice(): JSX.Element {
  const store = useStore();
  const value = useSelect(({ page }) => page.stepLink);
  return (
    <select
      class="select step-link"
      aria-label="Steps of other runs"
      title="Whether views of other runs go along when the step changes: to the same step, or to the same share of their training"
      value={value}
      onChange={({ currentTarget }) =>
        store.dispatch(setStepLink(STEP_LINKS[currentTarget.selectedIndex]?.link ?? "off"))
      }
    >
      {STEP_LINKS.map(({ link, title }) => (
        <option key={link} value={link}>
          {title}
        </option>
      ))}
    </select>
  );
}

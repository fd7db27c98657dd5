/** What can be done with the selected points, above what they are. */
import type { JSX } from "preact";
import { addIsolationStep } from "../../store/actions/filter";
import { clearSelection, nameSelection } from "../../store/actions/selection";
import { selection } from "../../store/selectors/shown";
import { useOffered, useSelect, useStore } from "../context";
import { Icon, type IconName } from "../controls/icon";

/** What can be done with a selection, in words: icons alone would have to be learned. */
export function SelectionActions(): JSX.Element {
  const store = useStore();
  const canTag = useOffered("open-tags");
  const canProject = useOffered("project-only");
  const rows = useSelect(selection);
  return (
    <div class="selection-actions" role="toolbar" aria-label="Selected points">
      <ActionButton
        icon="isolate"
        name="Isolate"
        title="Show only these points (Enter)"
        onPress={() => store.dispatch(addIsolationStep("isolate", rows))}
      />
      <ActionButton
        icon="eyeOff"
        name="Hide"
        title="Hide these points (Del)"
        onPress={() => {
          store.dispatch(addIsolationStep("hide", rows));
          store.dispatch(clearSelection());
        }}
      />
      <ActionButton
        icon="invert"
        name="Invert"
        title="Select the shown points that are not selected (Ctrl I)"
        onPress={() => store.request({ kind: "invert-selection" })}
      />
      {canProject && (
        <ActionButton
          icon="front"
          name="Project"
          title="Project only this: these points as a dataset of their own, with any method"
          onPress={() => store.request({ kind: "project-only", rows })}
        />
      )}
      <ActionButton
        icon="bookmark"
        name="Save"
        title="Save this selection under a name (S)"
        onPress={() => store.dispatch(nameSelection())}
      />
      {canTag && (
        <ActionButton
          icon="tag"
          name="Tag"
          title="Tag these points (A)"
          onPress={() => store.request({ kind: "open-tags" })}
        />
      )}
    </div>
  );
}

interface ActionButtonProps {
  readonly icon: IconName;
  readonly name: string;
  readonly title: string;
  readonly onPress: () => void;
}

function ActionButton({ icon, name, title, onPress }: ActionButtonProps): JSX.Element {
  return (
    <button type="button" class="action-button" title={title} onClick={onPress}>
      <Icon name={icon} />
      {name}
    </button>
  );
}

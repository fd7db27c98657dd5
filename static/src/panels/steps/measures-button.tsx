/** Opens what is measured of all steps, below the timeline. */
import type { JSX } from "preact";
import { showMeasure } from "../../store/actions/layout";
import { useSelect, useStore } from "../context";
import { IconButton } from "../controls/icon-button";

export function MeasuresButton(): JSX.Element {
  const store = useStore();
  const isOpen = useSelect(({ layout }) => layout.measure !== null);
  return (
    <IconButton
      icon="pulse"
      name="Health and similarity of all steps"
      shortcut="Shift+H"
      isPressed={isOpen}
      onPress={() => store.dispatch(showMeasure(isOpen ? null : "health"))}
    />
  );
}

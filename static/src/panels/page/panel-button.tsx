/** A button that opens and closes one of the page's panels. */
import type { JSX } from "preact";
import { togglePanel } from "../../store/actions/layout";
import { isPanelOpen } from "../../store/selectors/layout";
import type { PanelName } from "../../store/state/layout";
import { useSelect, useStore } from "../context";
import type { IconName } from "../controls/icon";
import { IconButton } from "../controls/icon-button";

interface PanelButtonProps {
  readonly panel: PanelName;
  readonly icon: IconName;
  readonly name: string;
  readonly shortcut?: string;
}

export function PanelButton({ panel, ...button }: PanelButtonProps): JSX.Element {
  const store = useStore();
  const isOpen = useSelect((state) => isPanelOpen(state, panel), [panel]);
  return (
    <IconButton {...button} isPressed={isOpen} onPress={() => store.dispatch(togglePanel(panel))} />
  );
}

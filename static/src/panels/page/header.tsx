/** The header: log directory, run, tensor and step, the search, and the buttons of the page. */
import type { JSX } from "preact";
import { type Tensor, tensorsOf } from "../../model/data/listing";
import { count } from "../../model/text/format";
import { nextTheme, openDialog } from "../../store/actions/page";
import { goToTensor } from "../../store/actions/place";
import { redo, undo } from "../../store/actions/selection";
import { listingOf } from "../../store/selectors/listing";
import type { ThemeChoice } from "../../store/state/state";
import { useSelect, useStore } from "../context";
import { Icon, type IconName } from "../controls/icon";
import { IconButton } from "../controls/icon-button";
import { Select } from "../controls/select";
import { useIsWide } from "../controls/wide";
import { StepControl } from "../steps/step-control";
import { OpenFileButton } from "./open-file-button";
import { PanelButton } from "./panel-button";
import { RunChoice } from "./run-choice";
import { SearchField } from "./search-field";

const READ_ONLY =
  "Started with --read-only, or in a TensorBoard that other machines can reach: everything can be looked at, selected and computed here, but tags, files and running computations cannot be changed.";

export function Header(): JSX.Element {
  const listing = useSelect(listingOf);
  const isWide = useIsWide();
  const hasData = listing !== null && listing.entries.length > 0;
  return (
    <header class="header">
      <div class="header-start">
        <h1 class="brand">
          <span class="brand-mark" aria-hidden="true" />
          projector
        </h1>
        {listing && (
          <span class="log-name" title={listing.root}>
            {listing.name}
          </span>
        )}
        {listing?.read_only && (
          <span class="log-note" title={READ_ONLY}>
            read-only
          </span>
        )}
        {hasData && (
          <fieldset class="header-place" aria-label="Data">
            <RunChoice />
            <TensorChoice />
            <StepControl />
          </fieldset>
        )}
      </div>
      {hasData && isWide && (
        <search class="header-search">
          <SearchField />
        </search>
      )}
      <div class="header-end">
        <ShareButton />
        <OpenFileButton />
        <EditButtons />
        <PaletteButton />
        <PanelButton panel="left" icon="sideLeft" name="Left panel" shortcut="," />
        <PanelButton panel="right" icon="sideRight" name="Right panel" shortcut="." />
        <ThemeButton />
        <ShortcutsButton />
      </div>
    </header>
  );
}

function TensorChoice(): JSX.Element {
  const store = useStore();
  const listing = useSelect(listingOf);
  const place = useSelect(({ view }) => view.place);
  const tensors = listing && place ? tensorsOf(listing, place.run) : [];
  const main = tensors.filter(({ last }) => last.role !== "slot");
  const slots = tensors.filter(({ last }) => last.role === "slot");
  return (
    <Select
      name="Tensor"
      value={place?.name ?? ""}
      title={place?.name ?? ""}
      onChange={(name) => store.dispatch(goToTensor(name))}
    >
      {main.map(tensorOption)}
      {slots.length > 0 && <optgroup label="Optimizer state">{slots.map(tensorOption)}</optgroup>}
    </Select>
  );
}

function tensorOption({ name, last }: Tensor): JSX.Element {
  return (
    <option key={name} value={name}>
      {`${name}  ${count(last.n_points)} × ${count(last.n_dims)}`}
    </option>
  );
}

const THEMES: Readonly<Record<ThemeChoice, { icon: IconName; title: string }>> = {
  auto: { icon: "auto", title: "system" },
  light: { icon: "sun", title: "light" },
  dark: { icon: "moon", title: "dark" },
};

function ThemeButton(): JSX.Element {
  const store = useStore();
  const theme = useSelect(({ page }) => page.theme);
  const { icon, title } = THEMES[theme];
  return (
    <IconButton
      icon={icon}
      name={`Theme: ${title}`}
      shortcut="T"
      onPress={() => store.dispatch(nextTheme())}
    />
  );
}

/** Everything that leaves the page: a link, an image, a page, tables, a call in Python. */
function ShareButton(): JSX.Element {
  const store = useStore();
  return (
    <button
      type="button"
      class="button share-button"
      aria-haspopup="dialog"
      title="Share: link, image, web page, data, Python (E)"
      onClick={() => store.dispatch(openDialog("export"))}
    >
      <Icon name="share" />
      <span>Share</span>
    </button>
  );
}

function EditButtons(): JSX.Element {
  const store = useStore();
  const canUndo = useSelect(({ edits }) => edits.past.length > 0);
  const canRedo = useSelect(({ edits }) => edits.future.length > 0);
  return (
    <>
      <IconButton
        icon="undo"
        name="Undo"
        shortcut="Ctrl Z"
        isDisabled={!canUndo}
        onPress={() => store.dispatch(undo())}
      />
      <IconButton
        icon="redo"
        name="Redo"
        shortcut="Ctrl Shift Z"
        isDisabled={!canRedo}
        onPress={() => store.dispatch(redo())}
      />
    </>
  );
}

function PaletteButton(): JSX.Element {
  const store = useStore();
  return (
    <IconButton
      icon="command"
      name="All commands"
      shortcut="Ctrl K"
      onPress={() => store.dispatch(openDialog("palette"))}
    />
  );
}

function ShortcutsButton(): JSX.Element {
  const store = useStore();
  return (
    <IconButton
      icon="help"
      name="Keyboard shortcuts"
      shortcut="?"
      onPress={() => store.dispatch(openDialog("shortcuts"))}
    />
  );
}

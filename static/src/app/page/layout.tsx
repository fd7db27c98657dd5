/** The layout of the page: header, two side panels around the plot, status bar. */
import type { JSX } from "preact";
import { AppearancePanel } from "../../panels/appearance/appearance-panel";
import { useSelect } from "../../panels/context";
import { Lazy } from "../../panels/controls/lazy";
import { PaletteSlot } from "../../panels/dialogs/palette-slot";
import { InspectorPanel } from "../../panels/inspector/inspector-panel";
import { DropOverlay } from "../../panels/page/drop-overlay";
import { Header } from "../../panels/page/header";
import { ConnectionBanner, LiveRegion, Notices } from "../../panels/page/notices";
import { PanelSplitter } from "../../panels/page/panel-splitter";
import { SheetTabs, SkipLink } from "../../panels/page/sheet-tabs";
import { StatusBar } from "../../panels/page/status-bar";
import { PlotToolbar } from "../../panels/plot/plot-toolbar";
import { ProjectionPanel } from "../../panels/projection/projection-panel";
import { Timeline } from "../../panels/steps/timeline";
import { isCompact, isPanelOpen } from "../../store/selectors/layout";
import { listingOf } from "../../store/selectors/listing";
import { isPartShown } from "../../store/selectors/subset";
import { hasStepMotion } from "../../store/selectors/together";
import { PlotGrid } from "./plot-grid";
import type { RunningViews } from "./view-runner";

const CHIPS = async () => (await import("../../panels/filter/filter-chips")).FilterChips;
const DROPS = async () => (await import("../../panels/page/drop-list")).DropList;
const EXPORT = async () => (await import("../../panels/dialogs/export-dialog")).ExportDialog;
const MEASURES = async () => (await import("../../panels/measures/measures")).Measures;
const MOTION = async () => (await import("../../panels/steps/step-motion")).StepMotion;
const PROBLEMS = async () => (await import("../../panels/dialogs/problems-dialog")).ProblemsDialog;
const RAIL = async () => (await import("../../panels/plot/rail")).Rail;
const RUNS = async () => (await import("../../panels/runs/runs-dialog")).RunsDialog;
const SHORTCUTS = async () =>
  (await import("../../panels/dialogs/shortcuts-dialog")).ShortcutsDialog;
const TABLE = async () => (await import("../../panels/table/data-table")).DataTable;

export function Layout({ views }: { readonly views: RunningViews }): JSX.Element {
  const isEmpty = useSelect((state) => listingOf(state)?.entries.length === 0 && !state.work.shown);
  const isAlone = useSelect((state) => state.views.order.length === 1);
  const hasDrops = useSelect(({ fileDrops }) => fileDrops.drops.length > 0);
  const sizes = useSizes();
  const open = useSelect(({ layout }) => layout.open);
  const compact = useSelect(isCompact);
  const isLeftOpen = useSelect((state) => isPanelOpen(state, "left"));
  const isRightOpen = useSelect((state) => isPanelOpen(state, "right"));
  const measure = useSelect(({ layout }) => layout.measure);
  const hasPicture = useSelect(({ work }) => work.shown !== null);
  const hasChips = useSelect(isPartShown);
  const hasMotion = useSelect(hasStepMotion);
  const dialog = useSelect(({ page }) => page.dialog);
  const folded = {
    "data-left": isLeftOpen ? "open" : "folded",
    "data-right": isRightOpen ? "open" : "folded",
    "data-table": open.table ? "open" : "folded",
    "data-sheet": useSelect(({ layout }) => layout.sheet) ?? "none",
  };
  return (
    <div
      class={`page${isEmpty ? " is-empty" : ""}${compact ? " is-compact" : ""}`}
      style={sizes}
      {...folded}
    >
      <SkipLink />
      <Header />
      <Lazy isWanted={compact} load={RAIL} />
      <aside class="side is-left" aria-label="Projection and appearance" data-panel="left">
        {/* Each scrolls by itself: whatever comes and goes in one, the other stays in its place. */}
        <div class="pane">
          <ProjectionPanel />
        </div>
        <div class="pane">
          <AppearancePanel />
        </div>
      </aside>
      <main
        class={isAlone ? "plot" : "plot has-views"}
        aria-label="Plot"
        data-measure={measure ?? "none"}
      >
        <PlotGrid views={views} />
        <PanelSplitter panel="left" />
        <PanelSplitter panel="table" />
        <PanelSplitter panel="right" />
        <div class="plot-top">
          <PlotToolbar />
          <Lazy isWanted={hasChips} load={CHIPS} />
        </div>
        <Lazy isWanted={hasMotion} load={MOTION} />
        <Timeline />
        <Lazy isWanted={measure !== null && hasPicture} load={MEASURES} />
        <ConnectionBanner />
        <Lazy isWanted={hasDrops} load={DROPS} />
        <Notices />
      </main>
      <Lazy isWanted={open.table} load={TABLE} />
      <aside class="side is-right" aria-label="Inspector" data-panel="right">
        <InspectorPanel />
      </aside>
      <SheetTabs />
      <StatusBar />
      <Lazy isWanted={dialog === "problems"} load={PROBLEMS} />
      <Lazy isWanted={dialog === "shortcuts"} load={SHORTCUTS} />
      <Lazy isWanted={dialog === "runs"} load={RUNS} />
      <DropOverlay />
      <PaletteSlot />
      <Lazy isWanted={dialog === "export"} load={EXPORT} />
      <LiveRegion />
    </div>
  );
}

/** Sizes that were dragged override those of the style sheet. */
function useSizes(): Record<string, string> {
  const { left, right, table } = useSelect(({ layout }) => layout.sizes);
  return {
    ...(left !== null && { "--left": `${left}px` }),
    ...(right !== null && { "--right": `${right}px` }),
    ...(table !== null && { "--table": `${table}px` }),
  };
}

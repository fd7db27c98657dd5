/** Where everything stands: header, two side panels around the plot, status bar. */
import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { AppearancePanel } from "../panels/appearance-panel";
import { useSelect } from "../panels/context";
import { FilterChips } from "../panels/filter-chips";
import { Header } from "../panels/header";
import { HoverCard } from "../panels/hover-card";
import { InspectorPanel } from "../panels/inspector-panel";
import { ConnectionBanner, LiveRegion, Notices } from "../panels/notices";
import { PlotOverlay } from "../panels/plot-overlay";
import { PlotToolbar } from "../panels/plot-toolbar";
import { ProblemsDialog } from "../panels/problems-dialog";
import { ProjectionPanel } from "../panels/projection-panel";
import { ShortcutsDialog } from "../panels/shortcuts-dialog";
import { StatusBar } from "../panels/status-bar";

/** `host` is the renderer's own element: it is put in its place and otherwise left alone. */
export function Layout({ host }: { readonly host: HTMLElement }): JSX.Element {
  const isEmpty = useSelect(
    ({ log }) => log.listing.status === "ready" && log.listing.value.entries.length === 0,
  );
  return (
    <div class={isEmpty ? "page is-empty" : "page"}>
      <Header />
      <aside class="side is-left" aria-label="Projection and appearance">
        <ProjectionPanel />
        <AppearancePanel />
      </aside>
      <main class="plot" aria-label="Plot">
        <Canvas host={host} />
        <PlotOverlay />
        <HoverCard />
        <div class="plot-top">
          <PlotToolbar />
          <FilterChips />
        </div>
        <ConnectionBanner />
        <Notices />
      </main>
      <aside class="side is-right" aria-label="Inspector">
        <InspectorPanel />
      </aside>
      <StatusBar />
      <ProblemsDialog />
      <ShortcutsDialog />
      <LiveRegion />
    </div>
  );
}

function Canvas({ host }: { readonly host: HTMLElement }): JSX.Element {
  const place = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    place.current?.append(host);
    return () => host.remove();
  }, [host]);
  return <div class="plot-place" ref={place} />;
}

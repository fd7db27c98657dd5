/** The plots of all views, in a grid. */
import type { JSX } from "preact";
import { useLayoutEffect, useMemo, useRef } from "preact/hooks";
import { columnsFor } from "../../model/view/view";
import { PanelContext, usePanel, useSelect, useStore } from "../../panels/context";
import { Lazy } from "../../panels/controls/lazy";
import { HoverCard } from "../../panels/plot/hover-card";
import { OutOfView } from "../../panels/plot/out-of-view";
import { PlotOverlay } from "../../panels/plot/plot-overlay";
import { ViewCaption } from "../../panels/plot/view-caption";
import { AxisCaptions } from "../../panels/projection/axis-captions";
import { GoneBanner } from "../../panels/steps/new-step";
import { activateView } from "../../store/actions/views";
import { sampledPicture } from "../../store/selectors/density";
import { viewLetter, viewTitle } from "../../store/selectors/views";
import type { RunningView } from "../view/start-view";
import type { RunningViews } from "./view-runner";

const CLUSTER_CARD = async () => (await import("../../panels/plot/cluster-card")).ClusterCard;
const DENSITY_NOTE = async () => (await import("../../panels/plot/density-note")).DensityNote;
const DROP_ZONES = async () => (await import("../../panels/plot/drop-zones")).DropZones;

export function PlotGrid({ views }: { readonly views: RunningViews }): JSX.Element {
  const order = useSelect((state) => state.views.order);
  const isOverlaid = useSelect(({ layout }) => layout.isOverlaid);
  const style = {
    // A window that is higher than wide has few views one below the other.
    "--columns": String(columnsFor(order.length)),
    "--others": String(order.length - 1),
  };
  return (
    <div
      class={isOverlaid ? "views is-overlaid" : "views"}
      data-views={order.length < 4 ? "few" : "many"}
      style={style}
    >
      {order.map((id) => {
        const view = views.get(id);
        return view && <PlotOfView key={id} view={view} />;
      })}
    </div>
  );
}

function PlotOfView({ view }: { readonly view: RunningView }): JSX.Element {
  const { frames, media } = usePanel();
  const { store, derived } = view;
  const parts = useMemo(
    () => ({ store, derived, ...(frames && { frames }), ...(media && { media }) }),
    [store, derived, frames, media],
  );
  return (
    <PanelContext.Provider value={parts}>
      <Framed host={view.host} />
    </PanelContext.Provider>
  );
}

/** Whatever is pressed or focused in a view makes it the one that panels and keys act on. */
function Framed({ host }: { readonly host: HTMLElement }): JSX.Element {
  const store = useStore();
  const own = useSelect(({ views }) => views.own);
  const isAlone = useSelect(({ views }) => views.order.length === 1);
  const isActive = useSelect(({ views }) => views.active === views.own);
  const isOnCluster = useSelect(({ attention }) => attention.cluster !== null);
  const isDragged = useSelect(({ page }) => page.draggedPart !== null);
  const isSampled = useSelect((state) => sampledPicture(state) !== null);
  const letter = useSelect(viewLetter);
  const title = useSelect(viewTitle);
  const activate = () => store.dispatch(activateView(own));
  const label = isAlone ? {} : { "aria-label": `View ${letter}: ${title}` };
  return (
    <section
      class={isActive ? "view is-active" : "view"}
      {...label}
      onPointerDownCapture={activate}
      onFocusCapture={activate}
    >
      {!isAlone && <ViewCaption />}
      <div class="view-body">
        <Canvas host={host} />
        <AxisCaptions />
        <PlotOverlay />
        <OutOfView />
        <GoneBanner />
        <HoverCard />
        <Lazy isWanted={isDragged} load={DROP_ZONES} />
        <Lazy isWanted={isOnCluster} load={CLUSTER_CARD} />
        <Lazy isWanted={isSampled} load={DENSITY_NOTE} />
      </div>
    </section>
  );
}

/** `host` is the renderer's own element: it is put in its place and otherwise left alone. */
function Canvas({ host }: { readonly host: HTMLElement }): JSX.Element {
  const place = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    place.current?.append(host);
    return () => host.remove();
  }, [host]);
  return <div class="plot-place" ref={place} />;
}

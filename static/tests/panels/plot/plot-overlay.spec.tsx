// @vitest-environment jsdom
import { describe, expect, it } from "vitest";
import { PlotOverlay } from "../../../src/panels/plot/plot-overlay";
import { PlotToolbar } from "../../../src/panels/plot/plot-toolbar";
import { listingFailed, listingLoaded } from "../../../src/store/actions/place";
import {
  requestAnswered,
  requestFailed,
  requestStarted,
} from "../../../src/store/actions/projection";
import { requestKey } from "../../../src/store/selectors/request";
import type { State } from "../../../src/store/state/state";
import type { Action } from "../../../src/store/store";
import { listing, projection } from "../../store/fixtures";
import { click, draw, OPENED, SHOWN, screen, shownText } from "../rendering";

const key = (state: State) => requestKey(state, state.view.request) ?? "";

function graphics(value: State["page"]["graphics"]): Action {
  return (state) => ({ ...state, page: { ...state.page, graphics: value } });
}

describe("over the plot", () => {
  it("nothing stands while points are drawn", () => {
    draw(<PlotOverlay />, ...SHOWN);
    expect(shownText()).toBe("");
  });

  it("stands what is loaded", () => {
    const { dispatch } = draw(<PlotOverlay />, ...OPENED);
    expect(screen.getByRole("status").textContent).toBe("Loading…");
    dispatch((state) =>
      requestAnswered(key(state), projection({ method: "pca", phase: "scores" }))(state),
    );
    expect(screen.getByRole("status").textContent).toBe("PCA: scores…");
  });

  it("stands how far the server has looked", () => {
    const { dispatch } = draw(
      <PlotOverlay />,
      listingLoaded({ ...listing, entries: [], n_seen: 2500 }),
    );
    const said = "Looking through the log directory: 2,500 files seen…";
    expect(screen.getByRole("status").textContent).toBe(said);
    dispatch(listingLoaded({ ...listing, entries: [] }));
    expect(shownText()).toContain("projector found no file that it can read");
  });

  it("stands why there is nothing, with a way on", () => {
    const { requests, dispatch } = draw(<PlotOverlay />, listingFailed("No such directory."));
    expect(screen.getByRole("heading").textContent).toBe("The log directory cannot be read");
    expect(shownText()).toContain("No such directory.");
    click(screen.getByRole("button", { name: "Try again" }));
    expect(requests).toEqual([{ kind: "reload-log" }]);
    dispatch(graphics("unavailable"));
    expect(screen.getByRole("heading").textContent).toBe("This browser cannot draw the points");
    dispatch(graphics("lost"));
    expect(shownText()).toContain("The plot will be restored automatically.");
  });

  it("stands how to fill an empty log directory", () => {
    const problems = [{ run: "a", path: "x", message: "cut", severity: "error" as const }];
    const { requests, state } = draw(
      <PlotOverlay />,
      listingLoaded({ ...listing, entries: [], problems }),
    );
    expect(shownText()).toContain("projector found no file that it can read in /runs.");
    click(screen.getByRole("button", { name: "Open the demo" }));
    click(screen.getByRole("button", { name: "Open a file…" }));
    expect(requests.map(({ kind }) => kind)).toEqual(["open-demo", "choose-files"]);
    click(screen.getByRole("button", { name: "Show what could not be read (1)" }));
    expect(state().page.dialog).toBe("problems");
  });

  it("stands that the data was removed and is waited for", () => {
    const { dispatch } = draw(
      <PlotOverlay />,
      listingLoaded({ ...listing, entries: [], is_missing: true }),
    );
    expect(screen.getByRole("heading").textContent).toBe("The data was removed");
    expect(shownText()).toContain("at /runs is not there any more.");
    dispatch(listingLoaded({ ...listing, entries: [] }));
    expect(screen.getByRole("heading").textContent).toContain("No embeddings");
  });

  it("stands why the first projection failed", () => {
    const { requests, dispatch } = draw(<PlotOverlay />, ...OPENED);
    dispatch(
      (state) => requestStarted(key(state))(state),
      (state) => requestFailed(key(state), "Not enough memory.")(state),
    );
    expect(screen.getByRole("heading").textContent).toBe("The projection failed");
    expect(shownText()).toContain("Not enough memory.");
    click(screen.getByRole("button", { name: "Try again" }));
    expect(requests).toEqual([{ kind: "run" }]);
  });
});

describe("the toolbar", () => {
  const button = (name: string) => screen.getByRole("button", { name });

  it("switches between dimensions and tools", () => {
    const { state } = draw(<PlotToolbar />, ...SHOWN);
    click(screen.getByRole("radio", { name: "3D" }));
    expect(state().view.dims).toBe(3);
    click(button("Select in a box"));
    expect(state().page.tool).toBe("box");
    expect(button("Select in a box").getAttribute("aria-pressed")).toBe("true");
    click(button("Select visible points only"));
    expect(state().page.reach).toBe("front");
    // A choice that is on can be taken back in 2D, too.
    click(screen.getByRole("radio", { name: "2D" }));
    expect(button("Select visible points only")).toBeDefined();
  });

  it("asks for the whole plot and the whole screen", () => {
    const { requests } = draw(<PlotToolbar />, ...SHOWN);
    click(button("Show everything"));
    click(button("Full screen"));
    expect(requests.map(({ kind }) => kind)).toEqual(["home", "full-screen"]);
  });
});

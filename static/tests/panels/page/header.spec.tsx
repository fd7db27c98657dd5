// @vitest-environment jsdom
import { within } from "@testing-library/dom";
import { afterEach, describe, expect, it, vi } from "vitest";
import { InspectorPanel } from "../../../src/panels/inspector/inspector-panel";
import { DropList } from "../../../src/panels/page/drop-list";
import { DropOverlay } from "../../../src/panels/page/drop-overlay";
import { Header } from "../../../src/panels/page/header";
import { ConnectionBanner, LiveRegion, Notices } from "../../../src/panels/page/notices";
import { togglePanel } from "../../../src/store/actions/layout";
import {
  announce,
  connectionChanged,
  connectionCrowded,
  kernelChanged,
  notify,
} from "../../../src/store/actions/page";
import { listingLoaded } from "../../../src/store/actions/place";
import type { Action } from "../../../src/store/store";
import { entry, listing } from "../../store/fixtures";
import { click, draw, fill, OPENED, press, screen, shownText } from "../rendering";

const button = (name: string) => screen.getByRole("button", { name });

describe("the header", () => {
  it("chooses run and tensor", () => {
    const slot = { ...entry("a", 10), id: "slot", name: "hidden/Adam", role: "slot" as const };
    const { state } = draw(
      <Header />,
      ...OPENED,
      listingLoaded({ ...listing, entries: [...listing.entries, slot] }),
    );
    const tensor = screen.getByRole("combobox", { name: "Tensor" });
    expect(tensor.querySelector("optgroup")?.label).toBe("Optimizer state");
    fill(tensor, "hidden/Adam");
    expect(state().view.place?.name).toBe("hidden/Adam");
    fill(screen.getByRole("combobox", { name: "Run" }), "b");
    expect(state().view.place).toEqual({ run: "b", name: "hidden", step: 10 });
  });

  it("searches among many runs, and says how large each is", async () => {
    const entries = Array.from({ length: 600 }, (_, at) => [
      entry(`sweep/lr-${at}`, 10),
      entry(`sweep/lr-${at}`, 20),
    ]).flat();
    const { state } = draw(<Header />, listingLoaded({ ...listing, entries }));
    expect(screen.queryByRole("combobox", { name: "Run" })).toBeNull();
    click(button("Run: sweep/lr-0"));
    const search = await screen.findByRole("textbox", { name: "Search runs" });
    expect(search.getAttribute("placeholder")).toBe("Search 600 runs");
    fill(search, "lr-59 SWEEP");
    expect(screen.getByRole("listbox", { name: "Runs" })).toBeDefined();
    fill(search, "nothing");
    expect(shownText()).toContain("No matching runs.");
    fill(search, "lr-599");
    press(search, "Enter");
    expect(state().view.place).toEqual({ run: "sweep/lr-599", name: "hidden", step: 20 });
    expect(screen.queryByRole("textbox", { name: "Search runs" })).toBeNull();
  });

  it("offers no runs where there is none", () => {
    const entries = [{ ...entry(".", 10), id: "root" }];
    draw(<Header />, listingLoaded({ ...listing, entries }));
    expect(screen.queryByRole("combobox", { name: "Run" })).toBeNull();
    expect(screen.queryByRole("combobox", { name: "Tensor" })).not.toBeNull();
  });

  it("says that a server is read-only, and offers no files", () => {
    draw(<Header />, ...OPENED, listingLoaded({ ...listing, read_only: true }));
    expect(shownText()).toContain("read-only");
    expect(screen.queryByRole("button", { name: "Open a file…" })).toBeNull();
    expect(button("Undo")).toBeDefined();
  });

  it("opens files and dialogs, folds panels and changes the theme", () => {
    const { state, requests } = draw(<Header />, ...OPENED);
    click(button("Open a file…"));
    expect(requests).toEqual([{ kind: "choose-files" }]);
    click(button("Left panel"));
    expect(state().layout.open.left).toBe(false);
    click(button("Theme: system"));
    expect(button("Theme: light")).toBeDefined();
    click(button("All commands"));
    expect(state().page.dialog).toBe("palette");
    click(button("Keyboard shortcuts"));
    expect(state().page.dialog).toBe("shortcuts");
    expect(button("Undo")).toHaveProperty("disabled", true);
  });
});

describe("the search field", () => {
  const inWidth = (isWide: boolean) => {
    const query = Object.assign(new EventTarget(), { matches: isWide });
    vi.stubGlobal("matchMedia", () => query);
  };
  afterEach(() => vi.unstubAllGlobals());

  it("stands in the header of a wide window, and opens the panel of what it finds", () => {
    inWidth(true);
    const { state } = draw(
      <>
        <Header />
        <InspectorPanel />
      </>,
      ...OPENED,
      togglePanel("right", false),
    );
    const field = within(screen.getByRole("banner")).getByRole("textbox", {
      name: "Search points",
    });
    expect(screen.getAllByRole("textbox", { name: "Search points" })).toEqual([field]);
    fill(field, "a");
    expect(state().attention.search.text).toBe("a");
    expect(state().layout.open.right).toBe(true);
    expect(screen.getByRole("region", { name: "Found" })).toBeDefined();
    click(button("Clear search"));
    expect(screen.queryByRole("region", { name: "Found" })).toBeNull();
  });

  it("stands above the inspector of a narrow one", () => {
    inWidth(false);
    draw(
      <>
        <Header />
        <InspectorPanel />
      </>,
      ...OPENED,
    );
    const header = within(screen.getByRole("banner"));
    expect(header.queryByRole("textbox", { name: "Search points" })).toBeNull();
    expect(screen.getByRole("textbox", { name: "Search points" })).toBeDefined();
  });
});

describe("files that are dropped", () => {
  const file = { name: "a.npy", size: 2_400_000, sent: 600_000 };
  const dropped = (part: object): Action => {
    const drop = { batch: "a", state: "sending" as const, files: [], ...part };
    return (state) => ({ ...state, fileDrops: { dragged: null, drops: [drop] } });
  };

  it("are announced while they are dragged", () => {
    const dragged = (n: number): Action => {
      return (state) => ({ ...state, fileDrops: { ...state.fileDrops, dragged: n } });
    };
    const { dispatch } = draw(<DropOverlay />, dragged(1));
    expect(shownText()).toContain("Drop to open the file");
    expect(shownText()).toContain("Drop vectors and their metadata together.");
    dispatch(dragged(2));
    expect(shownText()).toBe("Drop to open 2 filesKept on this machine until projector stops.");
  });

  it("show how far they are sent, and can be cancelled", () => {
    const files = [{ ...file, state: "sending" as const, message: null }];
    const { requests, dispatch } = draw(<DropList />, dropped({ files }));
    expect(screen.getByRole("progressbar", { name: "Sending a.npy" })).toHaveProperty(
      "value",
      0.25,
    );
    expect(shownText()).toContain("600 kB of 2.4 MB");
    click(button("Cancel a.npy"));
    expect(requests).toEqual([{ kind: "cancel-drop", batch: "a" }]);
    dispatch(dropped({ files, state: "reading" }));
    expect(shownText()).toContain("Reading the files…");
  });

  it("say why they were not opened", () => {
    const files = [{ ...file, state: "failed" as const, message: "Damaged header." }];
    draw(<DropList />, dropped({ files, state: "failed" }));
    expect(screen.getByRole("alert", { name: "Not opened: a.npy" }).textContent).toContain(
      "Damaged header.",
    );
  });
});

describe("messages", () => {
  it("stay until they are dismissed, errors as alerts", () => {
    const { state } = draw(<Notices />, notify("error", "It failed."));
    expect(screen.getByRole("alert").textContent).toContain("It failed.");
    click(button("Dismiss"));
    expect(state().page.notices).toEqual([]);
  });

  it("say that the server is away, and what is announced", () => {
    const { dispatch } = draw(
      <>
        <ConnectionBanner />
        <LiveRegion />
      </>,
    );
    dispatch(connectionChanged(false), announce("UMAP is done"));
    expect(screen.getByRole("alert").textContent).toContain("The server is not responding.");
    expect(screen.getByRole("status").textContent).toBe("UMAP is done");
    dispatch(connectionCrowded());
    expect(screen.getByRole("alert").textContent).toContain("Close other tabs.");
    dispatch(connectionChanged(true));
    expect(screen.queryByRole("alert")).toBeNull();
  });

  it("say what a notebook's kernel is at", () => {
    const { dispatch } = draw(<ConnectionBanner />, kernelChanged("busy"));
    expect(screen.getByRole("alert").textContent).toBe(
      "The kernel is busy; answers come when the cell ends.",
    );
    dispatch(kernelChanged("free"));
    expect(screen.queryByRole("alert")).toBeNull();
    // Its stream of events breaks, too; the reason is what counts.
    dispatch(connectionChanged(false), kernelChanged("over"));
    expect(screen.getByRole("alert").textContent).toContain("Run the cell again");
  });
});

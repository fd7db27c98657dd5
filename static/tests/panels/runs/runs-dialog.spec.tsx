// @vitest-environment jsdom
import { describe, expect, it } from "vitest";
import type { Run } from "../../../src/model/data/runs";
import { RunsDialog } from "../../../src/panels/runs/runs-dialog";
import { runsMeasured } from "../../../src/store/actions/measures";
import { closeDialog, openDialog } from "../../../src/store/actions/page";
import { allRunsChanged } from "../../../src/store/actions/runs";
import { click, draw, fill, SHOWN, screen, shownText } from "../rendering";

function run(name: string, lr: number, n_tensors = 1): Run {
  const times = { start_time: null, end_time: null };
  const told = { hparams: { lr }, metrics: { loss: 1 / lr } };
  return { name, group: "", status: "unknown", ...times, ...told, n_tensors };
}

const LOADED = allRunsChanged({
  status: "ready",
  value: [run("a", 0.1), run("b", 0.01), run("c", 0.5, 0)],
});
const OPEN = openDialog("runs");
const firstCells = () =>
  screen
    .getAllByRole("row")
    .slice(1)
    .map((row) => row.querySelectorAll("td")[1]?.textContent);

describe("the table of runs", () => {
  it("asks for them when it is opened, and says what it waits for", () => {
    const page = draw(<RunsDialog />, ...SHOWN);
    expect(screen.queryByRole("dialog")).toBeNull();
    page.dispatch(OPEN);
    expect(page.requests).toEqual([{ kind: "load-runs" }]);
    expect(shownText()).toContain("Reading event files…");
    page.dispatch(allRunsChanged({ status: "failed", message: "The server is away." }));
    expect(shownText()).toContain("The runs cannot be listed: The server is away.");
    page.dispatch(allRunsChanged({ status: "ready", value: [] }));
    expect(shownText()).toContain("There are no runs");
  });

  it("is sorted and searched", () => {
    draw(<RunsDialog />, ...SHOWN, OPEN, LOADED);
    expect(firstCells()).toEqual(["a", "b", "c"]);
    click(screen.getByRole("button", { name: "lr" }));
    expect(firstCells()).toEqual(["b", "a", "c"]);
    expect(screen.getByRole("columnheader", { name: "lr" }).getAttribute("aria-sort")).toBe(
      "ascending",
    );
    fill(screen.getByRole("searchbox", { name: "Search runs" }), "lr=0.1");
    expect(firstCells()).toEqual(["a"]);
    fill(screen.getByRole("searchbox", { name: "Search runs" }), "nothing");
    expect(shownText()).toContain("No matching runs.");
  });

  it("offers settings that are equal in all runs where there are any", () => {
    const page = draw(<RunsDialog />, ...SHOWN, OPEN, LOADED);
    const name = "Settings equal in all runs, too";
    expect(screen.queryByRole("checkbox", { name })).toBeNull();
    const value = [run("a", 0.1), run("b", 0.1)];
    page.dispatch(allRunsChanged({ status: "ready", value }));
    expect(screen.queryByRole("columnheader", { name: "lr" })).toBeNull();
    click(screen.getByRole("checkbox", { name }));
    expect(screen.getByRole("columnheader", { name: "lr" })).toBeDefined();
  });

  it("measures the health of all runs, and says what is alarming", () => {
    const page = draw(<RunsDialog />, ...SHOWN, OPEN, LOADED);
    const runs = page.requests.find(({ kind }) => kind === "measure-runs");
    expect(runs).toMatchObject({
      runs: [
        { run: "a", datasets: ["a-10", "a-20"], nNumbers: 48 },
        { run: "b", datasets: ["b-10"], nNumbers: 24 },
      ],
    });
    page.dispatch(runsMeasured({ work: { left: 1, total: 2 } }));
    expect(shownText()).toContain("Measuring health: 2 of 2 runs");
    click(screen.getByRole("button", { name: "Stop" }));
    expect(page.requests.at(-1)).toEqual({ kind: "stop-measuring-runs" });
    const figures = [{ title: "Dead dimensions", n: 7 }];
    const summary = { nAlarms: 7, nSteps: 8, figures, messages: ["step 20: 3 are dead."] };
    const found = { a: { key: "", summary }, b: { key: "", message: "Too large." } };
    page.dispatch(runsMeasured({ work: null, found }));
    const cells = screen.getAllByRole("row").map((row) => [...row.querySelectorAll("td")].at(-1));
    expect(cells.map((cell) => cell?.textContent)).toEqual([
      undefined,
      "7: Dead dimensions",
      "–",
      "",
    ]);
    expect(cells[1]?.title).toBe("7 alarms at 8 steps\nstep 20: 3 are dead.");
    expect(cells[2]?.title).toBe("Too large.");
    // Their files are others by now.
    click(screen.getByRole("button", { name: "Measure it" }));
    expect(page.requests.at(-1)?.kind).toBe("measure-runs");
    page.dispatch(closeDialog("runs"));
    expect(page.requests.at(-1)).toEqual({ kind: "stop-measuring-runs" });
  });

  it("opens a view for each run that is chosen, in the order of the runs", () => {
    const page = draw(<RunsDialog />, ...SHOWN, OPEN, LOADED);
    expect(screen.getByRole("button", { name: "Show" })).toHaveProperty("disabled", true);
    // A run without embeddings has nothing to show.
    expect(screen.getByRole("checkbox", { name: "Choose c" })).toHaveProperty("disabled", true);
    click(screen.getByRole("checkbox", { name: "Choose b" }));
    click(screen.getByRole("checkbox", { name: "Choose a" }));
    click(screen.getByRole("button", { name: "Show 2 side by side" }));
    expect(page.state().page.dialog).toBeNull();
    expect(page.state().views.order).toHaveLength(2);
    expect(JSON.parse(page.state().views.cursors)).toEqual([
      ["1", "a", 10],
      ["2", "b", 10],
    ]);
  });
});

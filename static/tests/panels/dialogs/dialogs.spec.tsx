// @vitest-environment jsdom
import { within } from "@testing-library/dom";
import { describe, expect, it } from "vitest";
import { ExportDialog } from "../../../src/panels/dialogs/export-dialog";
import { ProblemsDialog } from "../../../src/panels/dialogs/problems-dialog";
import { ShortcutsDialog } from "../../../src/panels/dialogs/shortcuts-dialog";
import { datasetLoaded } from "../../../src/store/actions/data";
import { openDialog } from "../../../src/store/actions/page";
import { listingLoaded } from "../../../src/store/actions/place";
import { select } from "../../../src/store/actions/selection";
import { dataset, listing } from "../../store/fixtures";
import { click, draw, fill, leave, SHOWN, screen, shownText } from "../rendering";

describe("exports", () => {
  const row = (name: string) => within(screen.getByRole("region", { name }));

  it("make a file of what is asked for, an image as it is to be printed", () => {
    const { requests } = draw(<ExportDialog />, ...SHOWN, openDialog("export"));
    const image = row("Image");
    fill(image.getByRole("textbox", { name: "Title of the image" }), "Digits ");
    leave(image.getByRole("spinbutton", { name: "Width in mm" }), "85");
    leave(image.getByRole("spinbutton", { name: "Resolution in dpi" }), "600");
    // What is out of range is not taken.
    leave(image.getByRole("spinbutton", { name: "Width in mm" }), "5");
    click(image.getByRole("checkbox", { name: "Legend" }));
    click(image.getByRole("button", { name: "Save PNG" }));
    click(row("Projection").getByRole("button", { name: "CSV" }));
    click(row("Data").getByRole("button", { name: "Parquet" }));
    const figure = { title: "Digits", hasLegend: false, width: 85, dpi: 600 };
    expect(requests).toEqual([
      { kind: "export", what: "png", figure },
      { kind: "export", what: "projection-csv" },
      { kind: "export", what: "parquet" },
    ]);
    expect(shownText()).toContain("2,008 px wide");
  });

  it("have a link and the call in Python", () => {
    const { requests } = draw(<ExportDialog />, ...SHOWN, openDialog("export"));
    click(row("Link").getByRole("button", { name: "Copy link" }));
    expect(row("Python").getByText(/projector.project\(data, "pca"/)).toBeDefined();
    click(row("Python").getByRole("button", { name: "Copy as Python" }));
    expect(requests).toEqual([{ kind: "copy-link" }, { kind: "copy-python" }]);
  });

  it("say what they write for spreadsheets", () => {
    draw(<ExportDialog />, ...SHOWN, openDialog("export"));
    expect(shownText()).toContain("text that it would run as a formula begins with an apostrophe");
  });

  it("need something to export", () => {
    const bare = datasetLoaded({ ...dataset, columns: [] }, "r2");
    const { dispatch } = draw(<ExportDialog />, ...SHOWN, bare, openDialog("export"));
    const tsv = (name: string) => row(name).getByRole("button", { name: "TSV" });
    expect(tsv("Metadata")).toHaveProperty("disabled", true);
    expect(tsv("Selection")).toHaveProperty("disabled", true);
    dispatch(select(Uint32Array.of(1)));
    expect(tsv("Selection")).toHaveProperty("disabled", false);
    expect(shownText()).toContain("1 point with row numbers and metadata.");
  });
});

describe("problems", () => {
  it("are listed with their files and their reasons", () => {
    const problems = [
      { run: "a", path: "a/cut.npy", message: "It is cut.", severity: "error" as const },
    ];
    draw(
      <ProblemsDialog />,
      ...SHOWN,
      listingLoaded({ ...listing, problems }),
      datasetLoaded({ ...dataset, warnings: ["One column has no name."] }, "r2"),
      openDialog("problems"),
    );
    expect(shownText()).toContain("a/cut.npyIt is cut.");
    expect(shownText()).toContain("One column has no name.");
  });

  it("that are none are said, and the dialog closes", () => {
    const { state } = draw(<ProblemsDialog />, ...SHOWN, openDialog("problems"));
    expect(shownText()).toContain("All files in the log directory could be read.");
    click(screen.getByRole("button", { name: "Close" }));
    expect(state().page.dialog).toBeNull();
  });
});

it("the sheet of shortcuts has the keys of the commands, and the gestures", () => {
  draw(<ShortcutsDialog />, ...SHOWN, openDialog("shortcuts"));
  const keys = [...document.querySelectorAll("kbd")].map(({ textContent }) => textContent);
  for (const key of ["Ctrl Z", "Esc", "right drag", "?"]) expect(keys).toContain(key);
});

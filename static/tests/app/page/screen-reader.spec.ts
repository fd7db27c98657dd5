import { expect, it } from "vitest";
import { selectionOf } from "../../../src/model/view/selection";
import { openMethod } from "../../../src/store/actions/projection";
import { askMiddle } from "../../../src/store/actions/query";
import { select, setSearchText } from "../../../src/store/actions/selection";
import { refused } from "../../fakes/fake-transport";
import { entry } from "../../store/fixtures";
import { type OpenPage, openPage, pass, useFakeClock } from "../open-page";

useFakeClock();

const said = ({ one }: OpenPage) => one.state.peek().page.announcement;

it("says nothing of what the page starts with", async () => {
  const page = await openPage("#run=a&step=10&selected=1");
  expect(said(page)).not.toMatch(/^Selected/);
});

it("says what is selected, by name once the labels are there, and its neighbors", async () => {
  const page = await openPage("#run=a&step=10");
  await pass(1000);
  page.one.dispatch(select(selectionOf([1])));
  expect(said(page)).toBe("Selected y, row 1");
  await pass(1000);
  expect(said(page)).toBe("Selected y, row 1, 1 neighbor");
  page.one.dispatch(select(selectionOf([0, 1])));
  expect(said(page)).toBe("Selected 2 points");
  page.one.dispatch(select(selectionOf([])));
  expect(said(page)).toBe("Nothing selected");
});

it("follows the work by the method's own title", async () => {
  const page = await openPage("#run=a&step=10");
  await pass(3000);
  page.one.dispatch(openMethod("umap"));
  page.one.request({ kind: "run" });
  await pass(1000);
  expect(said(page)).toBe("UMAP: layout");
  page.one.request({ kind: "pause" });
  await pass();
  expect(said(page)).toBe("UMAP is paused");
  page.server.end(page.server.last("a-10").id, "done");
  await pass();
  expect(said(page)).toBe("UMAP is done");
});

it("says what a search and a question found, or why they did not", async () => {
  const page = await openPage("#run=a&step=10");
  page.one.dispatch(setSearchText("x"));
  await pass(1000);
  expect(said(page)).toBe("2 points found");
  page.one.dispatch(setSearchText(""));
  const rows = selectionOf([0, 1]);
  page.one.dispatch(select(rows));
  page.one.dispatch(askMiddle(rows));
  await pass(1000);
  expect(said(page)).toBe("1 nearest found");
  page.server.on("POST", "datasets/a-10/nearest", refused(400, "ParameterError", "No such label."));
  page.one.dispatch(select(selectionOf([])));
  page.one.dispatch(setSearchText("= nothing"));
  await pass(1000);
  expect(said(page)).toBe("No such label.");
});

it("says that a step was written, and that the server is gone", async () => {
  const page = await openPage("#run=a&step=10");
  page.server.write([...page.server.listing.entries, entry("a", 3000)]);
  await pass(100);
  expect(said(page)).toBe("New step 3,000");
  page.server.breakEvents();
  expect(said(page)).toBe("The connection to the server is lost");
});

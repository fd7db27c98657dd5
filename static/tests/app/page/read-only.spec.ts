import { expect, it } from "vitest";
import { selectionOf } from "../../../src/model/view/selection";
import { goToStep } from "../../../src/store/actions/place";
import { openMethod, setParameter } from "../../../src/store/actions/projection";
import { select } from "../../../src/store/actions/selection";
import { tagRows } from "../../../src/store/actions/tags";
import { commandsOf } from "../../../src/store/commands";
import type { PageRequest } from "../../../src/store/requests";
import { shownTags } from "../../../src/store/selectors/tags";
import { eventWith } from "../fake-browser";
import { FakeServer } from "../fake-server";
import { openPage, pass, useFakeClock } from "../open-page";

useFakeClock();

/** What a read-only server still answers: docs/wire.md. */
const READS = /^(GET|HEAD) |^POST (projections|projections\/[^/]+\/quality(\?.*)?|datasets\/.*)$/;

const TAGS = {
  text: '# projector-tags {"version": 1, "tensor": "hidden", "n_points": 3}\nrow\tkind\n1\todd\n',
  revision: "r1",
};

function readOnly(): FakeServer {
  const server = new FakeServer();
  server.listing = { ...server.listing, read_only: true };
  return server;
}

function changesIn(server: FakeServer): readonly string[] {
  return server.log.filter((line) => !READS.test(line));
}

it("asks a read-only server for no change, whatever is selected, shown or given up", async () => {
  const { one, server, browser } = await openPage("#run=a&step=10", readOnly());
  server.emit("selection", { author: "none", number: 0, dataset: "", n_selected: 0 });
  one.dispatch(select(selectionOf([1])));
  await pass(1000);
  one.dispatch(openMethod("umap"));
  one.request({ kind: "run" });
  await pass(1000);
  // Parameters of running work, and work that nobody waits for any more.
  one.dispatch(setParameter("n_neighbors", 7));
  await pass(1000);
  one.dispatch(goToStep(20));
  await pass(1000);
  const dataTransfer = { types: ["Files"], items: [], files: [new File(["1"], "x.npy")] };
  for (const name of ["dragenter", "dragover", "drop"]) {
    browser.window.dispatchEvent(eventWith(name, { dataTransfer }));
  }
  expect(one.state.value.fileDrops).toMatchObject({ dragged: null, drops: [] });
  await pass(1000);
  expect(server.starts.length).toBeGreaterThan(1);
  expect(changesIn(server)).toEqual([]);
  expect(one.state.value.page.notices).toEqual([]);
});

it("runs every command, and hears every request, without a change", async () => {
  const server = readOnly();
  server.tags.set("a", TAGS);
  const { one } = await openPage("#run=a&step=10", server);
  one.dispatch(openMethod("umap"));
  one.request({ kind: "run" });
  await pass(500);
  one.dispatch(select(selectionOf([1])));
  const requests: readonly PageRequest[] = [
    { kind: "stop" },
    { kind: "pause" },
    { kind: "resume" },
    { kind: "run-action", action: "perturb" },
    { kind: "open-tags" },
    { kind: "save-tags", isForSession: true },
    { kind: "settle-tags", how: "merge" },
    { kind: "open-files", files: [new File(["1"], "x.npy")] },
    { kind: "open-demo" },
  ];
  for (const request of requests) one.request(request);
  for (const { isDisabled, run } of commandsOf(one.state.peek())) if (!isDisabled) run(one);
  expect(shownTags(one.state.peek())).not.toBeNull();
  one.dispatch(tagRows("mine", [1], "x"));
  await pass(2000);
  expect(changesIn(server)).toEqual([]);
  expect(one.state.value.tags.isOpen).toBe(false);
});

it("still reads the tags that are there, to be downloaded", async () => {
  const server = readOnly();
  server.tags.set("a", TAGS);
  const { one } = await openPage("#run=a&step=10", server);
  await pass(1000);
  expect(server.count(/^GET datasets\/[^/]+\/tags$/)).toBe(1);
  expect(shownTags(one.state.peek())).not.toBeNull();
  const download = commandsOf(one.state.peek()).find(({ id }) => id === "tags.download");
  expect(download).toBeDefined();
});

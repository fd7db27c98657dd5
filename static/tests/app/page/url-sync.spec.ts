import { expect, it } from "vitest";
import { decodePage } from "../../../src/model/view/page-url";
import { selectionOf } from "../../../src/model/view/selection";
import { goToStep } from "../../../src/store/actions/place";
import { select, undo } from "../../../src/store/actions/selection";
import { setSetting } from "../../../src/store/actions/view";
import { activateView } from "../../../src/store/actions/views";
import { commandsOf } from "../../../src/store/commands";
import { selection } from "../../../src/store/selectors/shown";
import { scope } from "../../../src/store/store";
import { FakeServer } from "../fake-server";
import { openPage, pass, useFakeClock } from "../open-page";

useFakeClock();

it("opens what the address says, and undo does not go behind it", async () => {
  const { one } = await openPage("#run=a&step=20&dims=3&selected=1&color=-");
  const state = one.state.peek();
  expect(state.view.place).toEqual({ run: "a", name: "hidden", step: 20 });
  expect(state.work.shown).toMatchObject({ dataset: "a-20", positions: { dims: 3 } });
  expect(state.view.color).toBeNull();
  expect([...selection(state)]).toEqual([1]);
  one.dispatch(undo());
  expect([...selection(one.state.peek())]).toEqual([1]);
});

it("opens the last step of the first run where the address says nothing", async () => {
  const { one } = await openPage();
  expect(one.state.value.work.shown?.dataset).toBe("a-20");
});

it("writes the address once the view rests", async () => {
  const { one, browser } = await openPage("#run=a&step=10");
  await pass(1000);
  const before = browser.addresses.length;
  one.dispatch(setSetting("pointScale", 2));
  one.dispatch(setSetting("color", null));
  await pass(249);
  one.dispatch(select(selectionOf([1])));
  await pass(249);
  expect(browser.addresses).toHaveLength(before);
  await pass(1);
  expect(browser.addresses).toHaveLength(before + 1);
  expect(browser.addresses.at(-1)).toMatch(/^#run=a&tensor=hidden&step=10&.*selected=1$/);
});

it("leaves the address alone while nothing is shown", async () => {
  const server = new FakeServer();
  server.instant = new Set();
  const { browser } = await openPage("#run=a&step=10&method=umap", server);
  await pass(5000);
  expect(browser.addresses).toEqual([]);
});

it("opens all views that the address has, and writes them again", async () => {
  const hash =
    "#run=a&step=10&view=run%3Db%26selected%3D1&view=run%3Da%26step%3D20&active=3&cameras=free";
  const { root, browser } = await openPage(hash);
  await pass(1000);
  const { order, active, views, page } = root.state.peek();
  const shown = order.map((id) => views[id]?.work.shown?.dataset);
  expect(shown).toEqual(["a-10", "b-10", "a-20"]);
  expect(active).toBe(order[2]);
  expect(page.page.isCameraLinked).toBe(false);
  expect([...selection(scope(root, order[0] ?? "").state.peek())]).toEqual([1]);
  root.dispatch(activateView(order[1] ?? ""));
  await pass(1000);
  const { views: written, active: at } = decodePage(browser.addresses.at(-1) ?? "");
  expect(written.map(({ place }) => place)).toEqual([
    { run: "a", name: "hidden", step: 10 },
    { run: "b", name: "hidden", step: 10 },
    { run: "a", name: "hidden", step: 20 },
  ]);
  expect(at).toBe(1);
});

it("closes the views that a typed address does not have", async () => {
  const { root, browser } = await openPage("#run=a&step=10&view=run%3Db");
  await pass(1000);
  browser.window.location.hash = "#run=b";
  browser.window.dispatchEvent(new Event("hashchange"));
  await pass(1000);
  const { order, views } = root.state.peek();
  expect(order.map((id) => views[id]?.work.shown?.dataset)).toEqual(["b-10"]);
});

it("follows an address that is typed", async () => {
  const { one, browser } = await openPage("#run=a&step=10");
  browser.window.location.hash = "#run=b&selected=2";
  browser.window.dispatchEvent(new Event("hashchange"));
  await pass(1000);
  expect(one.state.value.work.shown?.dataset).toBe("b-10");
  expect([...selection(one.state.peek())]).toEqual([2]);
});

it("keeps the address to itself inside another page, and offers no link", async () => {
  const { one, browser } = await openPage("", new FakeServer(), ({ window }) => {
    window.location.protocol = "about:";
  });
  one.dispatch(setSetting("pointScale", 2));
  await pass(1000);
  expect(browser.addresses).toEqual([]);
  expect(one.state.value.page.notices).toEqual([]);
  const ids = commandsOf(one.state.peek()).map(({ id }) => id);
  expect(ids).not.toContain("page.copy-link");
  expect(ids).toContain("bookmark.add");
});

it("stops with the page", async () => {
  const { one, page, browser } = await openPage("#run=a&step=10");
  page.stop();
  const before = browser.addresses.length;
  one.dispatch(goToStep(20));
  browser.window.location.hash = "#run=b";
  browser.window.dispatchEvent(new Event("hashchange"));
  await pass(5000);
  expect(browser.addresses).toHaveLength(before);
  expect(one.state.value.view.place?.run).toBe("a");
});

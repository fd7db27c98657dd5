import { describe, expect, it } from "vitest";
import { openMethod } from "../../../src/store/actions/projection";
import { addView } from "../../../src/store/actions/views";
import { requestedProjection } from "../../../src/store/selectors/request";
import { scope } from "../../../src/store/store";
import { json, refused, unreachable } from "../../fakes/fake-transport";
import { projection } from "../../store/fixtures";
import { FakeServer } from "../fake-server";
import { openPage, pass, useFakeClock } from "../open-page";

useFakeClock();

describe("the listing", () => {
  it("is read again when it has changed, and only then", async () => {
    const { server, one } = await openPage();
    server.emit("log", { version: server.listing.version });
    await pass(100);
    expect(server.count("GET log?form=short")).toBe(1);
    server.write(server.listing.entries.slice(1));
    await pass(100);
    expect(server.count("GET log?form=short")).toBe(2);
    one.request({ kind: "reload-log" });
    await pass(100);
    expect(server.count("GET log?form=short")).toBe(3);
  });

  it("that cannot be read says why, and is better than none once it is there", async () => {
    const server = new FakeServer();
    server.on("GET", "log", refused(500, "Error", "Not a directory."));
    const { one } = await openPage("", server);
    expect(one.state.value.log.listing).toEqual({ status: "failed", message: "Not a directory." });
    server.restore("GET", "log");
    server.emit("log", { version: "1" });
    await pass(100);
    expect(one.state.value.work.shown).not.toBeNull();
    server.on("GET", "log", unreachable());
    server.emit("log", { version: "2" });
    await pass(100);
    expect(one.state.value.log.listing.status).toBe("ready");
  });

  it("and the methods are waited for by nothing that is shown at once", async () => {
    const server = new FakeServer();
    server.on("GET", "methods", unreachable());
    const { one } = await openPage("", server);
    expect(one.state.value.work.shown?.method).toBe("pca");
    expect(one.state.value.log.methods.status).toBe("failed");
  });
});

describe("a listing that the server is still making", () => {
  it("is shown as far as it is, and followed", async () => {
    const server = new FakeServer();
    const { entries } = server.listing;
    server.write([], 0);
    const { one } = await openPage("", server);
    expect(one.state.value.view.place).toBeNull();
    server.write(entries.slice(0, 2), 2);
    await pass(100);
    expect(one.state.value.view.place).toEqual({ run: "a", name: "hidden", step: 20 });
    server.write(entries);
    await pass(100);
    expect(one.state.value.view.place?.run).toBe("a");
    // What was found by and by is not announced as a new step.
    expect(one.state.value.newSteps.newest).toBeNull();
  });

  it("waits for what the address names", async () => {
    const server = new FakeServer();
    const { entries } = server.listing;
    server.write(entries.slice(0, 2), 2);
    const { one } = await openPage("#run=b&step=10", server);
    expect(one.state.value.view.place).toBeNull();
    server.write(entries);
    await pass(100);
    expect(one.state.value.view.place).toEqual({ run: "b", name: "hidden", step: 10 });
  });

  it("gives what comes nearest when the server has looked at all", async () => {
    const server = new FakeServer();
    const { entries } = server.listing;
    server.write(entries.slice(0, 2), 2);
    const { one } = await openPage("#run=zzz", server);
    server.write(entries);
    await pass(100);
    expect(one.state.value.view.place?.run).toBe("a");
  });

  it("is asked for again when the stream of events opens", async () => {
    const server = new FakeServer();
    server.write(server.listing.entries.slice(0, 1), 1);
    await openPage("", server);
    const before = server.count("GET log?form=short");
    server.breakEvents();
    await pass(1000);
    server.openEvents();
    await pass(100);
    expect(server.count("GET log?form=short")).toBeGreaterThan(before);
  });
});

describe("a projection", () => {
  it("is heard of where this page asked for it, and not where another did", async () => {
    const { server, one } = await openPage("#run=a&step=10");
    one.dispatch(openMethod("umap"));
    one.request({ kind: "run" });
    await pass(1000);
    server.change(server.last("a-10").id, { done: 7 });
    server.emit("projection", server.last("a-10"));
    server.emit("projection", projection({ id: "elsewhere" }));
    expect(requestedProjection(one.state.peek())?.done).toBe(7);
    expect(one.state.value.work.projections).not.toHaveProperty("elsewhere");
  });
});

describe("a connection that breaks", () => {
  it("is shown, and all views catch up once it is back", async () => {
    const { root, server, one } = await openPage("#run=a&step=10");
    root.dispatch(addView({ place: { run: "b", name: "hidden", step: 10 } }));
    await pass(1000);
    const two = scope(root, "2");
    for (const view of [one, two]) {
      view.dispatch(openMethod("umap"));
      view.request({ kind: "run" });
    }
    await pass(1000);
    server.breakEvents();
    expect(two.state.value.page.isConnected).toBe(false);
    // Nobody hears of what happens meanwhile.
    server.change(server.last("a-10").id, { done: 5 });
    server.change(server.last("b-10").id, { done: 6 });
    await pass(500);
    server.openEvents();
    await pass(100);
    expect(one.state.value.page.isConnected).toBe(true);
    expect(requestedProjection(one.state.peek())?.done).toBe(5);
    expect(requestedProjection(two.state.peek())?.done).toBe(6);
  });

  it("is tried again for what failed in the meantime", async () => {
    const { server, one } = await openPage("#run=a&step=10");
    server.breakEvents();
    server.on("POST", "projections", unreachable());
    one.dispatch(openMethod("umap"));
    one.request({ kind: "run" });
    await pass(400);
    expect(one.state.value.work.request.status).toBe("failed");
    const [message] = one.state.value.page.notices;
    expect(message?.kind).toBe("error");
    server.restore("POST", "projections");
    await pass(200);
    server.openEvents();
    await pass(1000);
    expect(requestedProjection(one.state.peek())?.state).toBe("running");
    // That the server was away needs no message any more.
    expect(one.state.value.page.notices).toEqual([]);
  });

  it("asks for methods that could not be had before", async () => {
    const server = new FakeServer();
    server.on("GET", "methods", unreachable());
    const { one } = await openPage("", server);
    server.on("GET", "methods", json({ methods: server.methods }));
    server.breakEvents();
    await pass(500);
    server.openEvents();
    await pass(100);
    expect(one.state.value.log.methods.status).toBe("ready");
  });
});

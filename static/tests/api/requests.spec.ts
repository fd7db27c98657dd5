import { describe, expect, it } from "vitest";
import { ApiError } from "../../src/api/errors";
import { getJson, sendJson } from "../../src/api/requests";
import { FakeTransport, json, refused, text, unreachable } from "../fakes/fake-transport";

describe("errors", () => {
  it("carry the server's own sentence", async () => {
    const message = "n_neighbors must be at least 2.";
    const fake = new FakeTransport();
    fake.on("POST", "projections", refused(400, "ParameterError", message));
    await expect(sendJson(fake, "POST", ["projections"], {})).rejects.toMatchObject({
      kind: "refused",
      status: 400,
      type: "ParameterError",
      message,
    });
  });

  it("give the status where something else answered", async () => {
    const fake = new FakeTransport().on("GET", "log", text("<h1>Bad</h1>", { status: 502 }));
    await expect(getJson(fake, ["log"])).rejects.toMatchObject({
      kind: "refused",
      message: "The server answered with status 502",
      status: 502,
      type: "",
    });
  });

  it("are also answers without a body that belongs to them", async () => {
    const fake = new FakeTransport().on("GET", "log", text("", { status: 304 }));
    await expect(getJson(fake, ["log"])).rejects.toMatchObject({ status: 304 });
  });

  it("say that there was no answer", async () => {
    const fake = new FakeTransport().on("GET", "log", unreachable());
    await expect(getJson(fake, ["log"])).rejects.toMatchObject({ kind: "unreachable" });
  });

  it("say which answer is not JSON", async () => {
    const fake = new FakeTransport().on("GET", "a/b", text("<!doctype html>"));
    await expect(getJson(fake, ["a", "b"])).rejects.toThrow(
      new ApiError("malformed", "The server's answer to a/b is not valid JSON."),
    );
  });

  it("leave an aborted request what it is", async () => {
    const fake = new FakeTransport().on("GET", "log", json({}));
    const signal = AbortSignal.abort();
    await expect(getJson(fake, ["log"], { signal })).rejects.toBe(signal.reason);
  });
});

describe("JSON", () => {
  it("is sent as what it is", async () => {
    const fake = new FakeTransport().on("PATCH", "p", json({ id: "b" }));
    expect(await sendJson(fake, "PATCH", ["p"], { k: 1 })).toEqual({ id: "b" });
    expect(fake.sent[0]).toMatchObject({
      method: "PATCH",
      headers: { "Content-Type": "application/json" },
      body: '{"k":1}',
    });
  });

  it("may be missing from an answer", async () => {
    const fake = new FakeTransport().on("POST", "p", text(""));
    expect(await sendJson(fake, "POST", ["p"], {})).toBeUndefined();
  });
});

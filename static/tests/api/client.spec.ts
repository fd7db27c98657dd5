import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { getLog, getPositions, search, startProjection } from "../../src/api/client";
import { ApiError } from "../../src/api/errors";
import type { Projection } from "../../src/model/projection/projection";

const answers: Response[] = [];
const asked: { url: string; init: RequestInit }[] = [];

beforeEach(() => {
  answers.length = 0;
  asked.length = 0;
  vi.stubGlobal("document", { baseURI: "http://localhost:6006/behind/a/proxy/" });
  vi.stubGlobal("fetch", async (url: string, init: RequestInit) => {
    asked.push({ url, init });
    const answer = answers.shift();
    if (!answer) throw new TypeError("Failed to fetch");
    return answer;
  });
});
afterEach(() => vi.unstubAllGlobals());

function refused(status: number, body: string): Response {
  return new Response(body, { status, statusText: "Bad" });
}

describe("addresses", () => {
  it("stand below the page, so that a proxy's path works", async () => {
    answers.push(Response.json({ entries: [] }));
    await getLog();
    expect(asked[0]?.url).toBe("http://localhost:6006/behind/a/proxy/api/v1/log");
  });

  it("encode what is put into them", async () => {
    answers.push(new Response(new ArrayBuffer(0)));
    await search("../log", "a&b=c d", null, false);
    expect(asked[0]?.url).toContain("/datasets/..%2Flog/search?text=a%26b%3Dc%20d");
  });

  it("name the components that were chosen", async () => {
    answers.push(new Response(new ArrayBuffer(24)));
    const projection = { id: "ab", n_points: 3, n_components: 3 } as Projection;
    const { dims } = await getPositions(projection, [2, 0]);
    expect(dims).toBe(2);
    expect(asked[0]?.url).toContain("/projections/ab/positions?components=2%2C0");
  });
});

describe("errors", () => {
  it("carry the server's own sentence", async () => {
    const body = { error: { type: "ParameterError", message: "n_neighbors must be at least 2." } };
    answers.push(refused(400, JSON.stringify(body)));
    const failure = startProjection("id", "umap", { n_neighbors: 1 });
    await expect(failure).rejects.toMatchObject({
      kind: "refused",
      status: 400,
      type: "ParameterError",
      message: "n_neighbors must be at least 2.",
    });
  });

  it("say the status where something else answered", async () => {
    answers.push(refused(502, "<h1>Bad gateway</h1>"));
    await expect(getLog()).rejects.toMatchObject({
      message: "The server answered 502 Bad",
      status: 502,
    });
  });

  it("say that nobody answered", async () => {
    await expect(getLog()).rejects.toMatchObject({ kind: "unreachable" });
  });

  it("say that an answer is not JSON", async () => {
    answers.push(new Response("<!doctype html>"));
    await expect(getLog()).rejects.toBeInstanceOf(ApiError);
  });

  it("leave an aborted request what it is", async () => {
    vi.stubGlobal("fetch", async () => {
      throw new DOMException("Aborted", "AbortError");
    });
    await expect(getLog()).rejects.toBeInstanceOf(DOMException);
  });
});

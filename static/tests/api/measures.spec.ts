import { describe, expect, it } from "vitest";
import { clientHeader } from "../../src/api/client";
import { measuresApi } from "../../src/api/measures";
import { healthRows, healthSummary, summaryText } from "../../src/model/data/health";
import { bytes, FakeTransport, json } from "../fakes/fake-transport";
import { golden } from "./golden";

function served(transport = new FakeTransport()) {
  return { transport, api: measuresApi(transport, clientHeader()) };
}

describe("measures over HTTP", () => {
  it("read the health that the server writes", async () => {
    const { transport, api } = served();
    const result = JSON.parse(new TextDecoder().decode(golden("health.json")));
    transport.on("GET", "health/h1", json({ id: "h1", state: "done", result }));
    const found = await api.get("health", "h1");
    const series = found.result;
    if (!series) throw new Error("There is no result.");
    const dead = healthRows(series).find(({ name }) => name === "dead_dims");
    expect(dead).toMatchObject({ title: "Dead dimensions", steps: [0, 20], values: [0, 1] });
    expect(series.steps[0]?.figures).toMatchObject({ effective_rank: 6.5, nc1: null });
    expect(summaryText(healthSummary(series))).toMatch(/^\d+: /);
  });

  it("read the arrays of a similarity", async () => {
    const { transport, api } = served();
    transport.on(
      "GET",
      "similarities/s1/arrays/matrix",
      bytes(new Float32Array([1, 0, 0, 1]).buffer),
    );
    expect([...(await api.numbers("similarities", "s1", "matrix", 4))]).toEqual([1, 0, 0, 1]);
    await expect(api.numbers("similarities", "s1", "matrix", 9)).rejects.toThrow(
      /36 were expected/,
    );
  });

  it("name a run by its path, and the log directory's own run by none", async () => {
    const { transport, api } = served();
    const answer = { tag: "w", steps: [], shares: [], quantiles: [] };
    transport.on("GET", "runs/a/b/histograms", json(answer));
    transport.on("GET", "runs/histograms", json(answer));
    await api.histograms("a/b", "w");
    await api.histograms(".", "w");
    expect(transport.sent.map(({ text }) => text)).toEqual([
      "runs/a/b/histograms?tag=w",
      "runs/histograms?tag=w",
    ]);
  });
});

import { expect, it } from "vitest";
import { WorkClaims } from "../../../src/app/data/work-claims";

it("keeps work until no view waits for it", () => {
  const claims = new WorkClaims();
  claims.claim("umap", "1");
  claims.claim("umap", "2");
  claims.claim("umap", "2");
  claims.release("umap", "1");
  expect(claims.isClaimed("umap")).toBe(true);
  claims.release("umap", "2");
  expect(claims.isClaimed("umap")).toBe(false);
  claims.release("umap", "2");
  claims.release("never claimed", "1");
  expect(claims.isClaimed("never claimed")).toBe(false);
});

it("tells all that a view waited for when it leaves", () => {
  const claims = new WorkClaims();
  claims.claim("umap", "1");
  claims.claim("tsne", "1");
  claims.claim("tsne", "2");
  expect(claims.releaseAll("1")).toEqual(["umap", "tsne"]);
  expect(claims.isClaimed("tsne")).toBe(true);
  expect(claims.releaseAll("1")).toEqual([]);
});

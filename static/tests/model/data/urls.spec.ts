import { expect, it } from "vitest";
import { apiPath, imageUrl, mediaUrl } from "../../../src/model/data/urls";

it("URLs are relative to the page, and no name becomes a path of its own", () => {
  expect(imageUrl("x/y", 7)).toBe("api/v1/datasets/x%2Fy/points/7/image");
  expect(mediaUrl("d", 7, 2, "r?1")).toBe("api/v1/datasets/d/points/7/media/2?revision=r%3F1");
  expect(apiPath(["log"], { a: undefined, b: 1 })).toBe("api/v1/log?b=1");
});

// @vitest-environment jsdom
import { render } from "preact";
import { act } from "preact/test-utils";
import { beforeEach, expect, it, vi } from "vitest";
import type { MediaUrls } from "../../../src/model/data/media-place";
import { PanelContext } from "../../../src/panels/context";
import { useMediaUrl } from "../../../src/panels/controls/media-url";
import { derive } from "../../../src/store/derived/derived";
import { INITIAL_STATE } from "../../../src/store/state/state";
import { createStore } from "../../../src/store/store";

const store = createStore(INITIAL_STATE);
const derived = derive(store);
const revoked: string[] = [];
let element: HTMLElement;

beforeEach(() => {
  revoked.length = 0;
  element = document.createElement("div");
  URL.revokeObjectURL = (url) => void revoked.push(url);
});

function Tile({ index }: { readonly index: number }) {
  const url = useMediaUrl((media) => media.imageUrl("d", index), [index]);
  return <img src={url} alt="" />;
}

const draw = (media: MediaUrls, index: number) =>
  act(() =>
    render(
      <PanelContext.Provider value={{ store, derived, media }}>
        <Tile index={index} />
      </PanelContext.Provider>,
      element,
    ),
  );

const source = () => element.querySelector("img")?.getAttribute("src");

it("an address of a server is there at once", async () => {
  const imageUrl = vi.fn((_: string, index: number) => `image/${index}`);
  void draw({ imageUrl, mediaUrl: imageUrl as never }, 7);
  expect(source()).toBe("image/7");
});

it("what has to be fetched comes later, and is given back when it is not shown any more", async () => {
  const imageUrl = vi.fn(async (_: string, index: number) => `blob:${index}`);
  const media: MediaUrls = { imageUrl, mediaUrl: imageUrl as never };
  const drawn = draw(media, 1);
  expect(source()).toBeNull();
  await drawn;
  await vi.waitUntil(() => source() === "blob:1");
  await draw(media, 2);
  await vi.waitUntil(() => source() === "blob:2");
  expect(revoked).toContain("blob:1");
  await act(() => render(null, element));
  expect(revoked).toContain("blob:2");
  expect(imageUrl).toHaveBeenCalledTimes(2);
});

it("what cannot be had is an address of nothing", async () => {
  const fails = () => Promise.reject(new Error("The kernel has ended."));
  await draw({ imageUrl: fails, mediaUrl: fails }, 1);
  await vi.waitUntil(() => source() === "");
});

import { describe, expect, it } from "vitest";
import { HOME_2D } from "../../../src/model/camera/camera";
import { decodePage, encodePage } from "../../../src/model/view/page-url";
import { EMPTY_SELECTION, selectionOf } from "../../../src/model/view/selection";
import { decodeUrl, encodeUrl } from "../../../src/model/view/url-state";
import { INITIAL_VIEW, type View } from "../../../src/model/view/view";

function at(step: number, part: Partial<View> = {}) {
  const view = { ...INITIAL_VIEW, place: { run: "a & b", name: "x=1", step }, ...part };
  return { view, selection: EMPTY_SELECTION };
}

describe("the address of a page", () => {
  it("is that of its view where there is only one", () => {
    const one = { ...at(10), selection: selectionOf([3]) };
    expect(encodePage([one], 0, true)).toBe(encodeUrl(one.view, one.selection));
    expect(encodePage([one], 0, false)).toBe(encodeUrl(one.view, one.selection));
    const text = `#${encodePage([one], 0, true)}`;
    expect(decodePage(text)).toEqual({
      views: [decodeUrl(text)],
      active: 0,
      areCamerasLinked: true,
      matchBy: "auto",
    });
  });

  it("has all views, which of them is active, and whether the cameras are linked", () => {
    const camera = { ...HOME_2D, zoom: 2 };
    const all = [at(10), at(20, { camera }), at(30, { pointScale: 2 })];
    const { views, active, areCamerasLinked } = decodePage(`#${encodePage(all, 2, false)}`);
    expect(views.map(({ place }) => place)).toEqual(all.map(({ view }) => view.place));
    expect(views.map(({ view }) => view.pointScale)).toEqual([1, 1, 2]);
    expect(views[1]?.view.camera).toMatchObject({ zoom: 2 });
    expect([active, areCamerasLinked]).toEqual([2, false]);
  });

  it.each([
    ["", 1, 0],
    ["#active=2", 1, 0],
    ["#run=a&view=run%3Db&active=2", 2, 1],
    ["#run=a&view=run%3Db&active=9", 2, 0],
    ["#run=a&view=run%3Db&active=-1", 2, 0],
    ["#run=a&view=run%3Db&active=x", 2, 0],
    ["#view=%E0%A4%A", 2, 0],
    [`#run=a${"&view=run%3Db".repeat(1000)}`, 12, 0],
  ])("%s is read as far as possible", (hash, nViews, active) => {
    const found = decodePage(hash);
    expect(found.views).toHaveLength(nViews);
    expect(found.active).toBe(active);
  });
});

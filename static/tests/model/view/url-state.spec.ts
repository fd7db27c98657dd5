import { describe, expect, it } from "vitest";
import { HOME_2D, HOME_3D, roll, turnOf } from "../../../src/model/camera/camera";
import { selectionOf } from "../../../src/model/view/selection";
import { decodeUrl, encodeUrl } from "../../../src/model/view/url-state";
import { INITIAL_VIEW, type View } from "../../../src/model/view/view";

const view: View = {
  ...INITIAL_VIEW,
  place: { run: "a b/c&d", name: "hidden#1", step: 100 },
  method: "umap",
  dims: 3,
  drafts: { umap: { n_neighbors: 30, metric: "cosine", n_epochs: null } },
  request: {
    method: "umap",
    params: { n_neighbors: 30, metric: "cosine", n_epochs: null },
    dims: 3,
  },
  components: [4, 0, 1],
  color: { name: "a.b", index: 2 },
  label: null,
  scale: "numeric",
  ramp: { transform: "log", kind: "diverging" },
  swatches: { "a:b": { "x,y": "#ff0000", "\u0000other": "#00ff00" } },
  filters: [
    {
      kind: "values",
      column: { name: "la:b=el", index: 0 },
      names: ["3", "a,b", "+x", ""],
      other: true,
      missing: true,
    },
    { kind: "range", column: { name: "c", index: 4 }, range: [-0.5, 1e-7], missing: false },
    { kind: "range", column: { name: "d", index: 5 }, range: null, missing: true },
  ],
  ghosts: false,
  isolation: [
    { kind: "isolate", rows: selectionOf([0, 1, 2, 9]) },
    { kind: "hide", rows: selectionOf([1]) },
  ],
  sizeBy: { name: "n", index: 3 },
  opacityBy: { name: "o", index: 6 },
  categoryLabels: false,
  sprites: true,
  drawAs: "points",
  smoothing: 2.5,
  pointScale: 2,
  opacityScale: 0.5,
  k: 25,
  metric: "euclidean",
  camera: { ...HOME_3D, zoom: 2.5 },
};

describe("the address", () => {
  it("holds everything that was chosen", () => {
    const { place, view: found, selection } = decodeUrl(`#${encodeUrl(view, selectionOf([7, 3]))}`);
    expect(place).toEqual(view.place);
    const { place: _, camera, ...rest } = view;
    expect(found).toMatchObject(rest);
    expect(found.camera?.zoom).toBe(camera?.zoom);
    expect(Math.hypot(...(found.camera?.rotation ?? []))).toBeCloseTo(1, 10);
    expect([...selection]).toEqual([3, 7]);
  });

  it("is short when nothing was chosen", () => {
    expect(encodeUrl(INITIAL_VIEW, selectionOf([]))).toBe("method=pca");
  });

  it("leaves a large selection out", () => {
    const rows = selectionOf(Array.from({ length: 900 }, (_, index) => index * 2));
    expect(encodeUrl(INITIAL_VIEW, rows)).not.toContain("selected");
    expect(encodeUrl(INITIAL_VIEW, rows, true)).toContain("selected");
  });

  it("that is nonsense is the view as it starts", () => {
    const nonsense =
      "#camera=4d,x&dims=9&axes=q&k=-5&size=1e9&selected=a,-2&metric=x&scale=y&filter=q&filter=%25:=%25&focus=x:1&swatch=a:b:red";
    const { view: found, selection, place } = decodeUrl(nonsense);
    expect(place).toEqual({});
    expect(selection).toHaveLength(0);
    expect(found).toMatchObject({
      dims: 2,
      k: 1,
      pointScale: 4,
      metric: "cosine",
      scale: "auto",
      isolation: [],
    });
    expect(found.filters).toEqual([]);
    expect(found.swatches).toEqual({});
    expect(found.camera).toBeUndefined();
    expect(decodeUrl("").view.request?.method).toBe("pca");
  });

  it("says a density, and how wide its kernel is, within what there is", () => {
    const { view: found } = decodeUrl("#draw=density&smooth=900");
    expect(found).toMatchObject({ drawAs: "density", smoothing: 16 });
    expect(decodeUrl("#draw=ink").view.drawAs).toBe("auto");
    const address = encodeUrl({ ...INITIAL_VIEW, drawAs: "density" }, selectionOf([]));
    expect(address).toContain("draw=density");
  });

  it("keeps how far a flat picture is turned", () => {
    const camera = roll(HOME_2D, 0.5);
    const address = encodeUrl({ ...INITIAL_VIEW, camera }, selectionOf([]));
    expect(turnOf(decodeUrl(`#${address}`).view.camera ?? HOME_2D)).toBeCloseTo(0.5, 3);
  });

  it("takes no flat camera for a deep picture", () => {
    expect(decodeUrl("#dims=3&camera=2d,0,0,0,0,0,0,1,1").view.camera).toBeUndefined();
  });
});

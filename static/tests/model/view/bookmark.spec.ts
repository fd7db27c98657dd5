import { describe, expect, it } from "vitest";
import { HOME_3D } from "../../../src/model/camera/camera";
import { rotate } from "../../../src/model/camera/quaternion";
import { tableToPieces } from "../../../src/model/data/delimited";
import {
  bookmarksToText,
  fileToBookmarks,
  freshBookmarkName,
  namedSelections,
  savedRows,
  textToBookmarks,
} from "../../../src/model/view/bookmark";
import { selectionOf } from "../../../src/model/view/selection";
import { decodeUrl } from "../../../src/model/view/url-state";

describe("bookmarks", () => {
  const named = [{ id: 4, name: "mine", rows: selectionOf([1, 2, 3]) }];
  const bookmark = { name: "View 1", address: "method=umap", selections: savedRows(named) };

  it("come back from their file", () => {
    const [read] = textToBookmarks(bookmarksToText([bookmark]));
    expect(read).toEqual(bookmark);
    const [saved] = namedSelections(read?.selections ?? []);
    expect([...(saved?.rows ?? [])]).toEqual([1, 2, 3]);
    expect(freshBookmarkName([bookmark])).toBe("View 2");
  });

  it("say why a file contains none", async () => {
    expect(() => textToBookmarks("[]")).toThrow("no bookmarks");
    await expect(fileToBookmarks("a\tb")).rejects.toThrow("not valid JSON");
    await expect(fileToBookmarks("{}")).rejects.toThrow("no bookmarks");
    await expect(fileToBookmarks("[1, 2]")).rejects.toThrow("no bookmarks");
    const newer = '{"format": "projector bookmarks", "version": 9, "bookmarks": []}';
    await expect(fileToBookmarks(newer)).rejects.toThrow("newer");
  });
});

describe("TensorBoard's bookmarks", () => {
  it("open with everything that they hold", async () => {
    const state = {
      label: "State 3",
      selectedProjection: "tsne",
      tSNEPerplexity: 25,
      tSNEis3d: false,
      filteredPoints: [1, 2, 5],
      selectedPoints: [2],
      selectedColorOptionName: "label",
      selectedLabelOption: "word",
      forceCategoricalColoring: true,
      cameraDef: { orthographic: true, position: [0, 0, 1], target: [0.1, 0.2, 0], zoom: 3 },
    };
    const [read] = await fileToBookmarks(JSON.stringify([state]));
    const { view, selection } = decodeUrl(read?.address ?? "");
    expect(read?.name).toBe("State 3");
    expect(view).toMatchObject({
      request: { method: "tsne", params: { perplexity: 25 }, dims: 2 },
      scale: "categorical",
      color: { name: "label" },
      label: { name: "word" },
      camera: { mode: "2d", zoom: 3, target: [0.1, 0.2, 0] },
    });
    expect([...(view.isolation?.[0]?.rows ?? [])]).toEqual([1, 2, 5]);
    expect([...selection]).toEqual([2]);
  });

  it("open when they are so old that nearly all is missing", async () => {
    const [read] = await fileToBookmarks(JSON.stringify([{ selectedProjection: "pca" }, {}]));
    const { view } = decodeUrl(read?.address ?? "");
    expect(view).toMatchObject({
      request: { method: "pca", dims: 3 },
      isolation: [],
      scale: "auto",
    });
    expect(read?.name).toBe("State 0");
  });

  it("keep the way the camera looked", async () => {
    const position = [0.45, 0.9, 1.6];
    const state = { pcaComponentDimensions: [2, 0, 1], cameraDef: { position, target: [0, 0, 0] } };
    const [read] = await fileToBookmarks(JSON.stringify([state]));
    const { view } = decodeUrl(read?.address ?? "");
    expect(view.components).toEqual([2, 0, 1]);
    expect(view.camera?.zoom).toBeCloseTo(HOME_3D.zoom, 3);
    const towards = rotate(view.camera?.rotation ?? [0, 0, 0, 1], [0.45, 0.9, 1.6]);
    expect(towards[0]).toBeCloseTo(0, 2);
    expect(towards[1]).toBeCloseTo(0, 2);
    expect(towards[2]).toBeGreaterThan(1.8);
  });
});

describe("a table as text", () => {
  const cells = [
    ["a\tb", "1"],
    ['say "hi", twice', "2"],
  ];
  const table = {
    names: ["text", "n"],
    rows: [0, 1],
    cell: (row: number, column: number) => cells[row]?.[column] ?? "",
  };

  it("keeps a line a row and a cell a column", () => {
    expect(tableToPieces(table, "tab").join("")).toBe('text\tn\na b\t1\nsay "hi", twice\t2\n');
    expect(tableToPieces(table, "comma").join("")).toBe('text,n\na\tb,1\n"say ""hi"", twice",2\n');
  });
});

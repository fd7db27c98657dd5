import { describe, expect, it } from "vitest";
import { RAMP_KINDS, RAMP_TRANSFORMS } from "../../../src/model/color/ramp";
import { selectionOf } from "../../../src/model/view/selection";
import { initialValues, keysOf } from "../../../src/model/view/setting";
import {
  SETTINGS,
  type SettingKey,
  type ViewSettings,
  withSetting,
} from "../../../src/model/view/settings";
import { decodeUrl, encodeUrl } from "../../../src/model/view/url-state";
import { INITIAL_VIEW, type View } from "../../../src/model/view/view";

const KEYS = keysOf<ViewSettings>(SETTINGS);
const NOTHING = selectionOf([]);

/** Names that an address could trip over. */
const NAMES = ["", "label", "a.b", "7.x", "-", "ä+b c", "100%", "x&y=z#", "日本:,;", "+other"];
const COLUMNS = NAMES.map((name, index) => ({ name, index: index * 3 }));

/** Values of the settings that have a text of their own. */
const OWN: { readonly [key: string]: readonly unknown[] } = {
  components: [
    [1, 0],
    [4, 0, 1],
    [9, 10, 11],
  ],
  ramp: RAMP_TRANSFORMS.flatMap(({ value: transform }) =>
    RAMP_KINDS.flatMap(({ value: kind }) => [
      { transform, kind },
      ...NAMES.map((column) => ({ transform, kind, range: { column, low: -1e-7, high: 2.5e9 } })),
    ]),
  ),
  swatches: NAMES.map((name) => ({ [name]: { [name]: "#00ff7f", "\u0000missing": "#000000" } })),
  where: ["norm > 1", '`a b` == "x&y=1#" or not (c < 2)'],
  filters: COLUMNS.flatMap((column) => [
    [{ kind: "range", column, range: [-1.5, 1e-7], missing: false }],
    [
      { kind: "range", column, range: null, missing: true },
      { kind: "values", column, names: NAMES, other: true, missing: false },
    ],
    [{ kind: "values", column, names: [""], other: false, missing: true }],
  ]),
  isolation: [
    [{ kind: "isolate", rows: selectionOf([0, 1, 2, 9]) }],
    [
      { kind: "hide", rows: selectionOf([4]) },
      { kind: "isolate", rows: selectionOf([1000000, 1000001]) },
    ],
  ],
};

/** Numbers of [0, 1), the same in every run. */
function* shares(n: number): Generator<number> {
  let seed = 12345;
  for (let at = 0; at < n; at++) {
    seed = (seed * 1103515245 + 12345) % 2147483648;
    yield seed / 2147483648;
  }
}

/** Allowed values: all of them for a toggle or a choice, many for what has no end of them. */
function samplesOf(key: SettingKey): readonly ViewSettings[SettingKey][] {
  const setting = SETTINGS[key];
  switch (setting.kind) {
    case "toggle":
      return [true, false];
    case "choice":
      return setting.choices.map(({ value }) => value);
    case "number": {
      const { low, high, accept } = setting;
      const within = [...shares(50)].map((share) => accept(low + (high - low) * share));
      return [low, high, setting.initial, ...within];
    }
    case "column":
      return [...COLUMNS, null];
    case "own":
      return OWN[key] as readonly ViewSettings[SettingKey][];
  }
}

function reread(view: View): Partial<View> {
  return decodeUrl(`#${encodeUrl(view, NOTHING, true)}`).view;
}

describe.each(KEYS)("the setting %s", (key) => {
  const samples = samplesOf(key);

  it("comes back from the address, whatever it is", () => {
    expect(samples.length).toBeGreaterThan(1);
    for (const value of samples) {
      const view: View = { ...INITIAL_VIEW, [key]: value };
      // The setting itself, and no other one with it.
      expect(reread(view)).toEqual({ ...reread(INITIAL_VIEW), [key]: value });
    }
  });

  it("is in the address only when it is not as it starts", () => {
    const { url } = SETTINGS[key];
    const wrote = (value: unknown) =>
      new URLSearchParams(encodeUrl({ ...INITIAL_VIEW, [key]: value }, NOTHING, true)).has(url);
    expect(wrote(INITIAL_VIEW[key])).toBe(false);
    for (const value of samples) {
      expect(wrote(value), JSON.stringify(value)).toBe(
        JSON.stringify(value) !== JSON.stringify(INITIAL_VIEW[key]),
      );
    }
  });

  it("is as it starts where the address says nothing of it", () => {
    expect(decodeUrl("").view[key]).toEqual(INITIAL_VIEW[key]);
    expect(decodeUrl("#method=pca&dims=3").view[key]).toEqual(INITIAL_VIEW[key]);
  });
});

describe("a malformed address", () => {
  const NONSENSE = ["", "zzz", "2", "-7x", "NaN", "%", "0,", "null", "true"];
  const closed = KEYS.filter((key) => ["toggle", "choice"].includes(SETTINGS[key].kind));

  it.each(closed)("gives %s its initial value", (key) => {
    for (const text of NONSENSE) {
      const query = new URLSearchParams({ [SETTINGS[key].url]: text });
      expect(decodeUrl(`#${query}`).view[key], text).toBe(INITIAL_VIEW[key]);
    }
  });

  it.each(KEYS.filter((key) => SETTINGS[key].kind === "number"))(
    "gives %s its initial value, or the nearest allowed one",
    (key) => {
      const read = (text: string) => decodeUrl(`#${SETTINGS[key].url}=${text}`).view[key];
      const { low, high } = SETTINGS[key as "k"];
      for (const text of ["", "%20", "zzz", "1x", "NaN", "Infinity", "-Infinity", "1e999"]) {
        expect(read(text), text).toBe(INITIAL_VIEW[key]);
      }
      expect(read("-1e9")).toBe(low);
      expect(read("1e9")).toBe(high);
    },
  );

  it.each([
    ["components", "axes=1"],
    ["components", "axes=q,w"],
    ["ramp", "ramp=steep,sideways"],
    ["ramp", "ramp="],
    ["swatches", "swatch=a:b:red"],
    ["swatches", "swatch=%25:b:ff0000"],
    ["filters", "filter=nothing"],
    ["filters", "filter=%25:=%25"],
    ["filters", "filter=a:3~1"],
    ["isolation", "focus=show:1"],
    ["isolation", "focus=isolate"],
  ] as const)("gives %s its initial value for %s", (key, address) => {
    expect(decodeUrl(`#${address}`).view[key]).toEqual(INITIAL_VIEW[key]);
  });
});

describe("the table of settings", () => {
  it("has a key of the address for each, and none twice", () => {
    const others = ["run", "tensor", "step", "method", "dims", "camera", "selected"];
    const keys = [...others, ...KEYS.map((key) => SETTINGS[key].url)];
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys.filter((key) => key.startsWith("p."))).toEqual([]);
  });

  it("has the keys that old links have", () => {
    const urls = KEYS.map((key) => `${key}=${SETTINGS[key].url}`);
    const old = [
      "categoryLabels=names",
      "color=color",
      "components=axes",
      "drawAs=draw",
      "filters=filter",
      "fog=fog",
      "ghosts=ghosts",
      "isolation=focus",
      "k=k",
      "keepOrientation=keep",
      "label=label",
      "lens=lens",
      "lines=lines",
      "metric=metric",
      "opacityBy=opacityby",
      "opacityScale=opacity",
      "pointNames=points",
      "pointScale=size",
      "ramp=ramp",
      "scale=scale",
      "sizeBy=sizeby",
      "smoothing=smooth",
      "sprites=images",
      "swatches=swatch",
      "turning=turning",
    ];
    expect(old.filter((each) => !urls.includes(each))).toEqual([]);
  });

  it("reads a link that an earlier version wrote", () => {
    const old =
      "#run=a&tensor=t&step=10&method=umap&p.n_neighbors=30&dims=3&axes=4%2C0%2C1&keep=0" +
      "&color=2.a.b&label=-&scale=numeric&ramp=log%2Cdiverging&swatch=label%3A7%3Aff0000" +
      "&filter=0.label%3A%3D3%2C%2Bmissing&filter=4.c%3A-0.5~1e-7&ghosts=0&sizeby=3.n&opacityby=6.o" +
      "&turning=turntable&lens=parallel&fog=0&lines=0&names=0&points=0&images=1&draw=density" +
      "&smooth=2.5&size=2&opacity=0.5&k=25&metric=euclidean" +
      "&camera=3d%2C0%2C0%2C0%2C0%2C0%2C0%2C1%2C2&focus=isolate%3A0-2%2C9%3Bhide%3A1&selected=3%2C7";
    const { view, place, selection } = decodeUrl(old);
    expect(place).toEqual({ run: "a", name: "t", step: 10 });
    expect([...selection]).toEqual([3, 7]);
    const column = { index: 0, name: "label" };
    expect(view).toMatchObject({
      method: "umap",
      dims: 3,
      drafts: { umap: { n_neighbors: 30 } },
      request: { method: "umap", params: { n_neighbors: 30 }, dims: 3 },
      components: [4, 0, 1],
      keepOrientation: false,
      color: { index: 2, name: "a.b" },
      label: null,
      scale: "numeric",
      ramp: { transform: "log", kind: "diverging" },
      swatches: { label: { "7": "#ff0000" } },
      filters: [
        { kind: "values", column, names: ["3"], other: false, missing: true },
        { kind: "range", column: { index: 4, name: "c" }, range: [-0.5, 1e-7], missing: false },
      ],
      ghosts: false,
      sizeBy: { index: 3, name: "n" },
      opacityBy: { index: 6, name: "o" },
      turning: "turntable",
      lens: "parallel",
      fog: false,
      lines: false,
      categoryLabels: false,
      pointNames: false,
      sprites: true,
      drawAs: "density",
      smoothing: 2.5,
      pointScale: 2,
      opacityScale: 0.5,
      k: 25,
      metric: "euclidean",
      camera: { mode: "3d", target: [0, 0, 0], rotation: [0, 0, 0, 1], zoom: 2 },
      isolation: [
        { kind: "isolate", rows: selectionOf([0, 1, 2, 9]) },
        { kind: "hide", rows: selectionOf([1]) },
      ],
    });
  });

  it("changes one setting, within what it may be", () => {
    const values = initialValues<ViewSettings>(SETTINGS);
    expect(withSetting(values, "ghosts", false)).toEqual({ ...values, ghosts: false });
    expect(withSetting(values, "k", 2500.4).k).toBe(1000);
    expect(withSetting(values, "k", 7.6).k).toBe(8);
    expect(withSetting({ ...values, k: 3 }, "k", Number.NaN).k).toBe(10);
    expect(withSetting(values, "smoothing", -1).smoothing).toBe(0);
  });

  it("changes with one setting what would contradict it", () => {
    const values = { ...initialValues<ViewSettings>(SETTINGS), scale: "numeric" as const };
    expect(withSetting(values, "color", null).scale).toBe("auto");
    const images = withSetting({ ...values, drawAs: "density" }, "sprites", true);
    expect(images).toMatchObject({ sprites: true, drawAs: "auto" });
    expect(withSetting(images, "drawAs", "density").sprites).toBe(false);
    expect(withSetting(images, "drawAs", "points").sprites).toBe(true);
  });

  it("declares commands with titles and keys of their own", () => {
    const commands = KEYS.flatMap((key) =>
      SETTINGS[key].commands.map(({ id, title, keys }) => ({ id: `${key}.${id}`, title, keys })),
    );
    for (const part of [
      commands.map(({ id }) => id),
      commands.map(({ title }) => title),
      commands.flatMap(({ keys }) => keys),
    ]) {
      expect(new Set(part).size).toBe(part.length);
    }
  });
});

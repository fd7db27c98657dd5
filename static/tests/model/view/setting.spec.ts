import { describe, expect, it } from "vitest";
import {
  initialValues,
  mergedKeys,
  readSettings,
  undoableKeys,
  type ValuesOf,
  writeSettings,
} from "../../../src/model/view/setting";
import { choice, number, toggle } from "../../../src/model/view/setting-kinds";
import { SETTINGS } from "../../../src/model/view/settings";

/** The page's own table with three more entries: nothing else has to know of them. */
const TABLE = {
  ...SETTINGS,
  grid: toggle({
    title: "Grid",
    initial: false,
    url: "grid",
    undo: "step",
    command: { group: "Plot", key: "J" },
  }),
  shape: choice({
    title: "Shape",
    initial: "disk",
    choices: { disk: "Disk", square: "Square" },
    url: "shape",
    undo: "merged",
    command: { group: "Color and size" },
  }),
  speed: number({ title: "Speed", initial: 2, low: 1, high: 8, url: "speed" }),
};
type Values = ValuesOf<typeof TABLE>;

function written(values: Values): string {
  const query = new URLSearchParams();
  writeSettings(TABLE, values, (key, texts) => {
    for (const text of texts) query.append(key, text);
  });
  return query.toString();
}

function read(address: string): Values {
  const query = new URLSearchParams(address);
  return readSettings<Values>(TABLE, (key) => query.getAll(key));
}

describe("a table with one more entry", () => {
  const initial = initialValues<Values>(TABLE);

  it("has its initial value", () => {
    expect(initial).toMatchObject({ grid: false, shape: "disk", speed: 2, ghosts: true, k: 10 });
  });

  it("has it in the address, and takes it from there", () => {
    const values: Values = { ...initial, grid: true, shape: "square", speed: 8, ghosts: false };
    expect(written(values)).toBe("ghosts=0&grid=1&shape=square&speed=8");
    expect(read("ghosts=0&grid=1&shape=square&speed=8")).toEqual(values);
    expect(written(initial)).toBe("");
    expect(read("")).toEqual(initial);
    expect(read("grid=yes&shape=star&speed=fast")).toEqual(initial);
    expect(read("speed=20").speed).toBe(8);
  });

  it("undoes it, where the entry says so", () => {
    const added = undoableKeys<Values>(TABLE).filter((key) => !(key in SETTINGS));
    expect(added).toEqual(["grid", "shape"]);
    expect(mergedKeys<Values>(TABLE).filter((key) => !(key in SETTINGS))).toEqual(["shape"]);
    expect(undoableKeys<Values>(TABLE)).not.toContain("fog");
  });
});

describe("a long text", () => {
  it("is marked, so that a link can leave it out", () => {
    const values = { ...initialValues<Values>(TABLE), grid: true };
    const long: string[] = [];
    const rows = new Uint32Array([1]);
    writeSettings(
      TABLE,
      { ...values, isolation: [{ kind: "hide", rows }] },
      (key, _, isLong) => isLong && long.push(key),
    );
    expect(long).toEqual(["focus"]);
  });
});

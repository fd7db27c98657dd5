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
  extraToggle: toggle({
    title: "Extra toggle",
    initial: false,
    url: "extraToggle",
    undo: "step",
    command: { group: "Plot", key: "J" },
  }),
  extraChoice: choice({
    title: "Extra choice",
    initial: "disk",
    choices: { disk: "Disk", square: "Square" },
    url: "extraChoice",
    undo: "merged",
    command: { group: "Color and size" },
  }),
  extraNumber: number({ title: "Extra number", initial: 2, low: 1, high: 8, url: "extraNumber" }),
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
    expect(initial).toMatchObject({
      extraToggle: false,
      extraChoice: "disk",
      extraNumber: 2,
      ghosts: true,
      k: 10,
    });
  });

  it("has it in the address, and takes it from there", () => {
    const values: Values = {
      ...initial,
      extraToggle: true,
      extraChoice: "square",
      extraNumber: 8,
      ghosts: false,
    };
    expect(written(values)).toBe("ghosts=0&extraToggle=1&extraChoice=square&extraNumber=8");
    expect(read("ghosts=0&extraToggle=1&extraChoice=square&extraNumber=8")).toEqual(values);
    expect(written(initial)).toBe("");
    expect(read("")).toEqual(initial);
    expect(read("extraToggle=yes&extraChoice=star&extraNumber=fast")).toEqual(initial);
    expect(read("extraNumber=20").extraNumber).toBe(8);
  });

  it("undoes it, where the entry says so", () => {
    const added = undoableKeys<Values>(TABLE).filter((key) => !(key in SETTINGS));
    expect(added).toEqual(["extraToggle", "extraChoice"]);
    expect(mergedKeys<Values>(TABLE).filter((key) => !(key in SETTINGS))).toEqual(["extraChoice"]);
    expect(undoableKeys<Values>(TABLE)).not.toContain("fog");
  });
});

describe("a long text", () => {
  it("is marked, so that a link can leave it out", () => {
    const values = { ...initialValues<Values>(TABLE), extraToggle: true };
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

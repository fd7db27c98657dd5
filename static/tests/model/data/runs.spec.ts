import { describe, expect, it } from "vitest";
import {
  cellOf,
  cellText,
  columnKey,
  differingSettings,
  matchingRuns,
  nextRunOrder,
  type Run,
  runColumns,
  settingsInShort,
  settingText,
  sortedRuns,
} from "../../../src/model/data/runs";

function run(name: string, part: Partial<Run> = {}): Run {
  return {
    name,
    group: "",
    status: "unknown",
    start_time: null,
    end_time: null,
    hparams: {},
    metrics: {},
    n_tensors: 1,
    ...part,
  };
}

const RUNS = [
  run("run 10", { hparams: { lr: 0.1, act: "relu", seed: 0 }, metrics: { loss: 3 } }),
  run("run 9", { hparams: { lr: 0.001, act: "tanh", seed: 0 }, metrics: { loss: null } }),
  run("run 8", { hparams: { lr: 0.01, act: "relu", seed: 0, wide: true } }),
];
const names = (found: readonly Run[]) => found.map(({ name }) => name);

describe("the columns of a table of runs", () => {
  it("are the hyperparameters that differ, and all metrics", () => {
    const keys = (withEqual: boolean) => runColumns(RUNS, withEqual).map(columnKey);
    expect(keys(false)).toEqual([
      "run Run",
      "hparam lr",
      "hparam act",
      "hparam wide",
      "metric loss",
      "tensors Tensors",
      "health Health",
    ]);
    expect(keys(true)).toContain("hparam seed");
    expect(runColumns([run("a", { status: "running" })], false)[1]?.kind).toBe("status");
  });

  it("keep a hyperparameter apart from a metric of the same name", () => {
    const both = run("a", { hparams: { loss: "mse" }, metrics: { loss: 2 } });
    const columns = runColumns([both, run("b")], false);
    expect(columns.map((column) => cellOf(both, column))).toEqual(["a", "mse", 2, 1, undefined]);
    expect(new Set(columns.map(columnKey)).size).toBe(columns.length);
  });
});

it("a setting is written as it was given", () => {
  expect(settingText(0.0003)).toBe("0.0003");
  expect(settingText(12_000)).toBe("12,000");
  expect(settingText(true)).toBe("true");
  expect(settingText([8, 4, "x"])).toBe("[8, 4, x]");
  expect(settingText({ on: [1] })).toBe('{"on":[1]}');
  expect(settingText(null)).toBe("null");
  expect(settingText(undefined)).toBe("");
});

describe("the health of runs", () => {
  const health = (nAlarms: number | null, text: string) => ({
    health: { nAlarms, text, title: "" },
  });
  const measured = [
    run("a", health(2, "2: Dead dimensions")),
    run("b"),
    run("c", health(10, "10: Hubness")),
    run("d", health(null, "–")),
  ];
  const columns = runColumns(measured, false);

  it("is sorted by the number of alarms; what was not measured comes last", () => {
    const by = (isDescending: boolean) =>
      names(sortedRuns(measured, columns, { key: "health Health", isDescending }));
    expect(by(true)).toEqual(["c", "a", "b", "d"]);
    expect(by(false)).toEqual(["a", "c", "b", "d"]);
  });

  it("reads as what the alarms are about, and is found by it", () => {
    const [a, b] = measured.map((each) => cellText(each, { kind: "health", name: "Health" }));
    expect([a, b]).toEqual(["2: Dead dimensions", ""]);
    expect(names(matchingRuns(measured, columns, "dead"))).toEqual(["a"]);
  });
});

describe("runs", () => {
  const columns = runColumns(RUNS, true);
  const by = (key: string, isDescending = false) =>
    names(sortedRuns(RUNS, columns, { key, isDescending }));

  it("are sorted by size, by numbers in names, and what is missing comes last", () => {
    expect(by("hparam lr")).toEqual(["run 9", "run 8", "run 10"]);
    expect(by("hparam lr", true)).toEqual(["run 10", "run 8", "run 9"]);
    expect(by("run Run")).toEqual(["run 8", "run 9", "run 10"]);
    expect(by("metric loss")[0]).toBe("run 10");
    expect(by("metric loss", true)[0]).toBe("run 10");
    expect(by("no such")).toEqual(names(RUNS));
  });

  it("are sorted up, down, and as they came", () => {
    const up = nextRunOrder({ key: null, isDescending: false }, "hparam lr");
    const down = nextRunOrder(up, "hparam lr");
    expect([up.isDescending, down.isDescending]).toEqual([false, true]);
    expect(nextRunOrder(down, "hparam lr").key).toBeNull();
    expect(nextRunOrder(down, "run Run")).toEqual({ key: "run Run", isDescending: false });
  });

  it("are found by words in any cell, and by the value of a column", () => {
    const found = (text: string) => names(matchingRuns(RUNS, columns, text));
    expect(found("")).toEqual(names(RUNS));
    expect(found("RELU")).toEqual(["run 10", "run 8"]);
    expect(found("relu lr=0.01")).toEqual(["run 8"]);
    expect(found("lr=0.1")).toEqual(["run 10"]);
    expect(found("no=0.1")).toEqual([]);
  });

  it("say in short in what they differ", () => {
    const differing = differingSettings(RUNS);
    expect(differing).toEqual(["lr", "act", "wide"]);
    expect(settingsInShort(RUNS[2] as Run, differing)).toBe("lr 0.01 · act relu · wide true");
    expect(settingsInShort(RUNS[2] as Run, differing, 2)).toBe("lr 0.01 · act relu · +1");
    expect(differingSettings([RUNS[0] as Run])).toEqual([]);
  });
});

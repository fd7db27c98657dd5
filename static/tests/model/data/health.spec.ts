import { describe, expect, it } from "vitest";
import {
  alarmText,
  type HealthSeries,
  type HealthStep,
  healthRows,
  healthSummary,
  rowText,
  rowValue,
  summaryText,
} from "../../../src/model/data/health";

const FIGURES = [
  { name: "rank", title: "Effective rank", formula: "r" },
  { name: "dead", title: "Dead dimensions", formula: "d" },
  { name: "agreement", title: "Label agreement", formula: "a" },
];

function at(step: number, rank: number | null, dead: number): HealthStep {
  const message = `${dead} of 64 dimensions are dead: 5.`;
  return {
    step,
    n_points: 100,
    n_dims: 64,
    figures: { rank, dead, agreement: null },
    warnings: [],
    alarms: dead > 0 ? [{ figure: "dead", message, step }] : [],
  };
}

const SERIES: HealthSeries = {
  run: "a",
  name: "hidden",
  figures: FIGURES,
  steps: [at(0, 7.5, 0), at(20, null, 3), at(800, 5, 1)],
};

describe("the health of all steps", () => {
  it("has a row for each figure that is defined anywhere, those with alarms first", () => {
    const rows = healthRows(SERIES);
    expect(rows.map(({ name }) => name)).toEqual(["dead", "rank"]);
    expect(rows[0]?.alarms.map(({ step }) => step)).toEqual([20, 800]);
    expect(rows[1]).toMatchObject({ steps: [0, 20, 800], values: [7.5, null, 5], alarms: [] });
  });

  it("says what an alarm is about and where", () => {
    expect(healthRows(SERIES)[0]?.alarms.map(alarmText)).toEqual([
      "step 20: 3 of 64 dimensions are dead: 5.",
      "step 800: 1 of 64 dimensions are dead: 5.",
    ]);
    expect(alarmText({ figure: "dead", message: "Dead.", step: null })).toBe("Dead.");
  });

  it("tells a row by its ends, and its value at one step", () => {
    const [dead, rank] = healthRows(SERIES);
    expect(dead && rowText(dead)).toBe("Dead dimensions: 0 at step 0, 1 at step 800; 2 alarms");
    expect(rank && rowText(rank)).toBe("Effective rank: 7.5 at step 0, 5 at step 800");
    expect(rank && [0, 20, 100, null].map((step) => rowValue(rank, step))).toEqual([
      7.5,
      null,
      null,
      null,
    ]);
  });

  it("tells one value once", () => {
    const [row] = healthRows({ ...SERIES, steps: [at(5, 2, 0)] });
    expect(row && rowText(row)).toBe("Effective rank: 2 at step 5");
  });
});

describe("the alarms of a run in short", () => {
  it("are counted and named by their figures, the most frequent first", () => {
    const rank = { figure: "rank", message: "The rank fell.", step: 800 };
    const last = at(800, 5, 1);
    const steps = [at(0, 7, 2), { ...last, alarms: [...last.alarms, rank] }];
    const summary = healthSummary({ ...SERIES, steps });
    expect(summary).toEqual({
      nAlarms: 3,
      nSteps: 2,
      figures: [
        { title: "Dead dimensions", n: 2 },
        { title: "Effective rank", n: 1 },
      ],
      messages: ["step 800: 1 of 64 dimensions are dead: 5.", "step 800: The rank fell."],
    });
    expect(summaryText(summary)).toBe("3: Dead dimensions 2, Effective rank 1");
    expect(summaryText(healthSummary(SERIES))).toBe("2: Dead dimensions");
    expect(summaryText(healthSummary({ ...SERIES, steps: [at(0, 7, 0)] }))).toBe("0");
  });
});

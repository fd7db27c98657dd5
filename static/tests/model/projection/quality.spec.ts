import { describe, expect, it } from "vitest";
import {
  barShare,
  isScoreColumn,
  newerQuality,
  type Quality,
  SCORES,
  scoreColumn,
  scoreOf,
  scoreRef,
  scoreText,
  scoreWords,
} from "../../../src/model/projection/quality";

function quality(state: Quality["state"]): Quality {
  return { state, phase: "", done: 0, total: 0, ahead: null, k: 15, summary: null, error: null };
}

describe("a score", () => {
  it("is explained with the number of neighbors that it was measured with", () => {
    for (const score of SCORES) expect(scoreWords(score, 23).meaning).toContain("23");
  });

  it("is a column of its own, found by a name that no table has", () => {
    for (const score of SCORES) {
      expect(scoreOf(scoreRef(score).name)).toBe(score);
      expect(isScoreColumn(scoreColumn(score, null))).toBe(true);
    }
    expect(scoreOf("trustworthiness")).toBeNull();
    expect(new Set(SCORES.map((each) => scoreColumn(each, null).index)).size).toBe(4);
  });

  it("counts the points that have none", () => {
    const column = scoreColumn("overlap", Float32Array.of(1, Number.NaN, 0.5));
    expect(column.n_missing).toBe(1);
  });

  it("is written with two digits, and has no bar below zero", () => {
    expect(scoreText(0.98765)).toBe("0.99");
    expect(scoreText(-0.371)).toBe("−0.37");
    expect(scoreText(Number.NaN)).toBe("–");
    expect([-1, 0.5, 2, Number.NaN].map(barShare)).toEqual([0, 50, 100, 0]);
  });
});

describe("news of a measurement", () => {
  it("never takes back what is finished", () => {
    const done = quality("done");
    expect(newerQuality(quality("running"), done)).toBe(done);
    expect(newerQuality(null, done)).toBe(done);
  });

  it("otherwise is the newer", () => {
    const running = quality("running");
    expect(newerQuality(running, null)).toBe(running);
    expect(newerQuality(running, quality("failed"))).toBe(running);
  });
});

import { describe, expect, it } from "vitest";
import {
  checkText,
  fromSlider,
  hasSlider,
  paramsKey,
  SLIDER_STEPS,
  toSlider,
  valueFromText,
  valueToText,
  withoutDefaults,
} from "../../../src/model/projection/method";
import { method, parameter } from "../../store/fixtures";

const neighbors = parameter("n_neighbors", { default: 15, low: 2, high: 500, log: true });
const distance = parameter("min_dist", { kind: "float", default: 0.1, low: 0, high: 1 });
const epochs = parameter("n_epochs", { default: null, low: 1, log: true });
const umap = method("umap", { parameters: [neighbors, distance, epochs] });

describe("parameters", () => {
  it("keep only what differs from the defaults, so that equal settings are equal", () => {
    expect(withoutDefaults(umap, { n_neighbors: 15, min_dist: 0.5 })).toEqual({ min_dist: 0.5 });
    expect(paramsKey({ b: 1, a: 2 })).toBe(paramsKey({ a: 2, b: 1 }));
  });

  it("say what is wrong with a text", () => {
    expect(checkText(neighbors, "30")).toEqual({ value: 30 });
    for (const text of ["2.5", "1", "501", "x", "1e9", "-Infinity"]) {
      expect(checkText(neighbors, text), text).toEqual({
        message: "Enter a whole number from 2 to 500.",
      });
    }
    expect(checkText(distance, "1.01")).toEqual({ message: "Enter a number from 0 to 1." });
    expect(checkText(epochs, "0")).toEqual({ message: "Enter a whole number of at least 1." });
    expect(checkText(parameter("any"), "x")).toEqual({ message: "Enter a whole number." });
    const many = parameter("n", { high: 1_000_000 });
    expect(checkText(many, "9e9")).toEqual({
      message: "Enter a whole number of at most 1,000,000.",
    });
    expect(checkText(neighbors, " ")).toEqual({ message: "Enter a value." });
    expect(checkText(epochs, "")).toEqual({ value: null });
    const note = parameter("note", { kind: "text", default: "" });
    expect(checkText(note, "")).toEqual({ value: "" });
    // A kind that only a later server has is a text.
    const later = parameter("later", { kind: "weather" as "text" });
    expect(checkText(later, "fair")).toEqual({ value: "fair" });
  });

  it("come back from an address as what they were", () => {
    expect(["15", "0.1", "true", "cosine", ""].map(valueFromText)).toEqual([
      15,
      0.1,
      true,
      "cosine",
      null,
    ]);
  });
});

describe("sliders", () => {
  it("reach both ends and stay on what they show", () => {
    for (const parameter of [neighbors, distance]) {
      expect(fromSlider(parameter, 0)).toBe(parameter.low);
      expect(fromSlider(parameter, SLIDER_STEPS)).toBe(parameter.high);
      for (let at = 0; at <= SLIDER_STEPS; at += 7) {
        const value = fromSlider(parameter, at);
        expect(fromSlider(parameter, toSlider(parameter, value))).toBe(value);
      }
    }
  });

  it("need two ends", () => {
    expect(hasSlider(neighbors)).toBe(true);
    expect(hasSlider(epochs)).toBe(false);
    expect(hasSlider({ ...distance, log: true })).toBe(false);
  });
});

describe("a value in a link", () => {
  it("comes back as what it was, a label that reads as a number too", () => {
    for (const value of [3, 0.5, true, false, null, "label", "3", "true", "", '"3"', "1, 2"]) {
      expect(valueFromText(valueToText(value))).toBe(value);
    }
  });
});

import { describe, expect, it } from "vitest";
import { groupNotes, settingNotes } from "../../../src/model/projection/setting-notes";
import { method, parameter, unheardOf } from "../../store/fixtures";

describe("the notes of a projection", () => {
  it("name what is set of a method that the page has never heard of", () => {
    expect(settingNotes(unheardOf, {})).toEqual(["speed 1", "shape round"]);
    const params = {
      n_components: 3,
      speed: 2,
      rounds: 40,
      is_tight: true,
      formula: "a + b",
      x_from: "3, 17, 20-40",
      by: "label",
      weight: 0.8,
      unknown_value: "3",
      n_sampled: 5000,
      scaled: true,
      seed: 12345,
    };
    expect(settingNotes(unheardOf, params)).toEqual([
      "scaled",
      "guided by label",
      "weight 0.8",
      "ignoring 3",
      "5,000 sampled",
      "speed 2",
      "rounds 40",
      "shape round",
      "is_tight",
      "formula a + b",
      "seed 12345",
    ]);
  });

  it("leave out what is not in effect, and what is as usual", () => {
    expect(groupNotes(unheardOf, { weight: 0.8, unknown_value: "3" }, "labels")).toEqual([]);
    expect(groupNotes(unheardOf, { by: "label", weight: 0.5 }, "labels")).toEqual([
      "guided by label",
    ]);
    expect(groupNotes(unheardOf, { scaled: false, n_sampled: null }, "preprocessing")).toEqual([]);
  });

  it("say what null means where it is not the usual value", () => {
    const capped = method("capped", {
      parameters: [parameter("most", { default: 50, unset: "all", note: "{value} dimensions" })],
    });
    expect(settingNotes(capped, { most: null })).toEqual(["all dimensions"]);
  });
});

import { expect, it } from "vitest";
import { pathText } from "../../../src/model/data/urls";
import { encoded, wellFormed } from "../../../src/model/text/well-formed";
import { filterToText } from "../../../src/model/view/url-parts";

it("replaces halves of surrogate pairs, and nothing else", () => {
  expect(wellFormed("a\u{1f600}é\0")).toBe("a\u{1f600}é\0");
  expect(wellFormed("\ud83d\u{1f600}\ude00")).toBe("\ufffd\u{1f600}\ufffd");
});

it("lets any text be part of an address", () => {
  const half = "\ud83d";
  expect(encoded(half)).toBe("%EF%BF%BD");
  expect(pathText(["search", half], { text: half })).toBe("search/%EF%BF%BD?text=%EF%BF%BD");
  const filter = {
    kind: "values",
    column: { index: 0, name: half },
    names: [half],
    other: false,
    missing: false,
  } as const;
  expect(filterToText(filter)).toContain("%EF%BF%BD");
});

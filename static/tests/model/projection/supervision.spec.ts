import { expect, it } from "vitest";
import { groupingColumns } from "../../../src/model/projection/supervision";
import { dataset } from "../../store/fixtures";

it("labels divide the points into groups", () => {
  const column = dataset.columns[0];
  if (!column) throw new Error("no column");
  const unique = { ...column, name: "id", n_categories: 100 };
  const alike = { ...column, name: "constant", n_categories: 1 };
  const amount = { ...column, name: "loss", kind: "numeric" as const, is_integer: false };
  const found = groupingColumns([column, unique, alike, amount, { ...column, name: "" }], 100);
  expect(found.map(({ name }) => name)).toEqual(["label"]);
});

import { expect, it } from "vitest";
import { byteSize } from "../../../src/model/text/byte-size";

it("gives bytes in the largest unit that leaves them at least 1", () => {
  expect([0, 1, 999, 1530, 999_949, 999_950, 24_000_000_000, 3e15].map(byteSize)).toEqual([
    "0 bytes",
    "1 byte",
    "999 bytes",
    "1.5 kB",
    "999.9 kB",
    "1.0 MB",
    "24.0 GB",
    "3000.0 TB",
  ]);
});

import { expect, it } from "vitest";
import { sha256 } from "../../../src/model/data/sha256";

/** Letters of "abäabä…", and the hash as Python's hashlib has it. */
const KNOWN: readonly (readonly [number, string])[] = [
  [0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"],
  [3, "0f08335c2fc37d0f1b7c91d79a61b18e6a69c14cdf6bc268a48b0b14d3c82fba"],
  [41, "82ad01a4d04ac435f1117df128ae2868ba6c9b22a95b6ce87952cd7f3575e668"],
  [42, "86d9f8ed67037bf6e0964c28cf3120bdac1b82a9cf83df8d966752110b1b58a9"],
  [47, "2dab16ef67e3bb3030eb6569aa821b7a2f07cdd484fa5065ab56d2f68f7d97fb"],
  [48, "c7c459ec283d5a377a932260a880fa68686ce58784e71877537550a65d678ff2"],
  [49, "d48e95b18aa11d383523ef05a621f0ee03aac3bec8370d87143037fa37618a3c"],
  [90, "fa798174c1354434c755ebb550de2d3f840625ebdd289b91beed454aece2b556"],
  [300, "99b5f87b1a733477e36cf21a8371fdbb53f8e9803d3b0dc884468cd131056190"],
];

it("is what everybody else computes, at and around each length of a block", () => {
  for (const [length, hash] of KNOWN) {
    expect(sha256("abä".repeat(length).slice(0, length))).toBe(hash);
  }
});

import { expect, it } from "vitest";
import { fileStem } from "../../../src/app/browser/download";

it.each([
  ["run-hidden-10", "run-hidden-10"],
  ["a/b\\c:d*e?f", "a_b_c_d_e_f"],
  ["../../etc/passwd", "_.._etc_passwd"],
  ["..", "projector"],
  ["", "projector"],
  [".hidden", "hidden"],
  ["--flag", "flag"],
  ["\u202efdp.exe", "_fdp.exe"],
  ["x\u0000y\nz", "x_y_z"],
  ["眼", "_"],
])("%j is offered as the file %j", (name, stem) => {
  expect(fileStem(name)).toBe(stem);
});

it("is no longer than any system takes", () => {
  expect(fileStem("x".repeat(5000))).toHaveLength(120);
});

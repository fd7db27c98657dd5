import { describe, expect, it } from "vitest";
import {
  conjugate,
  fromAxisAngle,
  IDENTITY,
  multiply,
  normalize,
  type Quaternion,
  rotate,
  slerp,
  type Vec3,
} from "../../../src/model/camera/quaternion";

function expectClose(actual: readonly number[], expected: readonly number[]): void {
  expect(actual.length).toBe(expected.length);
  actual.forEach((value, k) => {
    expect(value).toBeCloseTo(expected[k] as number, 9);
  });
}

describe("rotations", () => {
  it("turns x into y around z by a quarter", () => {
    expectClose(rotate(fromAxisAngle([0, 0, 2], Math.PI / 2), [1, 0, 0]), [0, 1, 0]);
  });

  it("takes an axis without length as no rotation", () => {
    expect(fromAxisAngle([0, 0, 0], 1)).toEqual(IDENTITY);
  });

  it("applies the right factor first", () => {
    const quarterZ = fromAxisAngle([0, 0, 1], Math.PI / 2);
    const quarterX = fromAxisAngle([1, 0, 0], Math.PI / 2);
    const v: Vec3 = [1, 2, 3];
    expectClose(rotate(multiply(quarterX, quarterZ), v), rotate(quarterX, rotate(quarterZ, v)));
  });

  it("comes back by its conjugate", () => {
    const q = normalize([0.3, -0.2, 0.5, 0.8]);
    expectClose(rotate(conjugate(q), rotate(q, [1, 2, 3])), [1, 2, 3]);
  });

  it("stays of unit length, also after nonsense", () => {
    expect(Math.hypot(...normalize([3, 4, 0, 0]))).toBeCloseTo(1);
    expect(normalize([0, 0, 0, 0])).toEqual(IDENTITY);
    expect(normalize([Number.NaN, 0, 0, 0])).toEqual(IDENTITY);
  });
});

describe("slerp", () => {
  const a = IDENTITY;
  const b = fromAxisAngle([0, 1, 0], 2);

  it("starts and ends at its ends and turns evenly", () => {
    expectClose(slerp(a, b, 0), a);
    expectClose(slerp(a, b, 1), b);
    expectClose(slerp(a, b, 0.25), fromAxisAngle([0, 1, 0], 0.5));
  });

  it("takes the short way when the quaternion is written with the other sign", () => {
    const other: Quaternion = [-b[0], -b[1], -b[2], -b[3]];
    expectClose(rotate(slerp(a, other, 0.5), [1, 0, 0]), rotate(slerp(a, b, 0.5), [1, 0, 0]));
  });

  it("does not divide by zero between equal rotations", () => {
    expectClose(slerp(b, b, 0.5), b);
  });
});

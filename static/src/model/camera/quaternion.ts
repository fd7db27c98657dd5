/** Rotations as unit quaternions (x, y, z, w): no gimbal lock, and a bookmark keeps four numbers. */

export type Vec3 = readonly [number, number, number];
export type Quaternion = readonly [number, number, number, number];

export const IDENTITY: Quaternion = [0, 0, 0, 1];

/** Rotation by `angle` radians around `axis`, which need not be of unit length. */
export function fromAxisAngle(axis: Vec3, angle: number): Quaternion {
  const length = Math.hypot(axis[0], axis[1], axis[2]);
  if (length === 0) return IDENTITY;
  const s = Math.sin(angle / 2) / length;
  return [axis[0] * s, axis[1] * s, axis[2] * s, Math.cos(angle / 2)];
}

/** First `b`, then `a`. */
export function multiply(a: Quaternion, b: Quaternion): Quaternion {
  const [ax, ay, az, aw] = a;
  const [bx, by, bz, bw] = b;
  return [
    aw * bx + ax * bw + ay * bz - az * by,
    aw * by - ax * bz + ay * bw + az * bx,
    aw * bz + ax * by - ay * bx + az * bw,
    aw * bw - ax * bx - ay * by - az * bz,
  ];
}

/** Unit length again: a thousand small drags must not make the world grow. */
export function normalize(q: Quaternion): Quaternion {
  const length = Math.hypot(q[0], q[1], q[2], q[3]);
  if (!(length > 0)) return IDENTITY;
  return [q[0] / length, q[1] / length, q[2] / length, q[3] / length];
}

export function conjugate(q: Quaternion): Quaternion {
  return [-q[0], -q[1], -q[2], q[3]];
}

export function rotate(q: Quaternion, v: Vec3): Vec3 {
  const [x, y, z, w] = q;
  const tx = 2 * (y * v[2] - z * v[1]);
  const ty = 2 * (z * v[0] - x * v[2]);
  const tz = 2 * (x * v[1] - y * v[0]);
  return [
    v[0] + w * tx + y * tz - z * ty,
    v[1] + w * ty + z * tx - x * tz,
    v[2] + w * tz + x * ty - y * tx,
  ];
}

/** The shortest way from `a` (t = 0) to `b` (t = 1), at an even speed. */
export function slerp(a: Quaternion, b: Quaternion, t: number): Quaternion {
  const dot = a[0] * b[0] + a[1] * b[1] + a[2] * b[2] + a[3] * b[3];
  // q and -q are the same rotation; without this half of all turns would go the long way round.
  const sign = dot < 0 ? -1 : 1;
  const angle = Math.acos(Math.min(1, Math.abs(dot)));
  // Below this the arc is a line within double precision, and sin(angle) would divide by zero.
  const straight = angle < 1e-6;
  const wa = straight ? 1 - t : Math.sin((1 - t) * angle) / Math.sin(angle);
  const wb = sign * (straight ? t : Math.sin(t * angle) / Math.sin(angle));
  return normalize([
    wa * a[0] + wb * b[0],
    wa * a[1] + wb * b[1],
    wa * a[2] + wb * b[2],
    wa * a[3] + wb * b[3],
  ]);
}

/** The rotation whose matrix has these rows: what it turns onto the axes. */
export function fromMatrix(x: Vec3, y: Vec3, z: Vec3): Quaternion {
  const trace = x[0] + y[1] + z[2];
  if (trace > 0) {
    const s = 2 * Math.sqrt(trace + 1);
    return normalize([(z[1] - y[2]) / s, (x[2] - z[0]) / s, (y[0] - x[1]) / s, s / 4]);
  }
  if (x[0] > y[1] && x[0] > z[2]) {
    const s = 2 * Math.sqrt(1 + x[0] - y[1] - z[2]);
    return normalize([s / 4, (x[1] + y[0]) / s, (x[2] + z[0]) / s, (z[1] - y[2]) / s]);
  }
  if (y[1] > z[2]) {
    const s = 2 * Math.sqrt(1 + y[1] - x[0] - z[2]);
    return normalize([(x[1] + y[0]) / s, s / 4, (y[2] + z[1]) / s, (x[2] - z[0]) / s]);
  }
  const s = 2 * Math.sqrt(1 + z[2] - x[0] - y[1]);
  return normalize([(x[2] + z[0]) / s, (y[2] + z[1]) / s, s / 4, (y[0] - x[1]) / s]);
}

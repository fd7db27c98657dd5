/** Lays one picture on another one of the same points: turned, mirrored, scaled and moved as a whole. */
import type { Positions } from "./projection";

export interface LaidOn {
  /** 0: the same shape; 1: nothing in common. */
  readonly residual: number;
  /** Where some points of the moved picture come to lie in the other one, `dims` numbers a row. */
  ends(rows: ArrayLike<number>): Float32Array;
}

/** Rotations until a matrix of three rows is diagonal to the last digit; few are ever needed. */
const MOST_SWEEPS = 30;

/** The least squares over all points that both have; null where their shapes say nothing. */
export function laidOn(moved: Positions, fixed: Positions): LaidOn | null {
  const { dims } = fixed;
  if (moved.dims !== dims || moved.values.length !== fixed.values.length) return null;
  const rows = finiteRows(moved, fixed);
  const [from, to] = [meanOf(moved, rows), meanOf(fixed, rows)];
  const cross = zeros(dims);
  let [sizeFrom, sizeTo] = [0, 0];
  for (const row of rows) {
    for (let i = 0; i < dims; i++) {
      const a = at(moved, row, i) - (from[i] ?? 0);
      const b = at(fixed, row, i) - (to[i] ?? 0);
      sizeFrom += a * a;
      sizeTo += b * b;
      for (let j = 0; j < dims; j++) add(cross, i, j, a * (at(fixed, row, j) - (to[j] ?? 0)));
    }
  }
  if (!(sizeFrom > 0 && sizeTo > 0)) return null;
  const { turn, trace } = nearestTurn(cross);
  const scale = trace / sizeFrom;
  const residual = Math.sqrt(Math.max(0, 1 - trace ** 2 / (sizeFrom * sizeTo)));
  return {
    residual,
    ends(wanted) {
      const out = new Float32Array(wanted.length * dims);
      for (let k = 0; k < wanted.length; k++) {
        for (let j = 0; j < dims; j++) {
          let sum = to[j] ?? 0;
          for (let i = 0; i < dims; i++) {
            sum += scale * (at(moved, wanted[k] ?? 0, i) - (from[i] ?? 0)) * get(turn, i, j);
          }
          out[k * dims + j] = sum;
        }
      }
      return out;
    },
  };
}

type Matrix = number[][];

function zeros(n: number): Matrix {
  return Array.from({ length: n }, () => new Array<number>(n).fill(0));
}

function identity(n: number): Matrix {
  return zeros(n).map((row, i) => row.map((_, j) => (i === j ? 1 : 0)));
}

function get(matrix: Matrix, i: number, j: number): number {
  return matrix[i]?.[j] ?? 0;
}

function add(matrix: Matrix, i: number, j: number, value: number): void {
  const row = matrix[i];
  if (row) row[j] = (row[j] ?? 0) + value;
}

function product(a: Matrix, b: Matrix): Matrix {
  return a.map((row) =>
    a.map((_, j) => row.reduce((sum, value, k) => sum + value * get(b, k, j), 0)),
  );
}

function transposed(a: Matrix): Matrix {
  return a.map((_, i) => a.map((row) => row[i] ?? 0));
}

/** The orthogonal matrix nearest to another one, mirrored or not, and the sum of singular values. */
function nearestTurn(cross: Matrix): { readonly turn: Matrix; readonly trace: number } {
  const { values, vectors } = eigen(product(transposed(cross), cross));
  const singular = values.map((value) => Math.sqrt(Math.max(0, value)));
  const least = 1e-9 * Math.max(...singular);
  // A direction in which a picture has no extent is turned nowhere: nothing lies there.
  const inverse = zeros(cross.length);
  singular.forEach((value, k) => {
    if (value <= least) return;
    for (let i = 0; i < cross.length; i++)
      for (let j = 0; j < cross.length; j++)
        add(inverse, i, j, (get(vectors, i, k) * get(vectors, j, k)) / value);
  });
  return {
    turn: product(cross, inverse),
    trace: singular.reduce((sum, value) => sum + value, 0),
  };
}

/** Jacobi's rotations of a symmetric matrix. */
function eigen(symmetric: Matrix): { readonly values: number[]; readonly vectors: Matrix } {
  const n = symmetric.length;
  let found = symmetric;
  let vectors = identity(n);
  for (let sweep = 0; sweep < MOST_SWEEPS; sweep++) {
    for (let p = 0; p < n; p++) {
      for (let q = p + 1; q < n; q++) {
        if (get(found, p, q) === 0) continue;
        const angle = 0.5 * Math.atan2(2 * get(found, p, q), get(found, q, q) - get(found, p, p));
        const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
        const turn = identity(n);
        add(turn, p, p, cos - 1);
        add(turn, q, q, cos - 1);
        add(turn, p, q, sin);
        add(turn, q, p, -sin);
        found = product(product(transposed(turn), found), turn);
        vectors = product(vectors, turn);
      }
    }
  }
  return { values: found.map((row, i) => row[i] ?? 0), vectors };
}

function at({ values, dims }: Positions, row: number, k: number): number {
  return values[row * dims + k] ?? Number.NaN;
}

function finiteRows(a: Positions, b: Positions): Uint32Array {
  const n = a.values.length / a.dims;
  const rows = new Uint32Array(n);
  let found = 0;
  for (let row = 0; row < n; row++) {
    let isThere = true;
    for (let k = 0; k < a.dims; k++)
      isThere &&= Number.isFinite(at(a, row, k)) && Number.isFinite(at(b, row, k));
    if (isThere) rows[found++] = row;
  }
  return rows.subarray(0, found);
}

function meanOf(positions: Positions, rows: Uint32Array): number[] {
  return Array.from({ length: positions.dims }, (_, k) => {
    let sum = 0;
    for (const row of rows) sum += at(positions, row, k);
    return sum / Math.max(1, rows.length);
  });
}

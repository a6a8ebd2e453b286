/**
 * @file Gram–Schmidt, every vector twice, so that the result is orthogonal to rounding. After Giraud, Langou &
 * Rozložník (2005), Comput. Math. Appl. 50:1069.
 */

/** V = T Q: Q orthonormal rows, T lower triangular. */
export interface Orthonormalised {
  /** Shape `(vector, component)`. */
  q: Float64Array;
  /** Lower triangular with a diagonal > 0, shape `(vector, vector)`. */
  t: Float64Array;
  /** First vector that depends on those before it, or −1. */
  dependent: number;
}

/** What is left of a vector, relative to its length, below which it depends on those before it. */
const DEPENDENT = 1e-10;

/**
 * @param vectors - Shape `(vector, component)`, row-major.
 * @param size - Components of each.
 */
export function orthonormalise(vectors: ArrayLike<number>, size: number): Orthonormalised {
  const count = vectors.length / size;
  const q = Float64Array.from(vectors);
  const t = new Float64Array(count * count);
  for (let v = 0; v < count; v++) {
    const own = q.subarray(v * size, (v + 1) * size);
    const length = norm(own);
    for (let pass = 0; pass < 2; pass++) {
      for (let u = 0; u < v; u++) {
        let share = 0;
        for (let i = 0; i < size; i++) share += q[u * size + i] * own[i];
        for (let i = 0; i < size; i++) own[i] -= share * q[u * size + i];
        t[v * count + u] += share;
      }
    }
    const left = norm(own);
    if (!(left > DEPENDENT * length)) return { q, t, dependent: v };
    for (let i = 0; i < size; i++) own[i] /= left;
    t[v * count + v] = left;
  }
  return { q, t, dependent: -1 };
}

// Implementation

function norm(v: Float64Array): number {
  let sum = 0;
  for (const x of v) sum += x * x;
  return Math.sqrt(sum);
}

/**
 * @file Hessenberg form of general dense matrices: reduction to it, and the implicit double-shift QR sweep on it.
 * After Golub & Van Loan (2013), sections 7.4 and 7.5. Matrices are row-major with `n` columns.
 */

/** Overwrite `a` with an upper Hessenberg matrix similar to it (Householder); entries below are set to 0. */
export function reduceToHessenberg(a: Float64Array, n: number): void {
  const v = new Float64Array(n);
  const sums = new Float64Array(n);
  for (let k = 0; k + 2 < n; k++) {
    const beta = columnReflector(a, n, k, v);
    if (beta === 0) continue;
    // A ← (I − β v vᵀ) A, row by row.
    sums.fill(0);
    for (let i = k + 1; i < n; i++) {
      const value = v[i] * beta;
      for (let j = k, at = i * n + k; j < n; j++, at++) sums[j] += value * a[at];
    }
    for (let i = k + 1; i < n; i++) {
      const value = v[i];
      for (let j = k, at = i * n + k; j < n; j++, at++) a[at] -= value * sums[j];
      a[i * n + k] = i === k + 1 ? a[i * n + k] : 0;
    }
    // A ← A (I − β v vᵀ).
    for (let i = 0; i < n; i++) {
      let sum = 0;
      for (let j = k + 1, at = i * n + k + 1; j < n; j++, at++) sum += a[at] * v[j];
      sum *= beta;
      for (let j = k + 1, at = i * n + k + 1; j < n; j++, at++) a[at] -= sum * v[j];
    }
  }
}

/** Block of a Hessenberg matrix and the two shifts of a sweep, given by their sum and product, which are real. */
export interface SweepShifts {
  first: number;
  last: number;
  sum: number;
  product: number;
}

/**
 * One implicit double-shift QR sweep H ← ZᵀHZ over rows and columns first … last, in place.
 *
 * @param h - Hessenberg, shape `(row, column)`, row-major.
 * @param z - When given, `(row, column)` of the same size: z ← z Z.
 */
export function doubleShiftSweep(h: Float64Array, n: number, shifts: SweepShifts, z?: Float64Array): void {
  const { first, last } = shifts;
  const bulge = new Float64Array(3);
  firstColumn(h, n, shifts, bulge);
  for (let k = first; k < last; k++) {
    const size = k + 2 <= last ? 3 : 2;
    if (k > first) {
      bulge[0] = h[k * n + k - 1];
      bulge[1] = h[(k + 1) * n + k - 1];
      bulge[2] = size === 3 ? h[(k + 2) * n + k - 1] : 0;
    }
    const image = smallReflector(bulge, size);
    if (image === undefined) continue;
    if (k > first) {
      h[k * n + k - 1] = image;
      h[(k + 1) * n + k - 1] = 0;
      if (size === 3) h[(k + 2) * n + k - 1] = 0;
    }
    reflectRows(h, n, bulge, { at: k, size, from: k, to: last });
    reflectColumns(h, n, bulge, { at: k, size, from: first, to: Math.min(k + 3, last) });
    if (z) reflectColumns(z, n, bulge, { at: k, size, from: 0, to: n - 1 });
  }
}

// Implementation

/** v and β with (I − β v vᵀ) mapping column k below the diagonal to its first entry; β = 0 when it is there already. */
function columnReflector(a: Float64Array, n: number, k: number, v: Float64Array): number {
  let below = 0;
  for (let i = k + 2; i < n; i++) below = Math.max(below, Math.abs(a[i * n + k]));
  if (below === 0) return 0;
  const largest = Math.max(below, Math.abs(a[(k + 1) * n + k]));
  let squares = 0;
  for (let i = k + 1; i < n; i++) {
    v[i] = a[i * n + k] / largest;
    squares += v[i] * v[i];
  }
  const head = v[k + 1];
  const norm = head > 0 ? -Math.sqrt(squares) : Math.sqrt(squares);
  v[k + 1] = head - norm;
  return 1 / (squares - head * norm);
}

/** First column of (H − s₁)(H − s₂), up to a factor: three numbers. */
function firstColumn(
  h: Float64Array,
  n: number,
  { first, last, sum, product }: SweepShifts,
  out: Float64Array,
) {
  const at = first * n + first;
  const head = h[at];
  const sub = h[at + n];
  const next = h[at + n + 1];
  // Divided by the subdiagonal entry, which cannot be 0 in an active block, so that it does not underflow.
  out[0] = (head * (head - sum) + product) / sub + h[at + 1];
  out[1] = head + next - sum;
  out[2] = first + 2 <= last ? h[at + 2 * n + 1] : 0;
  if (Math.abs(out[0]) < Infinity) return;
  out[0] = 1;
  out[1] = 0;
  out[2] = 0;
}

/**
 * Overwrite x, of `size` 2 or 3, with v scaled to v₀ = 1 such that (I − τ v vᵀ) x keeps only its first entry. τ goes
 * to x[0], since v₀ is known. Returns that entry, or undefined when x is 0.
 */
function smallReflector(x: Float64Array, size: number): number | undefined {
  const tail = size === 3 ? Math.max(Math.abs(x[1]), Math.abs(x[2])) : Math.abs(x[1]);
  const largest = Math.max(Math.abs(x[0]), tail);
  if (largest === 0) return undefined;
  const a = x[0] / largest;
  const b = x[1] / largest;
  const c = size === 3 ? x[2] / largest : 0;
  const length = Math.sqrt(a * a + b * b + c * c);
  const norm = a > 0 ? -length : length;
  const head = a - norm;
  x[0] = -head / norm;
  x[1] = b / head;
  x[2] = c / head;
  return norm * largest;
}

/** Rows `at` … `at + size - 1` or columns of the same numbers, over the range `from` … `to` of the other index. */
interface Span {
  at: number;
  size: number;
  from: number;
  to: number;
}

function reflectRows(
  h: Float64Array,
  n: number,
  reflector: Float64Array,
  { at, size, from, to }: Span,
): void {
  const tau = reflector[0];
  const v1 = reflector[1];
  const v2 = reflector[2];
  const r0 = at * n;
  const r1 = r0 + n;
  const r2 = r1 + n;
  if (size === 2) {
    for (let j = from; j <= to; j++) {
      const sum = tau * (h[r0 + j] + v1 * h[r1 + j]);
      h[r0 + j] -= sum;
      h[r1 + j] -= sum * v1;
    }
    return;
  }
  for (let j = from; j <= to; j++) {
    const sum = tau * (h[r0 + j] + v1 * h[r1 + j] + v2 * h[r2 + j]);
    h[r0 + j] -= sum;
    h[r1 + j] -= sum * v1;
    h[r2 + j] -= sum * v2;
  }
}

function reflectColumns(
  h: Float64Array,
  n: number,
  reflector: Float64Array,
  { at, size, from, to }: Span,
): void {
  const tau = reflector[0];
  const v1 = reflector[1];
  const v2 = reflector[2];
  for (let i = from, k = from * n + at; i <= to; i++, k += n) {
    const third = size === 3 ? h[k + 2] : 0;
    const sum = tau * (h[k] + v1 * h[k + 1] + v2 * third);
    h[k] -= sum;
    h[k + 1] -= sum * v1;
    if (size === 3) h[k + 2] -= sum * v2;
  }
}

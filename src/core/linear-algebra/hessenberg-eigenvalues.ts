/**
 * @file All eigenvalues of a Hessenberg matrix by Francis QR, after Golub & Van Loan (2013), section 7.5, with the
 * deflation test of Ahues and Tisseur (1997) and the exceptional shifts of Martin, Peters & Wilkinson (1970).
 */

import { doubleShiftSweep } from "./hessenberg.ts";
import { noConvergence } from "./tridiagonal.ts";

/** Eigenvalues, real and imaginary parts side by side; complex pairs are neighbours, positive part first. */
export interface Eigenvalues {
  /** Shape `(eigenvalue)`. */
  re: Float64Array;
  /** Shape `(eigenvalue)`. */
  im: Float64Array;
}

/**
 * All eigenvalues of an upper Hessenberg matrix.
 *
 * @param h - Shape `(row, column)`, row-major, `n * n` values; overwritten.
 * @throws CajalError `no-convergence` if the iteration stalls, which finite input does not make it do.
 */
export function hessenbergEigenvalues(h: Float64Array, n: number): Eigenvalues {
  const re = new Float64Array(n);
  const im = new Float64Array(n);
  let last = n - 1;
  let sweeps = 0;
  while (last >= 0) {
    const first = activeBlock(h, n, last);
    if (first === last) {
      re[last] = h[last * n + last];
      last--;
      sweeps = 0;
    } else if (first === last - 1) {
      pairEigenvalues(h, n, last, re, im);
      last -= 2;
      sweeps = 0;
    } else {
      if (++sweeps > 60) throw noConvergence("eigenvalues", sweeps);
      doubleShiftSweep(h, n, { first, last, ...chooseShifts(h, n, last, sweeps) });
    }
  }
  return { re, im };
}

// Implementation

const EPSILON = 2.220446049250313e-16;
const TINY = 1e-290;

/** Set negligible subdiagonal entries to 0 and return the first row of the unreduced block that ends at `last`. */
function activeBlock(h: Float64Array, n: number, last: number): number {
  for (let k = last; k > 0; k--) {
    const at = k * n + k;
    const sub = Math.abs(h[at - 1]);
    if (sub > TINY) {
      const here = Math.abs(h[at]);
      const before = h[at - n - 1];
      let size = here + Math.abs(before);
      if (size === 0) size = neighbourSize(h, n, k, last);
      if (sub > EPSILON * size) continue;
      const over = Math.abs(h[at - n]);
      const difference = Math.abs(before - h[at]);
      const large = Math.max(here, difference);
      const small = Math.min(here, difference);
      const off = Math.max(sub, over);
      const total = large + off;
      if (Math.min(sub, over) * (off / total) > Math.max(TINY, EPSILON * (small * (large / total)))) continue;
    }
    h[at - 1] = 0;
    return k;
  }
  return 0;
}

/** Scale of the surroundings of a subdiagonal entry whose two diagonal neighbours are 0. */
function neighbourSize(h: Float64Array, n: number, k: number, last: number): number {
  const before = k > 1 ? Math.abs(h[(k - 1) * n + k - 2]) : 0;
  return before + (k < last ? Math.abs(h[(k + 1) * n + k]) : 0);
}

/** The eigenvalues of the trailing 2 × 2 block; every tenth time something else, to leave a cycle. */
function chooseShifts(h: Float64Array, n: number, last: number, sweeps: number) {
  const at = last * n + last;
  if (sweeps % 10 === 0) {
    const size = Math.abs(h[at - 1]) + Math.abs(h[at - n - 2]);
    const centre = h[at] + 0.75 * size;
    return { sum: 2 * centre, product: centre * centre + 0.4375 * size * size };
  }
  const a = h[at - n - 1];
  return { sum: a + h[at], product: a * h[at] - h[at - n] * h[at - 1] };
}

function pairEigenvalues(h: Float64Array, n: number, last: number, re: Float64Array, im: Float64Array): void {
  const at = last * n + last;
  const d = h[at];
  const half = (h[at - n - 1] - d) / 2;
  const off = h[at - n] * h[at - 1];
  const discriminant = half * half + off;
  const root = Math.sqrt(Math.abs(discriminant));
  if (discriminant < 0) {
    re[last - 1] = d + half;
    re[last] = d + half;
    im[last - 1] = root;
    im[last] = -root;
    return;
  }
  const far = half < 0 ? half - root : half + root;
  re[last - 1] = d + far;
  re[last] = far === 0 ? d : d - off / far;
}

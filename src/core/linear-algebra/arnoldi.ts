/**
 * @file The eigenvalue of largest modulus (or, for non-negative matrices, largest real part) of a large sparse matrix:
 * implicitly restarted Arnoldi with exact shifts, after Sorensen (1992), "Implicit application of polynomial filters
 * in a k-step Arnoldi method". Departures: restarts apply the shifts two by two in real arithmetic, and the start
 * vector is fixed, so that the same matrix gives the same bits.
 */

import type { SparseMatrix } from "../matrix.ts";
import { fastProduct, type Product } from "./fast-product.ts";
import { doubleShiftSweep } from "./hessenberg.ts";
import { type Eigenvalues, hessenbergEigenvalues } from "./hessenberg-eigenvalues.ts";
import { hessenbergVector } from "./hessenberg-vector.ts";
import { largestMagnitude } from "./scaling.ts";

/** How {@link dominantEigenvalue} searches. */
export interface ArnoldiOptions {
  /** Which eigenvalue: of largest modulus, or of largest real part. */
  which: "modulus" | "real";
  /** Wanted residual ‖W x − λ x‖ / |λ| for ‖x‖ = 1. */
  tolerance: number;
  /** Size of the Krylov basis, ≥ 8; no more than the number of rows is used. */
  basis: number;
  /** Restarts before giving up. */
  maxRestarts: number;
}

/** A converged eigenvalue. */
export interface DominantEigenvalue {
  re: number;
  im: number;
  /** Real eigenvector, shape `(unit)`, norm 1; only for real eigenvalues. */
  vector: Float64Array | undefined;
}

/** The wanted eigenvalue of a square matrix of at least 8 rows, or undefined if it did not converge. */
export function dominantEigenvalue(m: SparseMatrix, options: ArnoldiOptions): DominantEigenvalue | undefined {
  const { which, tolerance, basis, maxRestarts } = options;
  const k = createKrylov(m, which === "real", Math.min(basis, m.rows));
  for (let restart = 0; restart <= maxRestarts; restart++) {
    extend(k);
    const ritz = hessenbergEigenvalues(leading(k, k.filled), k.filled);
    const order = rank(ritz, which);
    const best = order[0];
    const modulus = Math.sqrt(ritz.re[best] * ritz.re[best] + ritz.im[best] * ritz.im[best]);
    const small = hessenbergVector(leading(k, k.filled), k.filled, { re: ritz.re[best], im: ritz.im[best] });
    const invariant = k.residual === 0 || k.filled === m.rows;
    if (invariant || k.residual * small.last <= tolerance * modulus) {
      const vector = ritz.im[best] === 0 ? lift(k, small.re) : undefined;
      return { re: ritz.re[best], im: ritz.im[best], vector };
    }
    shrink(k, ritz, order);
  }
  return undefined;
}

// Implementation

const EPSILON = 2.220446049250313e-16;

/** W V = V H + f eᵀ: an orthonormal basis V (rows of `vectors`), Hessenberg H, and f, kept as row `filled`. */
interface Krylov {
  product: Product;
  /** Rows of the basis when full. */
  size: number;
  /** Rows now. */
  filled: number;
  /** Shape `(size + 1, unit)`; row `filled` holds f, not normalised. */
  vectors: Float64Array<ArrayBuffer>[];
  /** Shape `(size, size)`, row-major. */
  h: Float64Array;
  /** ‖f‖. */
  residual: number;
}

function createKrylov(matrix: SparseMatrix, positive: boolean, size: number): Krylov {
  const n = matrix.rows;
  const vectors = Array.from({ length: size + 1 }, () => new Float64Array(n));
  let phase = 0.5;
  for (let i = 0; i < n; i++) {
    // Multiples of the golden ratio: spread evenly and with no period that a graph could share.
    phase += 0.6180339887498949;
    if (phase >= 1) phase -= 1;
    // A positive vector cannot be orthogonal to the Perron vector, and 1 is that vector where all row sums are equal.
    vectors[0][i] = positive ? 1 : phase - 0.5;
  }
  const residual = Math.sqrt(dot(vectors[0], vectors[0]));
  return {
    product: fastProduct(matrix),
    size,
    filled: 0,
    vectors,
    h: new Float64Array(size * size),
    residual,
  };
}

/** Fill the basis, or stop early where it spans an invariant subspace. */
function extend(k: Krylov): void {
  const { product, size, vectors, h } = k;
  while (k.filled < size && k.residual > 0) {
    const j = k.filled++;
    const v = vectors[j];
    for (let i = 0; i < v.length; i++) v[i] /= k.residual;
    if (j > 0) h[j * size + j - 1] = k.residual;
    const f = vectors[j + 1];
    product(v, f);
    const before = Math.sqrt(dot(f, f));
    // Twice is enough (Giraud, Langou & Rozložník 2005): the second pass removes what rounding left in the first.
    for (let pass = 0; pass < 2; pass++) {
      for (let i = 0; i <= j; i++) {
        const share = dot(vectors[i], f);
        h[i * size + j] = pass === 0 ? share : h[i * size + j] + share;
        subtract(f, vectors[i], share);
      }
    }
    k.residual = Math.sqrt(dot(f, f));
    if (k.residual <= 8 * EPSILON * before) k.residual = 0;
  }
}

/** Copy of the leading block of H, shape `(count, count)`. */
function leading(k: Krylov, count: number): Float64Array {
  const out = new Float64Array(count * count);
  for (let i = 0; i < count; i++) out.set(k.h.subarray(i * k.size, i * k.size + count), i * count);
  return out;
}

/** Indices of the Ritz values, wanted ones first; the two of a complex pair stay together. */
function rank({ re, im }: Eigenvalues, which: ArnoldiOptions["which"]): number[] {
  const key = re.map((v, i) => (which === "real" ? v : v * v + im[i] * im[i]));
  return Array.from(re, (_, i) => i).sort((a, b) => key[b] - key[a] || a - b);
}

/** Filter the unwanted Ritz values out of the basis and cut it down to the wanted ones. */
function shrink(k: Krylov, ritz: Eigenvalues, order: number[]): void {
  const { size, h, vectors } = k;
  const z = new Float64Array(size * size);
  for (let i = 0; i < size; i++) z[i * size + i] = 1;
  const keep = countKept(ritz, order);
  const unwanted = order.slice(keep);
  const reals = unwanted.filter((i) => ritz.im[i] === 0).map((i) => ritz.re[i]);
  for (const i of unwanted) {
    if (ritz.im[i] <= 0) continue;
    const product = ritz.re[i] * ritz.re[i] + ritz.im[i] * ritz.im[i];
    doubleShiftSweep(h, size, { first: 0, last: size - 1, sum: 2 * ritz.re[i], product }, z);
  }
  for (let i = 0; i + 1 < reals.length; i += 2) {
    const shifts = { sum: reals[i] + reals[i + 1], product: reals[i] * reals[i + 1] };
    doubleShiftSweep(h, size, { first: 0, last: size - 1, ...shifts }, z);
  }
  const old = vectors.slice(0, size);
  const made = Array.from({ length: keep + 1 }, (_, c) => combine(old, z, size, c));
  // f ← h[keep, keep − 1] v_keep + z[size − 1, keep − 1] f.
  const f = made[keep];
  const sub = h[keep * size + keep - 1];
  const tail = z[(size - 1) * size + keep - 1];
  const oldResidual = vectors[size];
  for (let i = 0; i < f.length; i++) f[i] = sub * f[i] + tail * oldResidual[i];
  made.forEach((v, i) => {
    vectors[i].set(v);
  });
  k.filled = keep;
  // Rounding leaves a little of the basis in f; here it would be multiplied by 1 / ‖f‖.
  for (let i = 0; i < keep; i++) subtract(vectors[keep], vectors[i], dot(vectors[i], vectors[keep]));
  k.residual = Math.sqrt(dot(vectors[keep], vectors[keep]));
  for (let i = 0; i < size; i++) h.fill(0, i * size + (i < keep ? keep : 0), (i + 1) * size);
}

/** About two fifths of the basis, moved up until no complex pair is split and the real shifts can be paired. */
function countKept({ im }: Eigenvalues, order: number[]): number {
  for (let keep = Math.floor((order.length * 2) / 5); keep < order.length - 2; keep++) {
    const rest = order.slice(keep);
    const up = rest.filter((i) => im[i] > 0).length;
    const down = rest.filter((i) => im[i] < 0).length;
    if (up === down && (rest.length - up - down) % 2 === 0) return keep;
  }
  return order.length - 2;
}

/** Column `c` of Vz, as a vector. */
function combine(vectors: Float64Array[], z: Float64Array, size: number, c: number): Float64Array {
  const out = new Float64Array(vectors[0].length);
  for (let j = 0; j < size; j++) subtract(out, vectors[j], -z[j * size + c]);
  return out;
}

/** Vector in the basis → vector over units, norm 1. */
function lift(k: Krylov, small: Float64Array): Float64Array {
  const out = new Float64Array(k.vectors[0].length);
  for (let j = 0; j < k.filled; j++) subtract(out, k.vectors[j], -small[j]);
  const largest = largestMagnitude(out);
  const norm = Math.sqrt(dot(out, out));
  return largest > 0 ? out.map((v) => v / norm) : out;
}

/** Four partial sums: one would make every addition wait for the one before. */
function dot(x: Float64Array, y: Float64Array): number {
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  let i = 0;
  for (; i + 3 < x.length; i += 4) {
    a += x[i] * y[i];
    b += x[i + 1] * y[i + 1];
    c += x[i + 2] * y[i + 2];
    d += x[i + 3] * y[i + 3];
  }
  for (; i < x.length; i++) a += x[i] * y[i];
  return a + b + (c + d);
}

function subtract(x: Float64Array, y: Float64Array, times: number): void {
  for (let i = 0; i < x.length; i++) x[i] -= times * y[i];
}

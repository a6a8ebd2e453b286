/**
 * @file One eigenvector of a small Hessenberg matrix for a known, possibly complex, eigenvalue: inverse iteration with
 * a complex LU factorisation that exchanges neighbouring rows. After Golub & Van Loan (2013), section 7.6.1.
 */

/** Eigenvector of norm 1. */
export interface HessenbergVector {
  /** Shape `(component)`. */
  re: Float64Array;
  /** Shape `(component)`. */
  im: Float64Array;
  /** Modulus of the last component. */
  last: number;
}

/**
 * @param h - Upper Hessenberg, shape `(row, column)`, row-major, `n * n` values; overwritten.
 * @param value - An eigenvalue of it, as exact as it can be had.
 */
export function hessenbergVector(
  h: Float64Array,
  n: number,
  value: { re: number; im: number },
): HessenbergVector {
  const size = h.reduce((most, v) => Math.max(most, Math.abs(v)), 0);
  const lu: ComplexMatrix = { n, re: h, im: new Float64Array(n * n) };
  for (let i = 0; i < n; i++) {
    lu.re[i * n + i] -= value.re;
    lu.im[i * n + i] = -value.im;
  }
  const x = { re: new Float64Array(n).fill(1), im: new Float64Array(n) };
  // The first solve runs along with the elimination, the second repeats its row operations.
  const steps = eliminate(lu, size > 0 ? EPSILON * size : 1);
  for (let pass = 0; pass < 2; pass++) {
    // Starting from the back substitution alone is the usual choice for the first pass (Wilkinson).
    if (pass > 0) replay(steps, x);
    substitute(lu, x);
    normalise(x);
  }
  return { ...x, last: Math.sqrt(x.re[n - 1] * x.re[n - 1] + x.im[n - 1] * x.im[n - 1]) };
}

// Implementation

const EPSILON = 2.220446049250313e-16;

interface ComplexMatrix {
  n: number;
  re: Float64Array;
  im: Float64Array;
}

interface ComplexVector {
  re: Float64Array;
  im: Float64Array;
}

/** Row operations of the elimination: exchange rows k and k + 1?, then row k + 1 −= factor · row k. */
interface Steps extends ComplexVector {
  exchanged: Uint8Array;
}

/** Overwrite with the upper triangular factor; pivots below `least` become `least`. */
function eliminate({ n, re, im }: ComplexMatrix, least: number): Steps {
  const steps = { exchanged: new Uint8Array(n), re: new Float64Array(n), im: new Float64Array(n) };
  for (let k = 0; k < n; k++) {
    const at = k * n + k;
    if (k + 1 < n && Math.abs(re[at + n]) + Math.abs(im[at + n]) > Math.abs(re[at]) + Math.abs(im[at])) {
      steps.exchanged[k] = 1;
      for (let j = 0; j < n - k; j++) {
        [re[at + j], re[at + n + j]] = [re[at + n + j], re[at + j]];
        [im[at + j], im[at + n + j]] = [im[at + n + j], im[at + j]];
      }
    }
    if (Math.abs(re[at]) + Math.abs(im[at]) < least) {
      re[at] = least;
      im[at] = 0;
    }
    if (k + 1 === n) break;
    const [fr, fi] = divide(re[at + n], im[at + n], re[at], im[at]);
    steps.re[k] = fr;
    steps.im[k] = fi;
    for (let j = 0; j < n - k; j++) {
      const r = re[at + j];
      const i = im[at + j];
      re[at + n + j] -= fr * r - fi * i;
      im[at + n + j] -= fr * i + fi * r;
    }
  }
  return steps;
}

function replay(steps: Steps, x: ComplexVector): void {
  for (let k = 0; k + 1 < x.re.length; k++) {
    if (steps.exchanged[k]) {
      [x.re[k], x.re[k + 1]] = [x.re[k + 1], x.re[k]];
      [x.im[k], x.im[k + 1]] = [x.im[k + 1], x.im[k]];
    }
    x.re[k + 1] -= steps.re[k] * x.re[k] - steps.im[k] * x.im[k];
    x.im[k + 1] -= steps.re[k] * x.im[k] + steps.im[k] * x.re[k];
  }
}

/** x ← U⁻¹ x, shrinking x where it grows towards overflow. */
function substitute({ n, re, im }: ComplexMatrix, x: ComplexVector): void {
  for (let k = n - 1; k >= 0; k--) {
    let r = x.re[k];
    let i = x.im[k];
    for (let j = k + 1; j < n; j++) {
      const at = k * n + j;
      r -= re[at] * x.re[j] - im[at] * x.im[j];
      i -= re[at] * x.im[j] + im[at] * x.re[j];
    }
    [x.re[k], x.im[k]] = divide(r, i, re[k * n + k], im[k * n + k]);
    const size = Math.max(Math.abs(x.re[k]), Math.abs(x.im[k]));
    if (size < 1e100) continue;
    for (let j = 0; j < n; j++) {
      x.re[j] /= size;
      x.im[j] /= size;
    }
  }
}

function normalise({ re, im }: ComplexVector): void {
  let largest = 0;
  for (let k = 0; k < re.length; k++) largest = Math.max(largest, Math.abs(re[k]), Math.abs(im[k]));
  let squares = 0;
  for (let k = 0; k < re.length; k++) {
    re[k] /= largest;
    im[k] /= largest;
    squares += re[k] * re[k] + im[k] * im[k];
  }
  const norm = Math.sqrt(squares);
  for (let k = 0; k < re.length; k++) {
    re[k] /= norm;
    im[k] /= norm;
  }
}

/** Complex quotient after Smith (1962), which does not overflow where the result does not. */
function divide(ar: number, ai: number, br: number, bi: number): [number, number] {
  if (Math.abs(br) >= Math.abs(bi)) {
    const q = bi / br;
    const d = br + bi * q;
    return [(ar + ai * q) / d, (ai - ar * q) / d];
  }
  const q = br / bi;
  const d = br * q + bi;
  return [(ar * q + ai) / d, (ai * q - ar) / d];
}

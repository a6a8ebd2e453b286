/**
 * @file The modes of a step near a point: eigenvalues of the Jacobian as growth, time constants and frequencies, and the
 * directions that go with the slowest of them.
 */

import { acos, type DenseMatrix, dense, eigenvalues, log, realEigenvector } from "../../../core/index.ts";

/** One eigenvalue λ of the Jacobian of a step. */
export interface JacobianMode {
  re: number;
  im: number;
  /** |λ|: what is left of a deviation after one step. */
  modulus: number;
  /** −dt / ln |λ| [ms]: the time after which 1/e is left; < 0 while it grows, ∞ where it stays. */
  timeConstant: number;
  /** |arg λ| / (2π dt) [Hz]; 0 without oscillation. */
  frequency: number;
}

/**
 * - `stable`: every deviation dies out. `marginal`: the slowest stays, |λ| = 1 within 1e-6, as on a continuous attractor.
 * - `saddle`: some grow, some die out. `repeller`: all grow.
 */
export type Stability = "stable" | "marginal" | "saddle" | "repeller";

/** Spectrum of a Jacobian. */
export interface JacobianModes {
  /** By falling modulus; a complex pair has its positive part first. */
  modes: JacobianMode[];
  stability: Stability;
  /** Modes that grow. */
  unstable: number;
}

/** Modes of a step of `dt` ms. @param jacobian - ∂F/∂x, shape `(i, j)`. @throws CajalError `not-finite`. */
export function jacobianModes(jacobian: DenseMatrix, dt: number): JacobianModes {
  const { re, im } = eigenvalues(jacobian);
  const modes = Array.from(re, (real, k): JacobianMode => {
    const modulus = Math.sqrt(real * real + im[k] * im[k]);
    const turn = im[k] === 0 && real >= 0 ? 0 : acos(Math.min(1, Math.max(-1, real / modulus)));
    const decay = log(modulus);
    return {
      re: real,
      im: im[k],
      modulus,
      timeConstant: decay === 0 ? Number.POSITIVE_INFINITY : -dt / decay,
      frequency: (1000 * turn) / (TWO_PI * dt),
    };
  });
  modes.sort((a, b) => b.modulus - a.modulus || b.re - a.re || b.im - a.im);
  const unstable = modes.filter((m) => m.modulus > 1 + MARGIN).length;
  const stability =
    unstable === modes.length
      ? "repeller"
      : unstable > 0
        ? "saddle"
        : modes[0].modulus < 1 - MARGIN
          ? "stable"
          : "marginal";
  return { modes, stability, unstable };
}

/** Directions of a real mode. */
export interface ModeDirections {
  /** Right eigenvector: where a deviation of this mode points, e.g. along a line attractor; norm 1, shape `(component)`. */
  right: Float64Array;
  /**
   * Left eigenvector: the part of an input that gets into the mode, the selection vector of Mante et al. (2013); scaled so
   * that its product with `right` is 1, shape `(component)`.
   */
  left: Float64Array;
}

/**
 * Directions of a mode, by default the slowest.
 *
 * @param mode - Which, in the order of {@link jacobianModes}.
 * @returns undefined where the eigenvalue is complex.
 */
export function modeDirections(
  { jacobian, modes }: { jacobian: DenseMatrix; modes: readonly JacobianMode[] },
  mode = 0,
): ModeDirections | undefined {
  const { re, im } = modes[mode];
  if (im !== 0) return undefined;
  const n = jacobian.rows;
  const right = realEigenvector(jacobian, re);
  const turned = dense(n, n);
  jacobian.values.forEach((v, k) => {
    turned.values[(k % n) * n + Math.floor(k / n)] = v;
  });
  const left = realEigenvector(turned, re);
  const product = left.reduce((sum, v, i) => sum + v * right[i], 0);
  return { right, left: left.map((v) => v / product) };
}

// Implementation

const TWO_PI = 6.283185307179586;
/** |λ| this close to 1 counts as 1. */
const MARGIN = 1e-6;

/**
 * @file Minimum of a smooth convex function: Newton steps solved by preconditioned conjugate gradients no further than
 * they are worth, with backtracking. After Nocedal & Wright (2006), Numerical Optimization, algorithm 7.1.
 */

/** A smooth convex function of `size` variables; `curvature` and `diagonal` are at the point `value` saw last. */
export interface ConvexObjective {
  readonly size: number;
  /** f(x). */
  value(x: Float64Array): number;
  /** ∇f at the point of the last `value`. */
  gradient(out: Float64Array): void;
  /** out = ∇²f v. */
  curvature(v: Float64Array, out: Float64Array): void;
  /** Diagonal of ∇²f. */
  diagonal(out: Float64Array): void;
}

/** How a minimisation ended. */
export interface Minimum {
  x: Float64Array;
  value: number;
  /** Largest component of the gradient, absolute. */
  gradient: number;
  iterations: number;
  converged: boolean;
}

/**
 * Minimise from `start` until no component of the gradient exceeds `tolerance`.
 *
 * @returns The best point; `converged` is false when the iterations ran out or no step lowered f any more.
 */
export function minimizeConvex(
  objective: ConvexObjective,
  start: Float64Array,
  { tolerance, maxIterations }: { tolerance: number; maxIterations: number },
): Minimum {
  const { size } = objective;
  const x = start.slice();
  const gradient = new Float64Array(size);
  let value = objective.value(x);
  objective.gradient(gradient);
  let iterations = 0;
  let stalled = false;
  while (largest(gradient) > tolerance && iterations < maxIterations && !stalled) {
    iterations++;
    const step = newtonStep(objective, gradient);
    const next = backtrack(objective, { x, value, slope: dot(gradient, step), step });
    stalled = next === undefined;
    // A failed search leaves the objective at another point.
    value = next ?? objective.value(x);
    objective.gradient(gradient);
  }
  const end = largest(gradient);
  return { x, value, gradient: end, iterations, converged: end <= tolerance };
}

// Implementation

const EPSILON = 2.220446049250313e-16;

/** Step p with ∇²f p ≈ −∇f, as exact as the gradient is small, so that convergence is superlinear. */
function newtonStep(objective: ConvexObjective, gradient: Float64Array): Float64Array {
  const { size } = objective;
  const inverse = new Float64Array(size);
  objective.diagonal(inverse);
  for (let i = 0; i < size; i++) inverse[i] = inverse[i] > 0 ? 1 / inverse[i] : 1;
  const step = new Float64Array(size);
  const residual = gradient.map((g) => -g);
  const direction = residual.map((r, i) => r * inverse[i]);
  const image = new Float64Array(size);
  const norm = Math.sqrt(dot(gradient, gradient));
  const enough = Math.min(0.5, Math.sqrt(norm)) * norm;
  let energy = dot(residual, direction);
  for (let k = 0; k < 2 * size && Math.sqrt(dot(residual, residual)) > enough; k++) {
    objective.curvature(direction, image);
    const bend = dot(direction, image);
    // Flat within rounding: the first direction is still downhill, a later one adds nothing.
    if (!(bend > EPSILON * dot(direction, direction) * EPSILON)) return k === 0 ? direction : step;
    const along = energy / bend;
    for (let i = 0; i < size; i++) {
      step[i] += along * direction[i];
      residual[i] -= along * image[i];
    }
    let next = 0;
    for (let i = 0; i < size; i++) next += residual[i] * residual[i] * inverse[i];
    const keep = next / energy;
    for (let i = 0; i < size; i++) direction[i] = residual[i] * inverse[i] + keep * direction[i];
    energy = next;
  }
  return step;
}

/** Move x along the step until f falls enough (Armijo); undefined, and x as it was, if it never does. */
function backtrack(
  objective: ConvexObjective,
  { x, value, slope, step }: { x: Float64Array; value: number; slope: number; step: Float64Array },
): number | undefined {
  if (!(slope < 0)) return undefined;
  const from = x.slice();
  // Close to the minimum f no longer shows what the gradient still does.
  const rounding = 8 * EPSILON * Math.abs(value);
  for (let length = 1; length > 1e-12; length /= 2) {
    for (let i = 0; i < x.length; i++) x[i] = from[i] + length * step[i];
    const next = objective.value(x);
    if (next <= value + 1e-4 * length * slope + rounding) return next;
  }
  x.set(from);
  return undefined;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

function largest(a: Float64Array): number {
  let most = 0;
  for (let i = 0; i < a.length; i++) if (!(Math.abs(a[i]) <= most)) most = Math.abs(a[i]);
  return most;
}

/**
 * @file Descent on q(x) = ½ |F(x) − x|² from many starts at once by the Levenberg–Marquardt method, whose steps need the
 * Jacobian alone. After Madsen, Nielsen & Tingleff (2004), "Methods for non-linear least squares problems", section 3.2.
 */

import { CajalError, cholesky, choleskySolve } from "../../../core/index.ts";
import type { StepMap } from "./step-map.ts";

/** Where one descent ended. */
export interface Descent {
  /** Shape `(component)`. */
  state: Float64Array;
  q: number;
  /** Times a Jacobian was taken. */
  iterations: number;
  /** q does not fall any more, or only crawls; false: it did when iterations ran out, or left the finite numbers. */
  settled: boolean;
}

/**
 * Descend from every start. Starts wait until one of the map's points is free.
 *
 * @param starts - Shape `(start, component)`.
 * @param options.iterations - Most Jacobians of one descent.
 * @param options.enough - q up to which a point counts as fixed.
 * @returns In the order of the starts.
 */
export function descend(
  map: StepMap,
  starts: Float64Array,
  { iterations, enough }: { iterations: number; enough: number },
): Descent[] {
  const { size } = map.state;
  const count = starts.length / size;
  const out: Descent[] = new Array(count);
  const slots: (Walker | undefined)[] = Array.from({ length: map.points }, () => undefined);
  let next = 0;
  const fill = () => {
    for (let k = 0; k < slots.length; k++) {
      if (slots[k] !== undefined || next >= count) continue;
      slots[k] = newWalker(next, starts.slice(next * size, (next + 1) * size));
      next++;
    }
  };
  for (fill(); slots.some((w) => w !== undefined); fill()) {
    const ahead = stepAll(map, slots, (w) => w.state);
    const jacobians = map.jacobians();
    slots.forEach((w, k) => {
      if (w) arrive(w, { map, ahead, jacobian: jacobians[k].values, point: k });
    });
    // A refused step needs no new Jacobian, only a shorter one; a few are tried while others wait.
    for (let attempt = 0; attempt < 6; attempt++) {
      const walking = slots.map((w) => (w && w.state !== w.candidate && !w.settled ? w : undefined));
      for (const w of walking) if (w) propose(w);
      if (walking.every((w) => w === undefined || w.settled)) break;
      const landed = stepAll(map, walking, (w) => w.candidate);
      walking.forEach((w, k) => {
        if (w && !w.settled) judge(w, { map, ahead: landed, point: k }, enough);
      });
    }
    slots.forEach((w, k) => {
      if (!w || (!w.settled && w.iterations < iterations)) return;
      out[w.index] = { state: w.state, q: w.q, iterations: w.iterations, settled: w.settled };
      slots[k] = undefined;
    });
  }
  return out;
}

// Implementation

/** One descent on its way. */
interface Walker {
  index: number;
  state: Float64Array;
  q: number;
  /** JᵀJ and Jᵀ (F − x) of J = ∂F/∂x − 1. */
  normal: Float64Array;
  gradient: Float64Array;
  damping: number;
  growth: number;
  candidate: Float64Array;
  step: Float64Array;
  iterations: number;
  /** Steps on end that gained little. */
  crawled: number;
  settled: boolean;
}

/** Damping of the first step, relative to the largest squared column of the Jacobian. */
const FIRST_DAMPING = 1e-3;
/** A step shorter than this, relative to the state, ends a descent. */
const SHORT = 1e-13;
/** q this small, relative to 1 + |x|², is rounding. */
const ROUNDING = 1e-31;
/** So many steps on end, each of which lowers q by less than this share of itself, and a descent has settled. */
const LITTLE = 1e-4;
const CRAWLS = 5;

function newWalker(index: number, state: Float64Array): Walker {
  const none = new Float64Array(0);
  return {
    index,
    state,
    q: Number.POSITIVE_INFINITY,
    normal: none,
    gradient: none,
    damping: Number.NaN,
    growth: 2,
    candidate: none,
    step: none,
    iterations: 0,
    crawled: 0,
    settled: false,
  };
}

/** F of the states of all walkers, 0 where there is none, shape `(component, point)`. */
function stepAll(
  map: StepMap,
  walkers: readonly (Walker | undefined)[],
  at: (w: Walker) => Float64Array,
): Float64Array {
  const { size } = map.state;
  const states = new Float64Array(size * map.points);
  walkers.forEach((w, k) => {
    if (!w) return;
    const state = at(w);
    for (let i = 0; i < size; i++) states[i * map.points + k] = state[i];
  });
  return map.step(states);
}

/** Take the residual and the Jacobian where a walker stands. */
function arrive(
  w: Walker,
  at: { map: StepMap; ahead: Float64Array; jacobian: Float64Array; point: number },
): void {
  const n = w.state.length;
  const residual = residualOf(w.state, at);
  const { jacobian: j } = at;
  for (let i = 0; i < n; i++) j[i * n + i] -= 1;
  w.iterations++;
  w.q = halfSquare(residual);
  w.candidate = new Float64Array(0);
  w.normal = new Float64Array(n * n);
  w.gradient = new Float64Array(n);
  for (let k = 0; k < n; k++) {
    for (let a = 0; a < n; a++) w.gradient[a] += j[k * n + a] * residual[k];
  }
  for (let k = 0; k < n; k += 4) addRows(w.normal, j.subarray(k * n, Math.min(k + 4, n) * n), n);
  let largest = 0;
  for (let a = 0; a < n; a++) largest = Math.max(largest, w.normal[a * n + a]);
  if (Number.isNaN(w.damping)) w.damping = FIRST_DAMPING * largest;
  const exact = w.q <= ROUNDING * (1 + 2 * halfSquare(w.state));
  w.settled = Number.isFinite(w.q) && (exact || w.gradient.every((g) => g === 0));
}

/** Add the outer products of up to four rows to a lower triangle: it is read once for all of them. */
function addRows(out: Float64Array, rows: Float64Array, n: number): void {
  if (rows.length < 4 * n) {
    for (let at = 0; at < rows.length; at += n) {
      for (let a = 0; a < n; a++) {
        for (let b = 0; b <= a; b++) out[a * n + b] += rows[at + a] * rows[at + b];
      }
    }
    return;
  }
  const [first, second, third, fourth] = [0, 1, 2, 3].map((r) => rows.subarray(r * n, (r + 1) * n));
  for (let a = 0; a < n; a++) {
    const [v0, v1, v2, v3] = [first[a], second[a], third[a], fourth[a]];
    const at = a * n;
    for (let b = 0; b <= a; b++)
      out[at + b] += v0 * first[b] + v1 * second[b] + v2 * third[b] + v3 * fourth[b];
  }
}

/** The next place to try; a walker whose step would not move it has settled. */
function propose(w: Walker): void {
  const n = w.state.length;
  const damped = w.normal.slice();
  for (let a = 0; a < n; a++) damped[a * n + a] += w.damping;
  w.step = w.gradient.map((g) => -g);
  if (!solve(damped, w.step)) {
    w.damping = Math.max(2 * w.damping, Number.MIN_VALUE / Number.EPSILON) * w.growth;
    w.growth *= 2;
    w.step.fill(0);
    w.candidate = w.state.slice();
    return;
  }
  w.candidate = w.state.map((x, i) => x + w.step[i]);
  const length = Math.sqrt(2 * halfSquare(w.step));
  if (length <= SHORT * (Math.sqrt(2 * halfSquare(w.state)) + SHORT)) w.settled = true;
}

/** Go to the candidate if q is lower there; adapt the damping. */
function judge(w: Walker, at: { map: StepMap; ahead: Float64Array; point: number }, enough: number): void {
  const q = halfSquare(residualOf(w.candidate, at));
  let expected = 0;
  for (let i = 0; i < w.step.length; i++)
    expected += 0.5 * w.step[i] * (w.damping * w.step[i] - w.gradient[i]);
  const gain = (w.q - q) / expected;
  if (!(q < w.q && gain > 0)) {
    w.damping *= w.growth;
    w.growth *= 2;
    // No step, however short, lowers q any more: what is left is rounding.
    if (!(w.damping < 1e30)) w.settled = Number.isFinite(w.q);
    return;
  }
  const bend = 2 * gain - 1;
  w.damping *= Math.max(1 / 3, 1 - bend * bend * bend);
  w.growth = 2;
  w.crawled = w.q - q <= LITTLE * w.q ? w.crawled + 1 : 0;
  // Once q is as good as 0 and no longer falls by leaps, a descent would only drift along a continuum of points.
  if (w.crawled >= CRAWLS || (q <= enough && q > w.q / 4)) w.settled = true;
  w.q = q;
  w.state = w.candidate;
}

function residualOf(
  state: Float64Array,
  { map, ahead, point }: { map: StepMap; ahead: Float64Array; point: number },
): Float64Array {
  return state.map((x, i) => ahead[i * map.points + point] - x);
}

function halfSquare(v: Float64Array): number {
  let sum = 0;
  for (const x of v) sum += x * x;
  return sum / 2;
}

/** Whether a symmetric system could be solved, in place. */
function solve(matrix: Float64Array, right: Float64Array): boolean {
  try {
    choleskySolve(cholesky(matrix, right.length), right);
  } catch (error) {
    if (error instanceof CajalError) return false;
    throw error;
  }
  return right.every(Number.isFinite);
}

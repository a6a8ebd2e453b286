/**
 * @file Fixed and slow points of a network under constant input, with the spectrum of its Jacobian there: minima of
 * q(x) = ½ |F(x) − x|² of the network's own step. After Sussillo & Barak (2013), Neural Comput. 25:626. Departure:
 * descent is by Levenberg–Marquardt steps from the Jacobian, which the compiled gradient gives row by row.
 */

import { CajalError, type DenseMatrix } from "../../../core/index.ts";
import type { Network } from "../../../model/index.ts";
import { type Descent, descend } from "./descent.ts";
import { type JacobianModes, jacobianModes } from "./jacobian-modes.ts";
import type { NetworkState } from "./state-variables.ts";
import { StepMap, type StepMapOptions } from "./step-map.ts";

/** How {@link findFixedPoints} searches. */
export interface FixedPointOptions extends StepMapOptions {
  /** States to start from, shape `(start, component)`, components as `networkState` has them; see `sampleStates`. */
  starts: Float64Array;
  /** Descents side by side, at most, default 32; more only need more memory. */
  points?: number;
  /** Most Jacobians of one descent, default 200. */
  iterations?: number;
  /** q up to which a point is fixed, default 1e-16; in squared units of the state, per step. */
  fixedBelow?: number;
  /** q up to which a point that is not fixed is slow, default 1e-6. */
  slowBelow?: number;
  /** Points at most so far apart are one, the one of lowest q; default 1e-3, in units of the state. */
  mergeWithin?: number;
  /**
   * Points farther from the centre of the starts than so many mean distances of a start from it are dropped: the network
   * never goes there. Default 10.
   */
  farthest?: number;
}

/** A point where the network stands still, or nearly. */
export interface FixedPoint extends JacobianModes {
  kind: "fixed" | "slow";
  /** Shape `(component)`. */
  state: Float64Array;
  /** ½ |F(x) − x|². */
  q: number;
  /** Starts that led here. */
  starts: number;
  /** Variables asked for, one step later, shape `(unit)` each. */
  records: Readonly<Record<string, Float64Array>>;
  /** ∂F/∂x here, shape `(i, j)`. */
  jacobian: DenseMatrix;
}

/** What a search found. */
export interface FixedPointSearch {
  state: NetworkState;
  /** From the lowest q to the highest. */
  points: FixedPoint[];
  /** Starts that led nowhere: q was still falling when iterations ran out, rests above `slowBelow`, or is far away. */
  dropped: { moving: number; quick: number; far: number };
}

/**
 * Search for fixed and slow points from many starts.
 *
 * @throws CajalError `shape`, `bad-option`, and those of {@link StepMap}.
 * @example
 * const starts = sampleStates(activity, { count: 64, rng, jitter: 0.1 });
 * findFixedPoints(trained, { dt: 20, inputs: { u: [1, 0, 0.5, 0.5] }, starts, record: ["out.z"] }).points
 */
export function findFixedPoints(network: Network, options: FixedPointOptions): FixedPointSearch {
  const { starts, points = 32, iterations = 200, record = [], ...rest } = options;
  const { fixedBelow = 1e-16, slowBelow = 1e-6, mergeWithin = 1e-3, farthest = 10, ...step } = rest;
  checkOptions({ points, iterations }, { fixedBelow, slowBelow, mergeWithin, farthest });
  const probe = new StepMap(network, { ...step, points: 1 });
  const { state } = probe;
  const count = starts.length / state.size;
  if (!Number.isInteger(count) || count < 1 || !starts.every(Number.isFinite)) {
    throw new CajalError(`${starts.length} values are no starts of ${state.size} finite components each`, {
      code: "shape",
      where: "findFixedPoints",
      hint: `Give shape (start, component) of ${state.variables.map((v) => v.name).join(", ")}.`,
    });
  }
  const map = new StepMap(network, { ...step, record, points: Math.min(points, count) });
  const dropped = { moving: 0, quick: 0, far: 0 };
  const isFar = distanceTest(starts, state.size, farthest);
  const kept = descend(map, starts, { iterations, enough: fixedBelow }).filter(({ q, settled, state: x }) => {
    const quick = settled ? "quick" : "moving";
    const reason = q <= slowBelow ? (isFar(x) ? "far" : undefined) : quick;
    if (reason) dropped[reason]++;
    return reason === undefined;
  });
  const merged = merge(kept, mergeWithin);
  return { state, points: describe(map, merged, { fixedBelow, dt: step.dt }), dropped };
}

// Implementation

function checkOptions(whole: Record<string, number>, positive: Record<string, number>): void {
  const refuse = (what: string) => {
    throw new CajalError(what, { code: "bad-option", where: "findFixedPoints" });
  };
  for (const [name, value] of Object.entries(whole))
    if (!(Number.isSafeInteger(value) && value >= 1))
      refuse(`${name} must be a whole number ≥ 1, got ${value}`);
  for (const [name, value] of Object.entries(positive))
    if (!(value >= 0)) refuse(`${name} must be at least 0, got ${value}`);
}

function distance(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] - b[i]) * (a[i] - b[i]);
  return Math.sqrt(sum);
}

/** Whether a state lies too far from where the search began. */
function distanceTest(
  starts: Float64Array,
  size: number,
  farthest: number,
): (state: Float64Array) => boolean {
  const count = starts.length / size;
  const centre = new Float64Array(size);
  for (let k = 0; k < starts.length; k++) centre[k % size] += starts[k] / count;
  let mean = 0;
  for (let s = 0; s < count; s++) mean += distance(starts.subarray(s * size, (s + 1) * size), centre) / count;
  // Starts on one spot say nothing of where the network goes.
  return (state) => mean > 0 && distance(state, centre) > farthest * mean;
}

/** Descents that ended at one point become one, the lowest, in the order of q. */
function merge(found: readonly Descent[], within: number): { point: Descent; starts: number }[] {
  const merged: { point: Descent; starts: number }[] = [];
  // Sorting is stable, so that equal q keep the order of starts.
  for (const point of [...found].sort((a, b) => a.q - b.q)) {
    const same = merged.find((m) => distance(m.point.state, point.state) <= within);
    if (same) same.starts++;
    else merged.push({ point, starts: 1 });
  }
  return merged;
}

/** Jacobians, spectra and records, as many points at once as the map has room for. */
function describe(
  map: StepMap,
  merged: readonly { point: Descent; starts: number }[],
  { fixedBelow, dt }: { fixedBelow: number; dt: number },
): FixedPoint[] {
  const { size } = map.state;
  const out: FixedPoint[] = [];
  for (let first = 0; first < merged.length; first += map.points) {
    const group = merged.slice(first, first + map.points);
    const states = new Float64Array(size * map.points);
    group.forEach(({ point }, k) => {
      for (let i = 0; i < size; i++) states[i * map.points + k] = point.state[i];
    });
    map.step(states);
    const jacobians = map.jacobians();
    group.forEach(({ point: { state, q }, starts }, k) => {
      const records = Object.fromEntries(
        map.record.map((name) => [name, map.recorded(name).filter((_, at) => at % map.points === k)]),
      );
      const kind = q <= fixedBelow ? "fixed" : "slow";
      const jacobian = jacobians[k];
      out.push({ kind, state, q, starts, records, jacobian, ...jacobianModes(jacobian, dt) });
    });
  }
  return out;
}

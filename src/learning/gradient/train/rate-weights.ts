/**
 * @file The three weight matrices of a rate network, each drawn under its constraint.
 */

import { dense, type Matrix, sparseFromEntries } from "../../../core/index.ts";
import { effectiveWeights } from "../constraints/enforce.ts";
import {
  constraintOnEdges,
  countSynapses,
  createConstraint,
  type WeightConstraint,
} from "../constraints/weight-constraint.ts";
import { balancedProfile } from "../initialise/balance.ts";
import { type InitialWeights, initialWeights } from "../initialise/initial-weights.ts";
import type { RateNetworkOptions } from "./rate-network-options.ts";

/** One projection. */
export interface RateWeights {
  /** Dense, for checks. */
  constraint: WeightConstraint;
  /** In the order of the matrix. */
  stored: WeightConstraint;
  matrix: Matrix;
}

/** Sign of each unit, 0 without Dale's law; excitatory units come first. */
export function unitSigns({ units, dale }: RateNetworkOptions): Int8Array {
  if (dale === undefined) return new Int8Array(units);
  if (typeof dale !== "number") return Int8Array.from(dale, Math.sign);
  const excitatory = Math.round(dale * units);
  return Int8Array.from({ length: units }, (_, i) => (i < excitatory ? 1 : -1));
}

/** Masks, constraints and initial weights. @throws CajalError as `createConstraint` and `initialWeights`. */
export function weightsOf(
  options: RateNetworkOptions,
  signs: Int8Array,
): Record<"in" | "rec" | "out", RateWeights> {
  const { inputs, units, outputs, rng, dale, autapses = false, density = 1, enforce = "rectify" } = options;
  const lawful = dale !== undefined;
  const draw = rng.stream("mask");
  const random =
    density < 1
      ? Uint8Array.from({ length: units * units }, () => (draw.uniform() < density ? 1 : 0))
      : undefined;
  const given = options.masks?.rec;
  const readable = Uint8Array.from({ length: outputs * units }, (_, k) => (signs[k % units] >= 0 ? 1 : 0));
  const masks = {
    in: options.masks?.in,
    rec: random && given ? random.map((m, k) => (given[k] !== 0 ? m : 0)) : (random ?? given),
    out: options.masks?.out ?? (lawful ? readable : undefined),
  };
  const shapes = { in: [units, inputs], rec: [units, units], out: [outputs, units] } as const;
  const law = { in: new Int8Array(inputs).fill(1), rec: signs, out: signs };
  const make = (name: "in" | "rec" | "out"): RateWeights => {
    const [post, pre] = shapes[name];
    const constraint = createConstraint({
      name,
      post,
      pre,
      enforce,
      mask: masks[name],
      fixed: options.fixed?.[name],
      ...(lawful && { signs: law[name] }),
      ...(name === "rec" && { autapses }),
    });
    const initial = options.initial?.[name];
    const songs = name === "rec" && lawful && initial === undefined && hasBoth(signs);
    const theta = initialWeights(initial ?? songDefault(name, lawful), {
      constraint,
      rng: rng.stream(`weights/${name}`),
      ...(songs && { profile: balancedProfile(constraint) }),
    });
    return store(constraint, effectiveWeights(constraint, theta) as Float64Array);
  };
  return { in: make("in"), rec: make("rec"), out: make("out") };
}

// Implementation

function hasBoth(signs: Int8Array): boolean {
  return signs.includes(1) && signs.includes(-1);
}

function songDefault(name: "in" | "rec" | "out", lawful: boolean): InitialWeights {
  if (name !== "rec") return { distribution: { kind: "uniform", low: lawful ? 0 : -0.1, high: 0.1 } };
  return lawful
    ? { distribution: { kind: "gamma", shape: 2, scale: 0.05 }, spectralRadius: 1.5 }
    : { distribution: { kind: "normal", sd: 1 }, spectralRadius: 1.1 };
}

/** Sparse below a quarter of all synapses: there the products of the engine are faster by edges. */
function store(constraint: WeightConstraint, weights: Float64Array): RateWeights {
  const { post, pre, plastic, fixed } = constraint;
  if (4 * countSynapses(constraint) >= post * pre)
    return { constraint, stored: constraint, matrix: dense(post, pre, weights) };
  const edges: number[] = [];
  plastic.forEach((p, k) => {
    if (p === 1 || (fixed && fixed[k] !== 0)) edges.push(k);
  });
  // Not by the weights: those that are 0 now may grow.
  const matrix = sparseFromEntries(
    { rows: post, columns: pre },
    {
      post: edges.map((k) => Math.floor(k / pre)),
      pre: edges.map((k) => k % pre),
      values: edges.map((k) => weights[k]),
    },
  );
  return { constraint, stored: constraintOnEdges(constraint, matrix), matrix };
}

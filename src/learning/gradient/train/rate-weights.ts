/**
 * @file The three weight matrices of a rate network, each drawn under its constraint.
 */

import { CajalError, dense, type Matrix, sparseFromEntries } from "../../../core/index.ts";
import { countViolations, effectiveWeights } from "../constraints/enforce.ts";
import {
  constraintOnEdges,
  countSynapses,
  createConstraint,
  type Enforcement,
  type WeightConstraint,
} from "../constraints/weight-constraint.ts";
import { balancedProfile } from "../initialise/balance.ts";
import { type InitialWeights, initialWeights, setSpectralRadius } from "../initialise/initial-weights.ts";
import type { WiringOptions } from "./wiring-options.ts";

/** One projection. */
export interface RateWeights {
  /** Dense, for checks. */
  constraint: WeightConstraint;
  /** In the order of the matrix. */
  stored: WeightConstraint;
  matrix: Matrix;
}

/** Sign of each unit, 0 without Dale's law; excitatory units come first. */
export function unitSigns({ units, dale }: Pick<WiringOptions, "units" | "dale">): Int8Array {
  if (dale === undefined) return new Int8Array(units);
  if (typeof dale !== "number") return Int8Array.from(dale, Math.sign);
  const excitatory = Math.round(dale * units);
  return Int8Array.from({ length: units }, (_, i) => (i < excitatory ? 1 : -1));
}

/** What a kind of network has where its options say nothing. */
export interface WiringDefaults {
  enforce: Enforcement;
  autapses: boolean;
  /** How weights are drawn, and sizes that multiply the draws. */
  initial(
    constraint: WeightConstraint,
    lawful: boolean,
  ): { spec: InitialWeights; profile?: ArrayLike<number> };
}

/** Those of Song, Yang & Wang (2016). */
export const SONG_DEFAULTS: WiringDefaults = {
  enforce: "rectify",
  autapses: false,
  initial: (constraint, lawful) => {
    const balanced = constraint.name === "rec" && lawful && hasBoth(constraint);
    return {
      spec: songDefault(constraint.name, lawful),
      ...(balanced && { profile: balancedProfile(constraint) }),
    };
  },
};

/** Masks, constraints and initial weights. @throws CajalError as `createConstraint` and `initialWeights`. */
export function weightsOf(
  options: WiringOptions,
  signs: Int8Array,
  defaults: WiringDefaults = SONG_DEFAULTS,
): Record<"in" | "rec" | "out", RateWeights> {
  const { inputs, units, outputs, rng, dale, density = 1 } = options;
  const { autapses = defaults.autapses, enforce = defaults.enforce } = options;
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
    rec: random && given ? Float64Array.from(random, (m, k) => m * given[k]) : (random ?? given),
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
      entrySigns: options.entrySigns?.[name],
      ...(lawful && { signs: law[name] }),
      ...(name === "rec" && { autapses }),
    });
    const own = options.weights?.[name];
    const weights = own ? givenWeights(constraint, own, options.initial?.[name]) : draws(name, constraint);
    return store(constraint, weights);
  };
  const draws = (name: "in" | "rec" | "out", constraint: WeightConstraint) => {
    const asked = options.initial?.[name];
    const { spec, profile } = asked ? { spec: asked } : defaults.initial(constraint, lawful);
    const { sketch } = options;
    const theta = initialWeights(spec, { constraint, rng: rng.stream(`weights/${name}`), profile, sketch });
    return effectiveWeights(constraint, theta) as Float64Array;
  };
  return { in: make("in"), rec: make("rec"), out: make("out") };
}

// Implementation

function hasBoth({ signs }: WeightConstraint): boolean {
  return signs?.includes(1) === true && signs.includes(-1);
}

/** Weights of one's own. @throws CajalError `weights-off-constraint`. */
function givenWeights(
  constraint: WeightConstraint,
  given: ArrayLike<number>,
  { spectralRadius }: InitialWeights = {},
): Float64Array {
  const weights = Float64Array.from(given);
  const { offMask, wrongSign, movedFixed } = countViolations(constraint, weights);
  if (offMask + wrongSign + movedFixed > 0) {
    const what = `${offMask} lie off the mask, ${wrongSign} have the wrong sign, ${movedFixed} are not what is fixed`;
    throw new CajalError(`of the weights to start from ${what}`, {
      code: "weights-off-constraint",
      where: `weights "${constraint.name}"`,
      hint: "Give weights as they act, 0 where the mask is 0.",
    });
  }
  if (spectralRadius !== undefined) setSpectralRadius(constraint, weights, spectralRadius);
  return weights;
}

function songDefault(name: string, lawful: boolean): InitialWeights {
  if (name !== "rec") return { distribution: { kind: "uniform", low: lawful ? 0 : -0.1, high: 0.1 } };
  return lawful
    ? { distribution: { kind: "gamma", shape: 2, scale: 0.05 }, spectralRadius: 1.5 }
    : { distribution: { kind: "normal", sd: 1 }, spectralRadius: 1.1 };
}

/** Entries from which on products by edges are faster below {@link SPARSE}; with fewer little is gained. */
const LARGE = 1024;
/** Density below which they are: in WebAssembly as fast as dense ones there, in native code faster up to 0.75. */
const SPARSE = 0.65;

/** Sparse where the products of the engine are faster by edges, with small matrices below a quarter of all synapses. */
function store(constraint: WeightConstraint, weights: Float64Array): RateWeights {
  const { post, pre, plastic, fixed } = constraint;
  const most = post * pre < LARGE ? 1 / 4 : SPARSE;
  if (countSynapses(constraint) >= most * post * pre)
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

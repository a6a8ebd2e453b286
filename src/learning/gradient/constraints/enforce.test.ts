import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRng, denseFromRows, toSparse } from "../../../core/index.ts";
import { expectGradient, noise } from "../losses/testing/finite-difference.ts";
import { createOptimiser, OPTIMISER_KINDS, optimiserStep } from "../optimisers/optimiser.ts";
import {
  countViolations,
  effectiveWeights,
  parametersFor,
  projectParameters,
  pullBackGradient,
  silentShare,
} from "./enforce.ts";
import { constraintOnEdges, countSynapses, createConstraint, ENFORCEMENTS } from "./weight-constraint.ts";

/** 4 × 4, three E and one I, no autapses, one fixed weight, two absent. */
const example = (enforce: (typeof ENFORCEMENTS)[number] = "project") =>
  createConstraint({
    name: "w",
    post: 4,
    pre: 4,
    signs: [1, 1, 1, -1],
    autapses: false,
    mask: [1, 1, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 1, 1, 1],
    fixed: [0, 0.7, 0, 0, 0, 0, 0, -0.3, 0, 0, 0, 0, 0, 0, 0, 0],
    enforce,
  });

describe("effectiveWeights", () => {
  it("are projected, rectified or absolute, by hand", () => {
    const theta = Float64Array.from({ length: 16 }, (_, k) => (k % 2 ? -1 : 1) * (k + 1));
    const rows = (enforce: (typeof ENFORCEMENTS)[number]) => [...effectiveWeights(example(enforce), theta)];
    expect(rows("project")).toEqual([0, 0.7, 0, -4, 5, 0, 7, -0.3, 9, 0, 0, -12, 0, 0, 15, 0]);
    expect(rows("rectify")).toEqual([0, 0.7, 0, 0, 5, 0, 7, -0.3, 9, 0, 0, 0, 0, 0, 15, 0]);
    expect(rows("absolute")).toEqual([0, 0.7, 0, -4, 5, 0, 7, -0.3, 9, 10, 0, -12, 0, 14, 15, 0]);
  });

  it.each(ENFORCEMENTS)("%s: the pulled-back gradient is that of the weights", (enforce) => {
    const c = example(enforce);
    const theta = parametersFor(c, noise(16, 4)) as Float64Array;
    for (let k = 0; k < 16; k++) {
      // Silent where it can be; a projected weight at 0 stands on the edge, where there is no slope to compare.
      if (theta[k] === 0) theta[k] = enforce === "project" ? 0.2 * (k % 4 === 3 ? -1 : 1) : -0.2;
    }
    const slope = noise(16, 5);
    const squares = (t: Float64Array) =>
      Float64Array.from(effectiveWeights(c, t), (w, k) => slope[k] * (w + w * w));
    const loss = (t: Float64Array) => squares(t).reduce((sum, term) => sum + term, 0);
    const gradient = Float64Array.from(effectiveWeights(c, theta), (w, k) => slope[k] * (1 + 2 * w));
    pullBackGradient(c, theta, gradient);
    expectGradient(theta, loss, gradient);
  });

  it.each(ENFORCEMENTS)("%s: finds the numbers for wanted weights", (enforce) => {
    const c = example(enforce);
    const weights = effectiveWeights(c, noise(16, 6));
    expect([...effectiveWeights(c, parametersFor(c, weights))]).toEqual([...weights]);
  });

  it("rectified, a synapse at exactly 0 gets no gradient, as that of max(θ, 0) is taken there", () => {
    const gradient = new Float64Array(16).fill(1);
    pullBackGradient(example("rectify"), new Float64Array(16), gradient);
    expect([...gradient]).toEqual(new Array(16).fill(0));
  });

  it.each(ENFORCEMENTS)("%s: parameters for weights need no projection", (enforce) => {
    const c = example(enforce);
    const theta = parametersFor(c, noise(16, 8)) as Float64Array;
    const projected = theta.slice();
    projectParameters(c, projected);
    expect(projected).toEqual(theta);
  });

  it("lets NaN through, so that a failed training shows", () => {
    for (const enforce of ENFORCEMENTS) {
      const theta = new Float64Array(16).fill(NaN);
      projectParameters(example(enforce), theta);
      expect(effectiveWeights(example(enforce), theta)[4]).toBeNaN();
    }
  });
});

describe("training under a constraint", () => {
  const runs = fc.record({
    seed: fc.nat(999),
    kind: fc.constantFrom(...OPTIMISER_KINDS),
    enforce: fc.constantFrom(...ENFORCEMENTS),
    single: fc.boolean(),
  });

  it("keeps signs, masks and fixed weights after every step of every optimiser", () => {
    fc.assert(
      fc.property(runs, ({ seed, kind, enforce, single }) => {
        const rng = createRng(seed);
        const size = 5;
        const mask = Array.from({ length: 25 }, () => (rng.uniform() < 0.7 ? 1 : 0));
        const signs = Array.from({ length: size }, () => rng.integer(3) - 1);
        const fixed = mask.map((m, k) =>
          m && k % size !== Math.floor(k / size) && rng.uniform() < 0.2 ? 0.1 * (signs[k % size] || 1) : 0,
        );
        const c = createConstraint({
          name: "w",
          post: size,
          pre: size,
          mask,
          signs,
          fixed,
          autapses: false,
          enforce,
        });
        const start = parametersFor(c, noise(25, seed));
        const theta = single ? Float32Array.from(start) : start;
        const spec = { kind, learningRate: 0.5, weightDecay: 0.1 };
        const state = createOptimiser(spec, { theta });
        for (let step = 0; step < 6; step++) {
          const gradient = noise(25, 1000 * seed + step);
          pullBackGradient(c, theta, gradient);
          optimiserStep(spec, state, { parameters: { theta }, gradients: { theta: gradient } });
          projectParameters(c, theta);
          const none = { offMask: 0, wrongSign: 0, movedFixed: 0 };
          expect(countViolations(c, effectiveWeights(c, theta))).toEqual(none);
          if (enforce === "project") expect(countViolations(c, theta)).toEqual(none);
        }
      }),
      { numRuns: 40 },
    );
  });

  it("counts breaches and silent synapses", () => {
    const c = example();
    const weights = new Float64Array(16).fill(1);
    // Off the mask: 4 autapses and 2 absent; I synapses: (0,3), (2,3) wrong, (1,3) fixed.
    expect(countViolations(c, weights)).toEqual({ offMask: 6, wrongSign: 2, movedFixed: 2 });
    projectParameters(c, weights);
    expect(silentShare(c, weights)).toBe(2 / 8);
    // Where signs are given by rectifying, it is a number below 0 that is silent, whatever the sign of the synapse.
    const below = new Float64Array(16).fill(-1);
    expect(ENFORCEMENTS.map((enforce) => silentShare(example(enforce), below))).toEqual([6 / 8, 1, 0]);
  });
});

describe("constraintOnEdges", () => {
  it("does on a list of edges what the dense one does", () => {
    const c = example();
    const full = effectiveWeights(
      c,
      Float64Array.from({ length: 16 }, (_, k) => (k % 4 === 3 ? -k - 1 : k + 1)),
    );
    const pattern = toSparse(denseFromRows([0, 1, 2, 3].map((i) => full.subarray(4 * i, 4 * i + 4))));
    const sparse = constraintOnEdges(c, pattern);
    expect(countSynapses(sparse)).toBe(countSynapses(c));
    const dense = noise(16, 8);
    const edges = new Float64Array(pattern.column.length);
    let e = 0;
    for (let i = 0; i < 4; i++)
      for (; e < pattern.rowStart[i + 1]; e++) edges[e] = dense[4 * i + pattern.column[e]];
    const wanted = effectiveWeights(c, dense).filter((_, k) => full[k] !== 0);
    expect([...effectiveWeights(sparse, edges)]).toEqual([...wanted]);
    expect(() =>
      constraintOnEdges(
        c,
        toSparse(
          denseFromRows([
            [0, 1, 0, 0],
            [0, 0, 0, 0],
            [0, 0, 0, 0],
            [0, 0, 0, 0],
          ]),
        ),
      ),
    ).toThrow('weights "w": 9 synapses of the constraint have no edge in the pattern');
    expect(() => effectiveWeights(c, edges)).toThrow('weights "w": 10 weights, the constraint is on 16');
  });
});

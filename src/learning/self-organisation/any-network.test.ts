import { describe, expect, it } from "vitest";
import { createRng, dense, sparseFromEntries, symmetricEigen } from "../../core/index.ts";
import {
  input,
  network,
  neuron,
  normalisation,
  population,
  projection,
  structuralPlasticity,
  synapse,
  synapticRule,
} from "../../model/index.ts";
import { SelfOrganisation } from "./self-organisation.ts";

/** Covariance of an input whose second and third entries go together. */
const COVARIANCE = [
  [1, 0.2, 0],
  [0.2, 2, 1.2],
  [0, 1.2, 1.5],
];

/** Draws with the covariance L Lᵀ, addressed by the step. */
function correlatedDrive(lower: number[][]) {
  return (first: number, steps: number) => {
    const values = new Float64Array(steps * 3);
    for (let t = 0; t < steps; t++) {
      const rng = createRng(1).stream(first + t);
      const z = [rng.normal(), rng.normal(), rng.normal()];
      for (let i = 0; i < 3; i++) for (let j = 0; j <= i; j++) values[t * 3 + i] += lower[i][j] * z[j];
    }
    return { input: values };
  };
}

function cholesky3(a: number[][]): number[][] {
  const l = [0, 1, 2].map(() => [0, 0, 0]);
  for (let i = 0; i < 3; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = a[i][j];
      for (let k = 0; k < j; k++) sum -= l[i][k] * l[j][k];
      l[i][j] = i === j ? Math.sqrt(sum) : sum / l[j][j];
    }
  }
  return l;
}

describe("any network organises itself", () => {
  it("finds the first principal component of its input by Oja's rule", () => {
    const oja = synapticRule(
      "oja",
      synapse({ parameters: { eta: 0.002 }, equations: "w += eta * post.r * (pre.r - post.r * w)" }),
    );
    const net = network({
      populations: [population("cell", { size: 1, neuron: neuron({ equations: "r = sum(in)" }) })],
      inputs: [input("input", 3)],
      projections: [
        projection("input", "cell", {
          weights: dense(1, 3, [0.3, 0.3, 0.1]),
          target: "in",
          plasticity: [oja],
        }),
      ],
    });
    const run = new SelfOrganisation({
      network: net,
      seed: 1,
      phases: [{ name: "learn", steps: 12_000 }],
      drive: correlatedDrive(cholesky3(COVARIANCE)),
    });
    run.advance(run.steps);
    const { phases, status } = run.result();
    expect([status, phases[0].activity]).toEqual(["done", undefined]);
    const w = phases[0].synapses["input->cell"].weights!.values;
    const v = symmetricEigen(Float64Array.from(COVARIANCE.flat()), 3).vectors.subarray(6);
    const along = Math.abs(w.reduce((sum, x, i) => sum + x * v[i], 0));
    const length = Math.sqrt(w.reduce((sum, x) => sum + x * x, 0));
    expect(length).toBeCloseTo(1, 1);
    expect(along / length).toBeGreaterThan(0.995);
  });

  it("keeps sums of a tanh network on a connectome, each instance as its own run", () => {
    // Ten cells of a small ring with chords, some of them weak.
    const post = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 2, 4, 6, 8, 3, 7];
    const pre = [1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 5, 7, 9, 1, 3, 8, 2];
    const weights = sparseFromEntries(
      { rows: 10, columns: 10 },
      { post, pre, values: post.map((_, k) => 0.2 + (k % 4) / 4) },
    );
    const cell = neuron({
      parameters: { rate: 0.3, eta: 0.01 },
      equations: "r_prev = r\nr = tanh(sum(exc) + Normal(0, 0.5) - bias)\nbias = bias",
      plasticity: { ip: "bias += eta * (r - rate)" },
    });
    const hebb = synapticRule(
      "hebb",
      synapse({ parameters: { eta: 0.02 }, equations: "w += eta * post.r * pre.r_prev : min=0.001, max=2" }),
    );
    const rules = [
      hebb,
      structuralPlasticity("sp", { births: 0.05, weight: 0.01 }),
      normalisation("sn", { total: 1.5 }),
    ];
    const net = network({
      populations: [population("worm", { size: 10, neuron: cell })],
      projections: [projection("worm", "worm", { weights, plasticity: rules })],
    });
    const finished = (seed: number | number[]) => {
      const run = new SelfOrganisation({
        network: net,
        seed,
        activityOf: "worm.r",
        phases: [
          { name: "plastic", steps: 400 },
          { name: "frozen", steps: 50, freeze: "all" },
        ],
        record: { synapses: [{ projection: "worm->worm", events: true, every: 50 }] },
      });
      run.advance(run.steps);
      return run;
    };
    const together = finished([4, 5, 6]);
    [4, 5, 6].forEach((seed, instance) => {
      const { phases, status, warnings } = together.result(instance);
      expect({ phases, status, warnings, step: 450 }).toEqual(finished(seed).result());
      expect([status, warnings]).toEqual(["done", []]);
      const { weights: w, counts, births } = phases[0].synapses["worm->worm"];
      for (let i = 0; i < 10; i++) {
        const row = w!.values.subarray(w!.rowStart[i], w!.rowStart[i + 1]);
        expect(row.reduce((sum, x) => sum + x, 0)).toBeCloseTo(1.5, 12);
      }
      expect(counts.at(-1)).toBe(17 + births);
      expect(births).toBeGreaterThan(0);
    });
    expect(together.result(0)).not.toEqual(together.result(1));
  });
});

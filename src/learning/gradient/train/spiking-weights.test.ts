import { describe, expect, it } from "vitest";
import { createRng, toDense } from "../../../core/index.ts";
import { type SpikingNetworkOptions, spikingNetwork } from "./spiking-network.ts";

const units = 120;
const rng = () => createRng(3).stream("network");

function weightsOf(name: string, options: Partial<SpikingNetworkOptions>): ArrayLike<number> {
  const { network } = spikingNetwork({ inputs: 3, units, outputs: 4, rng: rng(), ...options });
  return toDense(network.projections.find((p) => p.name === name)!.weights).values;
}

const at = (value: number | ArrayLike<number>, i: number) => (typeof value === "number" ? value : value[i]);
const variance = (x: readonly number[]) => {
  const mean = x.reduce((sum, v) => sum + v, 0) / x.length;
  return x.reduce((sum, v) => sum + (v - mean) ** 2, 0) / x.length;
};

/** Potentials of units that never fire, while Poisson trains of 20 Hz arrive; step by step, of all units and times. */
function potentials(
  w: ArrayLike<number>,
  tau: number | ArrayLike<number>,
  tauSynapse: number | ArrayLike<number>,
) {
  const draw = createRng(5);
  // Traces start at their mean, so that there is nothing to wait for but the membranes.
  const r = Float64Array.from({ length: units }, (_, j) => 0.02 * at(tauSynapse, j));
  const v = new Float64Array(units);
  const seen: number[] = [];
  for (let t = 0; t < 1500; t++) {
    for (let j = 0; j < units; j++) r[j] += (draw.uniform() < 0.02 ? 1 : 0) - r[j] / at(tauSynapse, j);
    for (let i = 0; i < units; i++) {
      let drive = 0;
      for (let j = 0; j < units; j++) drive += w[i * units + j] * r[j];
      v[i] += (drive - v[i]) / at(tau, i);
    }
    if (t >= 300 && t % 20 === 0) seen.push(...v);
  }
  return seen;
}

describe("weights that spiking networks start from", () => {
  const many = (low: number, high: number) =>
    Float64Array.from({ length: units }, (_, i) => low + ((high - low) * i) / units);

  it.each([
    ["free", {}],
    ["Dale's law", { dale: 0.8 }],
    ["Dale's law, sparse", { dale: 0.8, density: 0.3 }],
    ["free, sparse, fast synapses", { density: 0.3, tauSynapse: 10 }],
    ["time constants of their own", { dale: 0.7, tau: many(10, 40), tauSynapse: many(20, 150) }],
  ] as [string, Partial<SpikingNetworkOptions>][])("give v a variance of ½ at 20 Hz: %s", (_, options) => {
    const { tau = 20, tauSynapse = 100 } = options;
    const v = potentials(weightsOf("rec", options), tau, tauSynapse);
    // The static part of 120 units alone has a standard error of √(2/120) = 13 %; three of them.
    expect(variance(v)).toBeGreaterThan(0.3);
    expect(variance(v)).toBeLessThan(0.7);
    const mean = v.reduce((sum, x) => sum + x, 0) / v.length;
    expect(Math.abs(mean)).toBeLessThan(0.35);
  });

  it.each([{}, { dale: 0.8 }, { dale: 0.8, tauSynapse: 30 }])(
    "give differences of outputs a variance of 1 over time: %j",
    (options: Partial<SpikingNetworkOptions>) => {
      const w = Array.from(weightsOf("out", options));
      for (let k = 0; k < 4; k++) {
        const row = w.slice(k * units, (k + 1) * units).filter((x) => x !== 0);
        // Campbell: a trace of rate ν and time constant τ has variance ν τ / 2.
        const inTime = row.length * variance(row) * 0.01 * at(options.tauSynapse ?? 100, 0);
        expect(Math.abs(inTime - 1)).toBeLessThan(0.4);
      }
    },
  );

  it("stay small where units of one sign cannot balance, and are absent where no synapse is", () => {
    const one = weightsOf("rec", { dale: 1 });
    expect(Math.max(...Array.from(one))).toBeLessThan(0.08);
    const half = Uint8Array.from({ length: units * units }, (_, k) => (k < (units * units) / 2 ? 1 : 0));
    const w = Array.from(weightsOf("rec", { masks: { rec: half } }));
    expect(w.slice((units * units) / 2).every((x) => x === 0)).toBe(true);
    expect(w.some((x) => x !== 0)).toBe(true);
  });
});

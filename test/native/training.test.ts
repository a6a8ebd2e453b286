/** @file Training by native code beside WebAssembly: what acts outside of the plain backward pass too. */

import { expect, it } from "vitest";
import { createRng } from "../../src/core/index.ts";
import {
  type RateNetwork,
  rateNetwork,
  spikingNetwork,
  Trainer,
  type TrainOptions,
} from "../../src/learning/index.ts";
import { perceptualDecision } from "../../src/tasks/index.ts";
import { describeNative } from "./native.ts";

describeNative("training by native code", (loader) => {
  const task = perceptualDecision({ timing: { stimulus: 200 } });
  const sizes = { inputs: 2, units: 23, outputs: 2 };
  const rng = () => createRng(2).stream("network");
  const after = (network: RateNetwork, run: TrainOptions["run"], omega: boolean) => {
    const trainer = new Trainer({
      network,
      task,
      updates: 3,
      batchSize: 6,
      validation: false,
      regularisers: omega ? [{ kind: "omega", weight: 2 }] : [],
      optimiser: { kind: "sgd", learningRate: 0.1 },
      run: { precision: "f64", ...run },
    });
    while (trainer.step());
    return { parameters: trainer.parameters(), history: trainer.history };
  };

  it.each([
    [
      "Ω, dense",
      rateNetwork({ ...sizes, rng: rng(), dale: 0.8, noise: 0.1, activation: "softplus" }),
      {},
      true,
    ],
    ["Ω, sparse", rateNetwork({ ...sizes, rng: rng(), density: 0.2, noise: 0.1 }), {}, true],
    ["a window and checkpoints", rateNetwork({ ...sizes, rng: rng() }), { window: 5, checkpoint: 8 }, true],
    ["spikes", spikingNetwork({ ...sizes, rng: rng(), refractory: 40 }), {}, false],
  ] as [string, RateNetwork, TrainOptions["run"], boolean][])(
    "%s: as by WebAssembly",
    (_, network, run, omega) => {
      const native = after(network, { ...run, backend: loader }, omega);
      const wasm = after(network, { ...run, backend: "wasm" }, omega);
      for (const [name, values] of Object.entries(wasm.parameters)) {
        const worst = Math.max(...values.map((x, k) => Math.abs(x - native.parameters[name][k])));
        expect([name, worst < 1e-9]).toEqual([name, true]);
      }
      if (!omega) return;
      expect(wasm.history.terms.omega[0]).toBeGreaterThan(0);
      expect(Math.abs(native.history.terms.omega[2] - wasm.history.terms.omega[2])).toBeLessThan(1e-8);
    },
  );
});

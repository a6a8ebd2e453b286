/** @file Adam in native code beside the formula, bit for bit. */

import { expect, it } from "vitest";
import { createRng } from "../../src/core/index.ts";
import { createOptimiser, type OptimiserSpec, optimiserStep } from "../../src/learning/index.ts";
import { describeNative } from "./native.ts";

describeNative("Adam in C", (loader) => {
  it.each([256, 4095, 4096, 9001])("takes the formula's steps for %i numbers", (length) => {
    const rng = createRng(length);
    const draw = () => Float64Array.from({ length }, () => rng.normal());
    const start = draw();
    const gradients = [draw(), draw(), draw().fill(0, 0, 99)];
    for (const spec of [
      { kind: "adam", learningRate: 1e-3, weightDecay: 0.02 },
      { kind: "adamw", learningRate: 0.3, beta1: 0.5, epsilon: 1e-3 },
    ] satisfies OptimiserSpec[]) {
      const theta = start.slice();
      const state = createOptimiser(spec, { w: theta });
      const { beta1 = 0.9, epsilon = 1e-8 } = spec as { beta1?: number; epsilon?: number };
      const decay = spec.weightDecay ?? 0.01;
      const [expected, m, v] = [start.slice(), new Float64Array(length), new Float64Array(length)];
      gradients.forEach((gradient, k) => {
        optimiserStep(spec, state, { parameters: { w: theta }, gradients: { w: gradient }, loader });
        const decoupled = spec.kind === "adamw";
        const [size, root] = [spec.learningRate / (1 - beta1 ** (k + 1)), Math.sqrt(1 - 0.999 ** (k + 1))];
        for (let i = 0; i < length; i++) {
          const g = decoupled ? gradient[i] : gradient[i] + decay * expected[i];
          m[i] = beta1 * m[i] + (1 - beta1) * g;
          v[i] = 0.999 * v[i] + (1 - 0.999) * g * g;
          const keep = decoupled ? 1 - spec.learningRate * decay : 1;
          expected[i] = expected[i] * keep - size * (m[i] / (Math.sqrt(v[i]) / root + epsilon));
        }
      });
      const compare = (found: ArrayLike<number>, wanted: Float64Array) => {
        for (let i = 0; i < length; i++)
          expect(Math.abs(found[i] - wanted[i])).toBeLessThan(1e-15 * (Math.abs(wanted[i]) + 1));
      };
      compare(theta, expected);
      compare(state.slots.w.mean, m);
      compare(state.slots.w.square, v);
      const portable = start.slice();
      const other = createOptimiser(spec, { w: portable });
      for (const gradient of gradients)
        optimiserStep(spec, other, { parameters: { w: portable }, gradients: { w: gradient } });
      expect(theta).toEqual(portable);
      expect(state).toEqual(other);
    }
  });
});

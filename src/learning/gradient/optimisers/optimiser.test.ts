import { describe, expect, it } from "vitest";
import { createRng } from "../../../core/index.ts";
import type { Values } from "../parameters.ts";
import { createOptimiser, type OptimiserSpec, type OptimiserState, optimiserStep } from "./optimiser.ts";
import { restoreOptimiser, saveOptimiser } from "./save-optimiser.ts";

/** Eight steps down ½ Σ a (x − c)² + 0.3 x₀ x₁ from (1, −0.5, 0.25) with torch.optim 1.13.0, f64, one thread. */
const TORCH: [OptimiserSpec, number[]][] = [
  [{ kind: "sgd", learningRate: 0.05 }, [0.9116240547616473, -0.9748442784185453, 0.41753219524831664]],
  [
    { kind: "sgd", learningRate: 0.05, weightDecay: 0.1 },
    [0.8792498075704142, -0.9563248346068707, 0.40523983853558415],
  ],
  [
    { kind: "sgd", learningRate: 0.05, momentum: 0.9, dampening: 0.2, weightDecay: 0.1 },
    [0.7033980413286508, -1.3704353023309612, 0.7072652859522721],
  ],
  [
    { kind: "sgd", learningRate: 0.05, momentum: 0.9, nesterov: true },
    [0.7994696186487209, -1.1597335715486008, 0.9146778530880005],
  ],
  [{ kind: "rmsprop", learningRate: 0.01 }, [0.7588428002691673, -0.856393217519395, 0.6676567177614766]],
  [
    {
      kind: "rmsprop",
      learningRate: 0.01,
      smoothing: 0.9,
      centered: true,
      momentum: 0.8,
      weightDecay: 0.1,
      epsilon: 1e-6,
    },
    [0.6120045038408135, -0.9638048843791196, 0.7732474198356604],
  ],
  [
    { kind: "rmsprop", learningRate: 0.01, smoothing: 0.95, momentum: 0.5 },
    [0.7477270760832885, -0.8199236060942803, 0.6048049859345056],
  ],
  [{ kind: "adam", learningRate: 0.1 }, [0.6367854291299329, -1.1792227503190897, 1.0351051080005154]],
  [
    { kind: "adam", learningRate: 0.1, beta1: 0.8, beta2: 0.95, epsilon: 1e-6, weightDecay: 0.1 },
    [0.5922331609639201, -1.131882975543186, 1.011655807914594],
  ],
  [
    { kind: "adam", learningRate: 0.1, beta2: 0.9, amsgrad: true },
    [0.6392969690998556, -1.179903112654722, 1.04619786285459],
  ],
  [{ kind: "adamw", learningRate: 0.1 }, [0.6343288232777449, -1.174272661898306, 1.0304410750354722]],
  [
    { kind: "adamw", learningRate: 0.1, beta2: 0.9, weightDecay: 0.2, amsgrad: true },
    [0.5921562047883427, -1.0857835354905534, 0.955950442819993],
  ],
];

const start = () => Float64Array.of(1, -0.5, 0.25);

function gradientAt(x: Values): Float64Array {
  return Float64Array.of(x[0] - 0.5 + 0.3 * x[1], 4 * (x[1] + 1) + 0.3 * x[0], 0.25 * (x[2] - 2));
}

function descend(spec: OptimiserSpec, x: Values, steps: number, state: OptimiserState): OptimiserState {
  for (let n = 0; n < steps; n++) {
    optimiserStep(spec, state, { parameters: { x }, gradients: { x: gradientAt(x) } });
  }
  return state;
}

describe("optimiserStep", () => {
  it.each(TORCH)("takes PyTorch's steps: %j", (spec, expected) => {
    const x = start();
    descend(spec, x, 8, createOptimiser(spec, { x }));
    for (let k = 0; k < 3; k++) expect(Math.abs(x[k] - expected[k])).toBeLessThan(1e-13);
    const single = Float32Array.from(start());
    descend(spec, single, 8, createOptimiser(spec, { x: single }));
    for (let k = 0; k < 3; k++) expect(Math.abs(single[k] - expected[k])).toBeLessThan(1e-6);
  });

  it.each(TORCH)("goes on bit for bit from a saved state: %j", (spec, _) => {
    const whole = start();
    descend(spec, whole, 8, createOptimiser(spec, { x: whole }));
    const x = start();
    const state = descend(spec, x, 3, createOptimiser(spec, { x }));
    const saved = saveOptimiser(state);
    const kept = x.slice();
    descend(spec, x, 2, state); // must not reach into what was saved
    descend(spec, kept, 5, restoreOptimiser(spec, { x: kept }, saved));
    expect([...kept]).toEqual([...whole]);
  });

  it("obeys exceptions: a frozen parameter stays, a bias does not decay, the rate of a schedule counts", () => {
    const spec: OptimiserSpec = {
      kind: "sgd",
      learningRate: 1,
      weightDecay: 0.5,
      overrides: {
        frozen: { learningRateScale: 0 },
        bias: { weightDecay: 0 },
        slow: { learningRateScale: 0.1 },
      },
    };
    const parameters = Object.fromEntries(
      ["w", "frozen", "bias", "slow"].map((name) => [name, Float64Array.of(2)]),
    );
    const gradients = Object.fromEntries(Object.keys(parameters).map((name) => [name, Float64Array.of(1)]));
    optimiserStep(spec, createOptimiser(spec, parameters), { parameters, gradients, learningRate: 0.5 });
    expect(parameters.w[0]).toBe(1);
    expect(parameters.frozen[0]).toBe(2);
    expect(parameters.bias[0]).toBe(1.5);
    expect(parameters.slow[0]).toBeCloseTo(1.9, 14);
  });
});

describe("optimisers refuse", () => {
  const x = start();
  const make = (spec: object) => () => createOptimiser(spec as OptimiserSpec, { x });
  it.each([
    [{ kind: "adma", learningRate: 0.1 }, 'optimiser: unknown optimiser "adma". Did you mean "adam"'],
    [{ kind: "adam", learningRate: 0 }, 'optimiser "adam": learningRate must be > 0, got 0'],
    [{ kind: "adam", learningRate: 0.1, beta2: 1 }, 'optimiser "adam": beta2 must be ≥ 0 and < 1, got 1'],
    [
      { kind: "rmsprop", learningRate: 0.1, smoothing: -1 },
      'optimiser "rmsprop": smoothing must be ≥ 0 and < 1',
    ],
    [{ kind: "sgd", learningRate: NaN }, "learningRate must be > 0, got NaN"],
    [{ kind: "sgd", learningRate: 1, nesterov: true }, "nesterov needs momentum above 0 and dampening 0"],
    [
      { kind: "sgd", learningRate: 1, overrides: { y: {} } },
      'optimiser "sgd": overrides names no parameter "y"',
    ],
  ])("%j", (spec, message) => expect(make(spec)).toThrow(message));

  it("gradients and states that do not fit", () => {
    const spec: OptimiserSpec = { kind: "adam", learningRate: 1 };
    const state = createOptimiser(spec, { x });
    const step = (parameters: object, gradients: object) => () =>
      optimiserStep(spec, state, { parameters, gradients } as never);
    expect(step({ x }, {})).toThrow('parameter "x" has no gradient');
    expect(step({ x }, { x: x.slice(1) })).toThrow('the gradient of "x" has 2 values, the parameter 3');
    expect(step({ y: x }, { y: x })).toThrow('the state knows no parameter "y"');
    const saved = { kind: "adam", steps: 1, arrays: { "x/mean": x.slice(1) } } as const;
    expect(() => restoreOptimiser(spec, { x }, saved)).toThrow('"x/mean" has 2 values, the parameter 3');
    expect(() => restoreOptimiser({ ...spec, kind: "adamw" }, { x }, saved)).toThrow(
      'of "adam", not of "adamw"',
    );
    expect(() => restoreOptimiser(spec, { y: x }, saved)).toThrow('and there is no parameter "x"');
  });
});

describe("Adam over many numbers", () => {
  const rng = createRng(3).stream("many");
  const draw = (n: number) => Float64Array.from({ length: n }, () => 2 * rng.uniform() - 1);
  const size = 4096 + 301;

  it.each<OptimiserSpec>([
    { kind: "adam", learningRate: 0.01 },
    { kind: "adam", learningRate: 0.01, weightDecay: 0.1, beta1: 0.8, beta2: 0.95, epsilon: 1e-6 },
    { kind: "adamw", learningRate: 0.01 },
  ])("has the bits of one number at a time, $kind", (spec) => {
    const together = { x: draw(size) };
    const alone = Object.fromEntries(Array.from(together.x, (x, k) => [k, Float64Array.of(x)]));
    const states = [createOptimiser(spec, together), createOptimiser(spec, alone)];
    for (let step = 0; step < 3; step++) {
      const g = draw(size);
      [g[0], g[size - 1], g[7]] = [-0, 1e200, NaN];
      optimiserStep(spec, states[0], { parameters: together, gradients: { x: g } });
      const gradients = Object.fromEntries(Array.from(g, (x, k) => [k, Float64Array.of(x)]));
      optimiserStep(spec, states[1], { parameters: alone, gradients });
    }
    for (let k = 0; k < size; k++) {
      const { mean, square } = states[1].slots[k];
      const found = [together.x[k], states[0].slots.x.mean[k], states[0].slots.x.square[k]];
      if (found.some((x, i) => !Object.is(x, [alone[k][0], mean[0], square[0]][i]))) expect(k).toBe(-1);
    }
    expect(together.x[7]).toBeNaN();
  });
});

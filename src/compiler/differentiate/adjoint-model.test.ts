import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { randomEquations } from "../../../test/codegen/random-equations.ts";
import { createRng } from "../../core/index.ts";
import type { Method } from "../check/model.ts";
import { compileNeuron } from "../compile.ts";
import { interpretPopulation, type SlotView } from "../emit/interpret/population.ts";
import { BOTH, SCALAR, type Shape, slotIndex } from "../ir/kernel.ts";
import type { PlannedModel } from "../plan/plan.ts";
import { type AdjointModel, type AdjointOptions, adjointModel } from "./adjoint-model.ts";
import {
  adjointName,
  nextName,
  parameterAdjointName,
  reductionAdjointName,
  sharedParameterAdjointName,
  shareName,
  sumAdjointName,
} from "./names.ts";

const UNITS = 3;
const TARGETS = ["exc", "in"];
const PARAMETERS = ["a", "b", "c"];

/** Values by slot; a value per unit, or one. */
type Values = Map<string, Float64Array>;

function interpret(model: PlannedModel, values: Values): void {
  const wide = new Set(model.variables.filter((v) => v.locality === "unit").map((v) => `variable:${v.name}`));
  for (const v of model.variables) {
    const slot = `variable:${v.name}`;
    if (!values.has(slot)) values.set(slot, new Float64Array(wide.has(slot) ? UNITS : 1));
  }
  const slot = (name: string): SlotView => {
    const array = values.get(name);
    if (array === undefined) throw new Error(`no ${name}`);
    return { values: array, shape: (array.length > 1 ? BOTH : SCALAR) as Shape };
  };
  interpretPopulation({
    model,
    dt: 0.5,
    units: UNITS,
    instances: 1,
    stride: 1,
    flushBelow: 0,
    targets: TARGETS,
    slot,
  })();
}

/** Everything a step reads, at random. */
function inputsOf(model: PlannedModel, seed: number): Values {
  const rng = createRng(seed);
  const draw = (n: number) => Float64Array.from({ length: n }, () => 1.6 * rng.uniform() - 0.8);
  const values: Values = new Map([["time", draw(1)]]);
  for (const v of model.variables) values.set(`variable:${v.name}`, draw(v.locality === "unit" ? UNITS : 1));
  for (const p of model.parameters) values.set(`parameter:${p}`, draw(p === "c" ? UNITS : 1));
  for (const t of TARGETS) values.set(`sum:${t}`, draw(UNITS));
  for (const r of model.reductions) values.set(`reduction:${r.name}`, draw(1));
  for (const r of model.randoms)
    values.set(`random:${r.name}`, draw(r.locality === "unit" ? UNITS : 1).map(Math.abs));
  return values;
}

const copyOf = (values: Values): Values => new Map([...values].map(([k, v]) => [k, v.slice()]));

/** Loss of a step: weights · new values. */
function loss(model: PlannedModel, inputs: Values, weights: Values): number {
  const values = copyOf(inputs);
  interpret(model, values);
  let sum = 0;
  for (const [slot, w] of weights) {
    const value = values.get(slot)!;
    for (let k = 0; k < w.length; k++) sum += w[k] * value[k];
  }
  return sum;
}

/** Run the two programs as a backward step does. @returns Adjoint of every input that has one. */
function adjoints(model: PlannedModel, adjoint: AdjointModel, inputs: Values, weights: Values): Values {
  const after = copyOf(inputs);
  interpret(model, after);
  const values = copyOf(inputs);
  for (const v of model.variables) {
    values.set(`variable:${nextName(v.name)}`, after.get(`variable:${v.name}`)!);
    values.set(`variable:${adjointName(v.name)}`, weights.get(`variable:${v.name}`)!.slice());
  }
  interpret(adjoint.units, values);
  for (let k = 0; k < adjoint.shares; k++) {
    const slot = `variable:${shareName(k)}`;
    values.set(slot, Float64Array.of(values.get(slot)!.reduce((a, b) => a + b)));
  }
  if (adjoint.population) interpret(adjoint.population, values);
  const out: Values = new Map();
  const zero = (slot: string) => new Float64Array(inputs.get(slot)!.length);
  for (const v of model.variables)
    out.set(`variable:${v.name}`, values.get(`variable:${adjointName(v.name)}`)!);
  for (const t of TARGETS)
    out.set(
      `sum:${t}`,
      values.get(`variable:${sumAdjointName(adjoint.sums.get(t) ?? t)}`) ?? zero(`sum:${t}`),
    );
  for (const r of model.reductions)
    out.set(
      `reduction:${r.name}`,
      values.get(`variable:${reductionAdjointName(r.name)}`) ?? zero(`reduction:${r.name}`),
    );
  for (const p of PARAMETERS) {
    const slot = `parameter:${p}`;
    const total = zero(slot);
    for (const part of [parameterAdjointName(p), sharedParameterAdjointName(p)]) {
      values.get(`variable:${part}`)?.forEach((g, unit) => {
        total[slotIndex(total.length > 1 ? BOTH : SCALAR, { unit, instance: 0 }, 1)] += g;
      });
    }
    out.set(slot, total);
  }
  return out;
}

/** Largest difference to central differences, relative to 1 + |derivative|; kinks within the step are passed over. */
function worstDifference(equations: string, options: { method?: Method; seed?: number } = {}) {
  const model = compileNeuron(
    { name: "n", parameters: { a: 0, b: 0, c: 0 }, equations },
    options.method ? { method: options.method } : {},
  );
  const adjoint = adjointModel(model, { targets: TARGETS, parameters: PARAMETERS });
  const inputs = inputsOf(model, options.seed ?? 1);
  const rng = createRng(99);
  const weights: Values = new Map(
    model.variables.map((v) => [
      `variable:${v.name}`,
      Float64Array.from({ length: v.locality === "unit" ? UNITS : 1 }, () => rng.uniform() + 0.3),
    ]),
  );
  const found = adjoints(model, adjoint, inputs, weights);
  let worst = 0;
  let compared = 0;
  for (const [slot, gradient] of found) {
    for (let k = 0; k < gradient.length; k++) {
      const difference = (h: number) => {
        const at = (x: number) => {
          const moved = copyOf(inputs);
          moved.get(slot)![k] += x;
          return loss(model, moved, weights);
        };
        return (at(h) - at(-h)) / (2 * h);
      };
      const [one, two] = [difference(1e-5), difference(2.5e-6)];
      if (!(Math.abs(one - two) < 1e-6 * (1 + Math.abs(one)))) continue;
      compared++;
      // Extrapolated once, so that a cubic term of the loss does not count.
      const exact = two + (two - one) / 15;
      worst = Math.max(worst, Math.abs(gradient[k] - exact) / (1 + Math.abs(exact)));
      if (Number.isNaN(gradient[k])) worst = Infinity;
    }
  }
  return { worst, compared };
}

describe("derivatives of operations", () => {
  it.each([
    "a + b",
    "a - b",
    "a * b",
    "a / (2 + b)",
    "-a * 3",
    "(2 + a) ^ b",
    "(2 + a) ** 1.7",
    "(2 + a) ** 3",
    "abs(a)",
    "sqrt(1.2 + a)",
    "floor(7 * a) * b",
    "ceil(7 * a) * b",
    "round(7 * a) * b",
    "min(a, b)",
    "max(a, b)",
    "clip(a, -0.3, b)",
    "exp(a)",
    "expm1(a)",
    "log(2 + a)",
    "tanh(2 * a)",
    "sigmoid(3 * a)",
    "sin(a) + cos(b)",
    "asin(a) + acos(b)",
    "atan(2 * a)",
    "tan(a)",
    "sinh(a) + cosh(b)",
    "log10(1.5 + a)",
    "modulo(a, 0.31)",
    "if a < b: a * c else: b * x",
    "ite(a <= b and not (c > 0) or x == 0, sin(a), cos(b))",
    "(a < b) * a",
    "sum(exc) * sum(in) + sum()",
    "mean(x) * x + max(y) * min(y) * y",
    "t * a + dt * b + Normal(a, b) + Uniform(a, x)",
  ])("%s", (text) => {
    for (const seed of [1, 2, 3]) {
      const { worst, compared } = worstDifference(`x = x + (${text})\ny = 0.3 * y + x`, { seed });
      expect(compared).toBeGreaterThan(10);
      expect(worst).toBeLessThan(1e-7);
    }
  });

  it.each(["explicit", "exponential", "implicit", "midpoint", "rk4"] as const)("%s integration", (method) => {
    const equations = `
      m = tanh(a * m + mean(x)) : population
      3 * dm2/dt = a - b * m2 + m : population
      (2 + b) * dx/dt + x = 0.5 * y + sum(exc) * c + m2
      dy/dt = a * (x - y) / (2 + c) + sum(in) - m * y : min=-0.4, max=0.9
      r = tanh(x) * m`;
    for (const seed of [1, 2, 3, 4]) {
      const { worst, compared } = worstDifference(equations, { method, seed });
      expect(compared).toBeGreaterThan(15);
      expect(worst).toBeLessThan(1e-7);
    }
  });

  it("an exponential step whose slope is near 0, where its function is a quotient of small numbers", () => {
    for (const scale of [1e-9, 1e-3, 0.1, 0.4, 2, 20]) {
      const { worst } = worstDifference(`dx/dt = ${scale} * a * x + b : exponential\ny = x`);
      expect(worst).toBeLessThan(1e-7);
    }
  });
});

describe("the derivative of a step", () => {
  it("equals central differences for random models", () => {
    let compared = 0;
    fc.assert(
      fc.property(randomEquations, fc.integer({ min: 0, max: 1000 }), (equations, seed) => {
        const found = worstDifference(equations, { seed });
        compared += found.compared;
        expect(found.worst).toBeLessThan(1e-6);
      }),
      { seed: 30, numRuns: 150 },
    );
    expect(compared).toBeGreaterThan(150 * 10);
  });
});

it("is set once for sums that are added to each other", () => {
  const sumsOf = (equations: string) => {
    const model = compileNeuron({ name: "n", parameters: {}, equations });
    return [...adjointModel(model, { targets: TARGETS, parameters: [] }).sums];
  };
  expect(sumsOf("x = tanh(sum(exc) + sum(in))")).toEqual([
    ["exc", "exc"],
    ["in", "exc"],
  ]);
  expect(sumsOf("x = tanh(sum(exc) - sum(in))")).toEqual([
    ["exc", "exc"],
    ["in", "in"],
  ]);
  expect(sumsOf("x = tanh(sum(in))")).toEqual([["in", "in"]]);
});

/** d(x new) / d(slot) for one unit with given values. */
function slopeAt(equations: string, at: Record<string, number>, options: Partial<AdjointOptions> = {}) {
  const model = compileNeuron({ name: "n", parameters: { a: 0, b: 0, c: 0 }, equations });
  const adjoint = adjointModel(model, { targets: TARGETS, parameters: PARAMETERS, ...options });
  const inputs = inputsOf(model, 1);
  for (const [slot, value] of Object.entries(at)) inputs.get(slot)!.fill(value);
  const weights: Values = new Map(
    model.variables.map((v) => [
      `variable:${v.name}`,
      new Float64Array(v.locality === "unit" ? UNITS : 1).fill(v.name === "x" ? 1 : 0),
    ]),
  );
  return adjoints(model, adjoint, inputs, weights);
}

describe("where a function has a kink or is not finite", () => {
  const at = { "sum:exc": 0 };
  it.each([
    ["max(sum(exc), 0)", 0],
    ["max(0, sum(exc))", 0],
    ["pos(sum(exc))", 0],
    ["clip(sum(exc), 0, 1)", 0],
    ["clip(sum(exc), -1, 0)", 0],
    ["abs(sum(exc))", 0],
    ["sqrt(abs(sum(exc))) + 2 * sum(exc)", 2],
    ["sqrt(max(sum(exc), 0)) + 2 * sum(exc)", 2],
    ["floor(sum(exc)) + ceil(sum(exc)) + round(sum(exc))", 0],
    ["sum(exc) > 0", 0],
    ["if sum(exc) > 0: sqrt(sum(exc)) else: 3 * sum(exc)", 3],
    ["if sum(exc) > 0: log(sum(exc)) else: 2 * sum(exc)", 2],
    ["if sum(exc) > 0: 1 / sum(exc) else: 2 * sum(exc)", 2],
    ["if sum(exc) > 0: sum(exc) * exp(1 / sum(exc)) else: 2 * sum(exc)", 2],
    ["if sum(exc) > 0: sum(exc) ^ a else: 2 * sum(exc)", 2],
    ["if sum(exc) > 0: asin(sum(exc) + 1) else: 2 * sum(exc)", 2],
    ["min(1 / abs(sum(exc)), 5) + sum(exc)", 1],
    ["0.25 * abs(sum(exc)) ^ 2.5 + sum(exc)", 1],
  ])("%s has slope %d at 0", (text, wanted) => {
    const gradient = slopeAt(`x = ${text}`, at);
    expect([...gradient.get("sum:exc")!].map(Math.abs)).toEqual(new Array(UNITS).fill(wanted));
    for (const values of gradient.values()) for (const g of values) expect(g).not.toBeNaN();
  });

  it("hands on exactly 0 from an adjoint of 0 where the slope is infinite", () => {
    const gradient = slopeAt("y = sqrt(sum(exc)) + asin(1 + sum(exc)) + abs(sum(exc)) ^ 0.3\nx = a", at);
    expect([...gradient.get("sum:exc")!]).toEqual([0, 0, 0]);
  });
});

describe("surrogates", () => {
  const u = 0.37;
  const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
  it.each([
    ["fast-sigmoid", 5, 1 / (1 + 5 * u) ** 2],
    ["fast-sigmoid", undefined, 1 / (1 + 10 * u) ** 2],
    ["triangle", 2, 1 - 2 * u],
    ["triangle", 5, 0],
    ["sigmoid", 4, 4 * sigmoid(4 * u) * (1 - sigmoid(4 * u))],
  ] as const)("%s of slope %s", (kind, slope, wanted) => {
    const surrogate = slope === undefined ? { kind } : { kind, slope };
    const check = (equations: string, factor = 1) => {
      const gradient = slopeAt(equations, { "sum:exc": u + 0.2, "parameter:a": 0.2 }, { surrogate });
      expect(gradient.get("sum:exc")![0]).toBeCloseTo(factor * wanted, 14);
      expect(gradient.get("parameter:a")![0]).toBeCloseTo(-UNITS * factor * wanted, 13);
    };
    check("x = sum(exc) > a");
    check("x = sum(exc) >= a");
    check("x = 3 * (a < sum(exc))", 3);
    check("x = not (sum(exc) > a)", -1);
    check("x = sum(exc) > a and 1 < 2");
    check("x = sum(exc) > a or 2 < 1");
  });

  it("leave the condition of a choice without a gradient", () => {
    const gradient = slopeAt(
      "x = if sum(exc) > a: 1 else: 0",
      {},
      { surrogate: { kind: "triangle", slope: 1 } },
    );
    expect([...gradient.get("sum:exc")!]).toEqual([0, 0, 0]);
  });
});

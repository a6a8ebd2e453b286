import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRng, dense, onWarning, toSparse } from "../../src/core/index.ts";
import { type SimulationOptions, simulate } from "../../src/engine/index.ts";
import { input, network, neuron, population, projection } from "../../src/model/index.ts";
import { worst } from "../golden/golden.ts";

/** The compiled kernels use their own exp, tanh, …, within 2 ulp of the host's; a few steps spread that a little. */
const TOLERANCE = 1e-12;

const leaf = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom("x", "y", "m") },
  { weight: 3, arbitrary: fc.constantFrom("a", "b", "c") },
  {
    weight: 2,
    arbitrary: fc.constantFrom("sum(exc)", "sum(in)", "sum()", "mean(x)", "max(y)", "min(x)", "t / 10", "dt"),
  },
  { weight: 1, arbitrary: fc.constantFrom("Uniform(-1, 1)", "Normal(0, 0.5)", "Uniform(a, 2)") },
  { weight: 2, arbitrary: fc.integer({ min: -20, max: 20 }).map((n) => (n / 8).toString()) },
);

/** Expressions that stay within moderate values, so that a last-bit difference is not blown up. */
const expression = fc.letrec<{ e: string; condition: string }>((tie) => ({
  e: fc.oneof(
    { maxDepth: 3, depthIdentifier: "e" },
    leaf,
    fc.tuple(tie("e"), fc.constantFrom("+", "-", "*"), tie("e")).map(([a, op, b]) => `(${a} ${op} ${b})`),
    fc.tuple(tie("e"), tie("e")).map(([a, b]) => `(${a}) / (1.5 + abs(${b}))`),
    fc
      .tuple(
        fc.constantFrom(
          "tanh",
          "sigmoid",
          "sin",
          "cos",
          "atan",
          "abs",
          "pos",
          "neg",
          "sinh",
          "cosh",
          "expm1",
          "exp",
        ),
        tie("e"),
      )
      .map(([f, a]) => `${f}(clip(${a}, -3, 3))`),
    tie("e").map((a) => `log(1 + abs(${a}))`),
    tie("e").map((a) => `sqrt(abs(${a}))`),
    tie("e").map((a) => `tan(clip(${a}, -1, 1))`),
    tie("e").map((a) => `asin(tanh(${a})) + acos(tanh(${a}))`),
    fc.tuple(tie("e"), tie("e")).map(([a, b]) => `(0.5 + abs(${a})) ^ clip(${b}, -2, 2)`),
    fc.tuple(tie("e"), fc.integer({ min: 0, max: 3 })).map(([a, n]) => `tanh(${a}) ** ${n}`),
    fc.tuple(tie("condition"), tie("e"), tie("e")).map(([c, a, b]) => `(if ${c}: ${a} else: ${b})`),
    fc.tuple(tie("condition"), tie("e"), tie("e")).map(([c, a, b]) => `ite(${c}, ${a}, ${b})`),
    tie("condition").map((c) => `(${c}) * 0.5`),
    fc.tuple(tie("e"), tie("e")).map(([a, b]) => `min(${a}, ${b}) + max(${b}, ${a})`),
    tie("e").map((a) => `round(${a}) + floor(${a}) - ceil(${a})`),
    tie("e").map((a) => `modulo(${a}, 1.7)`),
  ),
  condition: fc.oneof(
    { maxDepth: 2, depthIdentifier: "e" },
    fc
      .tuple(tie("e"), fc.constantFrom("<", "<=", ">", ">=", "==", "!="), tie("e"))
      .map(([a, op, b]) => `${a} ${op} ${b}`),
    fc
      .tuple(tie("condition"), fc.constantFrom("and", "or"), tie("condition"))
      .map(([a, op, b]) => `(${a}) ${op} (${b})`),
    tie("condition").map((c) => `not (${c})`),
  ),
})).e;

/** Apply `change` to what stands outside of reductions such as mean(x). */
const outsideReductions = (text: string, change: (part: string) => string) =>
  text
    .split(/((?:mean|max|min)\([xy]\))/)
    .map((part, k) => (k % 2 === 1 ? part : change(part)))
    .join("");

/** What is legal in a population-wide line: no value that differs between units. */
const populationWide = (text: string) =>
  outsideReductions(text.replace(/\bsum\(\w*\)/g, "0.3"), (part) =>
    part.replace(/\b[xy]\b/g, "m").replace(/\bc\b/g, "a"),
  );

const clipped = (text: string) => `tanh(${text})`;

const model = fc
  .record({
    x: expression,
    y: expression,
    m: expression,
    r: expression,
    xMethod: fc.constantFrom("explicit", "exponential", "midpoint", "rk4", "implicit"),
    yMethod: fc.constantFrom("explicit", "exponential", "same"),
    order: fc.boolean(),
  })
  .map(({ x, y, m, r, xMethod, yMethod, order }) => {
    const own = yMethod === "same" ? xMethod : yMethod;
    // Affine in x and y, as exponential and implicit need; the rest is held at what it was.
    const free = (t: string) => outsideReductions(t, (part) => part.replace(/\b[xy]\b/g, "r"));
    const odes = [
      `3 * dx/dt + x = 0.5 * y + ${clipped(free(x))} : init=0.1, ${xMethod}`,
      `dy/dt = (x - y) / (2 + abs(c)) + ${clipped(free(y))} : init=Uniform(-1, 1), min=-2, max=b + 2, ${own}`,
    ];
    return [
      `m = ${clipped(populationWide(m))} : population`,
      ...(order ? odes : odes.reverse()),
      `r = ${clipped(r)}`,
    ].join("\n");
  });

const STEPS = 4;

function run(
  equations: string,
  options: SimulationOptions,
  shapes: { perUnit: boolean; sparse: boolean; delay: number },
) {
  const size = 7;
  const rng = createRng(3);
  const random = (n: number) => Float64Array.from({ length: n }, () => rng.uniform() - 0.5);
  const own = neuron({ parameters: { a: 0.7, b: 1.3, c: -0.4 }, equations });
  const weights = dense(
    size,
    size,
    random(size * size).map((w) => (Math.abs(w) < 0.2 ? 0 : w)),
  );
  const net = network({
    populations: [
      population("p", { size, neuron: own, parameters: shapes.perUnit ? { c: random(size) } : {} }),
    ],
    inputs: [input("u", 2)],
    projections: [
      projection("u", "p", { target: "in", weights: dense(size, 2, random(size * 2)), delay: shapes.delay }),
      projection("p", "p", {
        target: "exc",
        weights: shapes.sparse ? toSparse(weights) : weights,
        delay: shapes.delay,
      }),
      projection("p", "p", { target: "exc", weights: toSparse(weights), variable: "x" }),
    ].filter((p) => equations.includes("sum()") || equations.includes(`sum(${p.target})`)),
  });
  const simulation = simulate(net, { dt: 0.5, seed: 5, ...options });
  const records = ["x", "y", "r", "m"].map((v) => simulation.monitor(`p.${v}`));
  const inputs = createRng(4);
  const u = Float64Array.from({ length: STEPS * 2 }, () => inputs.uniform());
  simulation.run(STEPS * 0.5, { inputs: { u } });
  return records.map((r) => r.data());
}

describe("interpreter and compiled kernels", () => {
  const shapes = fc.record({
    perUnit: fc.boolean(),
    sparse: fc.boolean(),
    delay: fc.constantFrom(0, 0.5, 1.5),
  });

  it("agree on random models to 1e-12, with one and with several instances", () => {
    const restore = onWarning(() => {});
    fc.assert(
      fc.property(model, shapes, fc.constantFrom(1, 3), (equations, shape, instances) => {
        const parameters: Record<string, number[]> = instances > 1 ? { "p.a": [0.7, 0.1, -0.6] } : {};
        const options = { instances, parameters };
        const compiled = run(equations, { ...options, backend: "wasm" }, shape);
        const reference = run(equations, { ...options, backend: "interpret" }, shape);
        compiled.forEach((record, k) => {
          expect(worst(record.values, reference[k].values, TOLERANCE)).toBeLessThanOrEqual(1);
        });
      }),
      { seed: 20, numRuns: 300 },
    );
    restore();
  });

  it("agree on random models in single precision to 1e-4", () => {
    const restore = onWarning(() => {});
    fc.assert(
      fc.property(
        model.filter((m) => !/[<>=!]=?|round|floor|ceil|modulo/.test(m.replace(/ = |\w+=/g, ""))),
        shapes,
        (equations, shape) => {
          const options = { precision: "f32" as const };
          const compiled = run(equations, { ...options, backend: "wasm" }, shape);
          const reference = run(equations, { ...options, backend: "interpret" }, shape);
          compiled.forEach((record, k) => {
            expect(worst(record.values, reference[k].values, 1e-4)).toBeLessThanOrEqual(1);
          });
        },
      ),
      { seed: 21, numRuns: 100 },
    );
    restore();
  });

  it("give an instance the same bits alone and among others", () => {
    const restore = onWarning(() => {});
    fc.assert(
      fc.property(model, shapes, (equations, shape) => {
        const gains = [0.7, 0.1, -0.6, 1.1, 0.2];
        const together = run(
          equations,
          { instances: 5, seed: gains.map(() => 9), parameters: { "p.a": gains } },
          shape,
        );
        gains.forEach((gain, b) => {
          const alone = run(equations, { seed: 9, parameters: { "p.a": [gain] } }, shape);
          alone.forEach((record, k) => {
            const same = together[k].values.filter((_, at) => at % 5 === b);
            expect(record.values).toEqual(same);
          });
        });
      }),
      { seed: 22, numRuns: 60 },
    );
    restore();
  });
});

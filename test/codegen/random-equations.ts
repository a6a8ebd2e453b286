/**
 * @file Random neuron equations that use everything the language has, for property tests of generated code.
 */

import * as fc from "fast-check";

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

/** Equations of a random neuron with variables x, y, r of its units and m of the population. */
export const randomEquations = fc
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

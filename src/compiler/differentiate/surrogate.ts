/**
 * @file What stands for the derivative of a threshold. A comparison u > 0 is a step; its derivative is 0 wherever it
 * exists, so nothing could be learnt through a spike. In the backward pass only, it is taken to be S(u).
 */

import type { Algebra } from "./algebra.ts";

/** Names of surrogate derivatives. */
export const SURROGATE_NAMES = ["fast-sigmoid", "triangle", "sigmoid"] as const;

/** A surrogate derivative by name; `slope` is β in its formula, > 0, in units of 1 / u. */
export interface Surrogate {
  /**
   * - `fast-sigmoid`: S(u) = 1 / (1 + β |u|)², SuperSpike of Zenke and Ganguli (2018), Eq. 4;
   * - `triangle`: S(u) = max(0, 1 − β |u|), after Bellec et al. (2018);
   * - `sigmoid`: S(u) = β σ(β u) (1 − σ(β u)), the derivative of a steep logistic function.
   */
  kind: (typeof SURROGATE_NAMES)[number];
  /** β, default 10. */
  slope?: number;
}

/** S(u) as a node. */
export function surrogateDerivative(a: Algebra, u: number, { kind, slope = 10 }: Surrogate): number {
  const beta = a.constant(slope);
  const distance = () => a.multiply(beta, a.apply("absolute", u));
  switch (kind) {
    case "fast-sigmoid": {
      const root = a.add(a.one, distance());
      return a.divide(a.one, a.multiply(root, root));
    }
    case "triangle":
      return a.apply("maximum", a.zero, a.subtract(a.one, distance()));
    case "sigmoid": {
      const s = a.apply("sigmoid", a.multiply(beta, u));
      return a.multiply(beta, a.multiply(s, a.subtract(a.one, s)));
    }
  }
}

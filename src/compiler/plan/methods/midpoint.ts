/**
 * @file Midpoint (second-order Runge–Kutta): k = h f(x); x ← x + h f(x + k / 2). The lines of a block are advanced
 * together; inputs, noise and all other variables are held constant over the step.
 */

import { constant, multiply } from "../../term.ts";
import { advance, type Integrator, oldValue, ratesAt, stepLength } from "./method.ts";

/** Midpoint rule, the lines of a block together. */
export const midpoint: Integrator = (lines, name) => {
  const half = multiply(constant(0.5), stepLength);
  const middle = lines.map((line) => name(advance(oldValue(line), half, line.rate), line.locality));
  return ratesAt(lines, middle).map((rate, k) => advance(oldValue(lines[k]), stepLength, rate));
};

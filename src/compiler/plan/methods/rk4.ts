/**
 * @file Classical fourth-order Runge–Kutta over the lines of a block; inputs, noise and all other variables are held
 * constant over the step.
 */

import { add, constant, divide, multiply, type Term } from "../../term.ts";
import { advance, type Integrator, oldValue, ratesAt, stepLength } from "./method.ts";

/** Classical Runge–Kutta, the lines of a block together. */
export const rk4: Integrator = (lines, name) => {
  const half = multiply(constant(0.5), stepLength);
  const start = lines.map(oldValue);
  const named = (rates: Term[]) => rates.map((rate, k) => name(rate, lines[k].locality));
  const stage = (factor: Term, slopes: Term[]) =>
    named(ratesAt(lines, named(start.map((x, k) => advance(x, factor, slopes[k])))));
  const k1 = named(lines.map((line) => line.rate));
  const k2 = stage(half, k1);
  const k3 = stage(half, k2);
  const k4 = stage(stepLength, k3);
  const sixth = divide(stepLength, constant(6));
  return start.map((x, k) => {
    const middle = multiply(constant(2), add(k2[k], k3[k]));
    return advance(x, sixth, add(add(k1[k], middle), k4[k]));
  });
};

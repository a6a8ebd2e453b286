/**
 * @file Exponential Euler: f = a x + b with a, b frozen over the step, x ← x + h φ(a h) f(x), φ(z) = (e^z − 1) / z.
 * Exact when a and b are constant. For tau dx/dt + x = A this is x += (1 − e^(−h/tau)) (A − x).
 */

import { affineIn } from "../../affine.ts";
import { multiply, operation } from "../../term.ts";
import { advance, type Integrator, oldValue, stepLength } from "./method.ts";

/** Exponential Euler, each line by itself. */
export const exponential: Integrator = (lines, _name, refuse) =>
  lines.map((line) => {
    const affine = affineIn(line.rate, "variable", line.variable);
    if (affine === undefined) {
      return refuse(
        line,
        `the exponential method needs d${line.variable}/dt to be affine in ${line.variable}`,
        "Use explicit, midpoint or rk4 for this line.",
      );
    }
    // φ is written as a function of its own: at a = 0 it is 1, where the quotient would be 0 / 0.
    const factor = operation("exprel", multiply(affine.slope, stepLength));
    return advance(oldValue(line), multiply(stepLength, factor), line.rate);
  });

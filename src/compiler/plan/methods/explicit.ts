/**
 * @file Explicit (forward) Euler: x ← x + h f(x). First order; needs h well below every time constant.
 */

import { advance, type Integrator, oldValue, stepLength } from "./method.ts";

/** Forward Euler. */
export const explicit: Integrator = (lines) =>
  lines.map((line) => advance(oldValue(line), stepLength, line.rate));

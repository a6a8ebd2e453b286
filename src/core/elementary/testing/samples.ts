/** @file Arguments that try every range of the elementary functions, and the values that need a case of their own. */

import { createRng } from "../../random/rng.ts";
import { log } from "../logarithm.ts";
import type { ReferenceFunction } from "./reference.ts";

/** Zeros, units, infinities, NaN, the borders of the formats, and what the functions treat apart. */
export const SPECIAL_VALUES: readonly number[] = [
  0,
  0.5,
  1,
  1.5,
  2,
  2.5,
  3,
  1e22,
  1e300,
  1e-300,
  5e-324,
  2.2250738585072014e-308,
  1.7976931348623157e308,
  2 ** -149,
  2 ** -126,
  3.4028234663852886e38,
  2 ** 53 - 1,
  2 ** 54,
  709.78,
  709.79,
  720,
  745.1,
  745.2,
  708,
  750,
  87,
  88.72,
  88.73,
  103.9,
  104,
  19.06,
  20,
  40,
  1647098,
  1647099,
  Math.SQRT2 - 1,
  Math.SQRT2 + 1,
  Math.PI,
  Math.PI / 2,
  Math.LN2,
  0.1,
  Number.POSITIVE_INFINITY,
  Number.NaN,
].flatMap((x) => [x, -x]);

/** Random arguments of a function, at which its result is finite; pairs for `pow`, else y = 0. */
export function samples(name: ReferenceFunction, count: number): [x: number, y: number][] {
  const rng = createRng(7).stream(name);
  const within = (bound: number) => bound * (2 * rng.uniform() - 1);
  /** ± 2^−e … 2^e with all exponents equally likely. */
  const scaled = (from: number, to: number) =>
    within(2) * 2 ** Math.floor(from + (to - from) * rng.uniform());
  const draw = GENERATORS[name];
  return Array.from({ length: count }, (_, i) => draw(within, scaled, i % 6));
}

// Implementation

type Generator = (
  within: (bound: number) => number,
  scaled: (from: number, to: number) => number,
  kind: number,
) => [number, number];

/** A number from a choice of ranges. */
function oneOf(
  ...choices: ((within: (b: number) => number, scaled: (f: number, t: number) => number) => number)[]
) {
  const generator: Generator = (within, scaled, kind) => [choices[kind % choices.length](within, scaled), 0];
  return generator;
}

const exponentials = oneOf(
  (within) => within(2),
  (within) => within(20),
  (within) => within(709),
  (_, scaled) => scaled(-60, 0),
  (_, scaled) => scaled(-1074, -1),
  (within) => -727 + within(18),
);

const angles = oneOf(
  (within) => within(7),
  (within) => within(1.7e6),
  (_, scaled) => scaled(20, 1022),
  (within) => Math.round(within(1e6)) * (Math.PI / 2),
  (_, scaled) => scaled(-1074, 0),
  (within) => 1.6e6 + within(1e5),
);

const unitInterval = oneOf(
  (within) => within(1),
  (_, scaled) => scaled(-60, -1),
  (_, scaled) => 1 - Math.abs(scaled(-53, -1)),
  (_, scaled) => Math.abs(scaled(-53, -1)) - 1,
);

const GENERATORS: Record<ReferenceFunction, Generator> = {
  exp: exponentials,
  expm1: exponentials,
  exprel: oneOf(
    (within) => within(2),
    (within) => within(716),
    (_, scaled) => scaled(-60, 0),
    (_, scaled) => -Math.abs(scaled(5, 1010)),
  ),
  sigmoid: exponentials,
  tanh: oneOf(
    (within) => within(0.7),
    (within) => within(3),
    (within) => within(22),
    (_, scaled) => scaled(-60, 0),
    (_, scaled) => scaled(-1074, -1),
  ),
  log: oneOf(
    (_, scaled) => Math.abs(scaled(-1021, 1022)),
    (within) => 1.25 + within(0.75),
    (_, scaled) => 1 + scaled(-52, -2),
    (_, scaled) => Math.max(5e-324, Math.abs(scaled(-1073, -1022))),
  ),
  log1p: oneOf(
    (within) => 0.35 + within(1.25),
    (_, scaled) => scaled(-52, -2),
    (_, scaled) => scaled(-1074, -2),
    (_, scaled) => Math.abs(scaled(0, 1022)),
    (_, scaled) => Math.max(2 ** -53, Math.abs(scaled(-52, -2))) - 1,
  ),
  sin: angles,
  cos: angles,
  atan: oneOf(
    (within) => within(3),
    (_, scaled) => scaled(0, 1022),
    (_, scaled) => scaled(-1074, 0),
    (within) => 0.45 + within(0.1),
  ),
  asin: unitInterval,
  acos: unitInterval,
  pow: (within, scaled, kind) => {
    const bases = [
      () => 2.5 + within(2.5),
      () => Math.abs(scaled(-1021, 1022)),
      () => 1 + scaled(-52, -2),
      () => Math.max(5e-324, Math.abs(scaled(-1073, -1022))),
      () => 1 + within(0.5),
      () => Math.abs(scaled(-50, 50)),
    ];
    const x = bases[kind]();
    // Up to where the result leaves the range of a double.
    return [x, x === 1 ? 1 : within(Math.min(705 / Math.abs(log(x)), 1e19))];
  },
};

/** @file Inverse trigonometric functions; the formulas are those of core's elementary/inverse-trigonometric.ts. */

import { COEFFICIENTS } from "./coefficients.ts";
import type { Vector, VectorExpressions } from "./vector-expressions.ts";

/** Arctangent [rad]. Error below 1.9 ulp in f64, 2 in f32. */
export function atan(v: VectorExpressions, x: Vector): Vector {
  const { arctangent, halfPi, quarterPi } = COEFFICIENTS[v.precision];
  const one = v.constant(1);
  const size = v.keep(v.abs(x));
  const large = v.keep(v.less(v.constant(Math.SQRT2 + 1), size));
  const middle = v.keep(v.less(v.constant(Math.SQRT2 - 1), size));
  const choose = (ifLarge: Vector, ifMiddle: Vector, ifSmall: Vector) =>
    v.select(large, ifLarge, v.select(middle, ifMiddle, ifSmall));
  const top = choose(v.constant(-1), v.subtract(size, one), size);
  const bottom = choose(size, v.add(size, one), one);
  const t = v.keep(v.divide(top, bottom));
  const offset = (part: 0 | 1) =>
    v.select(large, v.constant(halfPi[part]), v.and(middle, v.constant(quarterPi[part])));
  const z = v.keep(v.multiply(t, t));
  const rest = v.add(v.multiply(v.multiply(t, z), v.polynomial(z, arctangent)), offset(1));
  const value = v.add(offset(0), v.add(t, rest));
  return v.or(value, v.and(x, v.signBit()));
}

/** Arcsine [rad]. Error below 2.5 ulp in f64, 3 in f32. */
export function asin(v: VectorExpressions, x: Vector): Vector {
  const one = v.constant(1);
  const root = v.sqrt(v.multiply(v.subtract(one, x), v.add(one, x)));
  return atan(v, v.keep(v.divide(x, root)));
}

/** Arccosine [rad]. Error below 2.5 ulp in f64, 2.7 in f32. */
export function acos(v: VectorExpressions, x: Vector): Vector {
  const one = v.constant(1);
  const root = v.sqrt(v.divide(v.subtract(one, x), v.add(one, x)));
  const half = v.keep(atan(v, v.keep(root)));
  return v.add(half, half);
}

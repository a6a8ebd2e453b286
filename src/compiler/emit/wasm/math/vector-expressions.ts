/**
 * @file Straight-line vector arithmetic as nested expressions: `v.add(a, v.multiply(b, c))`. The formulas of the
 * elementary functions are written in these once; what an operation becomes, and how many lanes a vector has, is up to
 * the printer: WebAssembly instructions or C.
 */

import type { Precision } from "./constant-table.ts";

/** Pushes one vector. */
export type Vector = () => void;

/** A vector that can change, for values that a branch corrects. */
export interface Variable {
  readonly value: Vector;
  set(value: Vector): void;
}

/** Bit layout of the floating-point formats; in the last place of `unitAtBase` = 2^fractionBits stands 1. */
export const FORMATS = {
  f64: {
    shape: "f64x2",
    whole: "i64x2",
    fractionBits: 52,
    unitAtBase: 4503599627370496,
    bias: 1023,
    roundingShift: 6755399441055744,
  },
  f32: {
    shape: "f32x4",
    whole: "i32x4",
    fractionBits: 23,
    unitAtBase: 8388608,
    bias: 127,
    roundingShift: 12582912,
  },
} as const;

/** Names of operations on the lanes of floating-point vectors, those of WebAssembly. */
export type FloatOperation =
  | "add"
  | "sub"
  | "mul"
  | "div"
  | "sqrt"
  | "abs"
  | "neg"
  | "nearest"
  | "floor"
  | "ceil"
  | "trunc"
  | "min"
  | "max"
  | "pmin"
  | "pmax"
  | "lt"
  | "le"
  | "eq"
  | "ne";
/** Names of operations on bits; `bitselect` takes (if 1, if 0, mask). */
export type BitOperation = "and" | "andnot" | "or" | "xor" | "not" | "bitselect";

/** Expressions over vectors of one precision. A lane's result never depends on the other lanes. */
export abstract class VectorExpressions {
  readonly precision: Precision;
  readonly format: (typeof FORMATS)[Precision];

  constructor(precision: Precision) {
    this.precision = precision;
    this.format = FORMATS[precision];
  }

  /** The same function with lanes of another precision. */
  abstract as(precision: Precision): VectorExpressions;

  abstract variable(value: Vector): Variable;

  /** `some` where any bit of the mask is set, else `none`; only the chosen one runs. To be used once. */
  abstract ifAny(mask: Vector, some: () => Vector, none: () => Vector): Vector;

  /** Runs `body` where any bit of the mask is set. */
  abstract when(mask: Vector, body: () => void): void;

  /** The bit pattern in every lane. */
  abstract bits(pattern: bigint): Vector;

  /** f32 lanes as two vectors of f64 lanes. */
  abstract toDoubles(x: Vector): Vector[];

  /** Two vectors of f64 lanes, rounded to one of f32 lanes. */
  abstract fromDoubles(halves: Vector[]): Vector;

  protected abstract float(name: FloatOperation, ...operands: Vector[]): Vector;
  protected abstract whole(name: "add" | "sub", ...operands: Vector[]): Vector;
  protected abstract shift(name: "shl" | "shr_u", a: Vector, bits: number): Vector;
  protected abstract bitwise(name: BitOperation, ...operands: Vector[]): Vector;

  /** Evaluates once, here; the result reads the local that holds it. */
  keep(value: Vector): Vector {
    return this.variable(value).value;
  }

  /** The number in every lane. */
  constant(x: number): Vector {
    return this.bits(floatBits(x, this.precision));
  }

  add(a: Vector, b: Vector): Vector {
    return this.float("add", a, b);
  }

  subtract(a: Vector, b: Vector): Vector {
    return this.float("sub", a, b);
  }

  multiply(a: Vector, b: Vector): Vector {
    return this.float("mul", a, b);
  }

  divide(a: Vector, b: Vector): Vector {
    return this.float("div", a, b);
  }

  sqrt(a: Vector): Vector {
    return this.float("sqrt", a);
  }

  abs(a: Vector): Vector {
    return this.float("abs", a);
  }

  negate(a: Vector): Vector {
    return this.float("neg", a);
  }

  /** Nearest whole number, halves to even. */
  nearest(a: Vector): Vector {
    return this.float("nearest", a);
  }

  floor(a: Vector): Vector {
    return this.float("floor", a);
  }

  ceil(a: Vector): Vector {
    return this.float("ceil", a);
  }

  /** The whole part. */
  truncate(a: Vector): Vector {
    return this.float("trunc", a);
  }

  /** IEEE 754 minimum: NaN wins over all, −0 < +0. */
  minimum(a: Vector, b: Vector): Vector {
    return this.float("min", a, b);
  }

  /** IEEE 754 maximum. */
  maximum(a: Vector, b: Vector): Vector {
    return this.float("max", a, b);
  }

  /** b < a ? b : a, one instruction where IEEE minimum takes five; NaN in `a` stays. */
  least(a: Vector, b: Vector): Vector {
    return this.float("pmin", a, b);
  }

  /** a < b ? b : a; NaN in `a` stays. */
  greatest(a: Vector, b: Vector): Vector {
    return this.float("pmax", a, b);
  }

  /** Comparisons give lanes of ones or zeros. */
  less(a: Vector, b: Vector): Vector {
    return this.float("lt", a, b);
  }

  lessEqual(a: Vector, b: Vector): Vector {
    return this.float("le", a, b);
  }

  equal(a: Vector, b: Vector): Vector {
    return this.float("eq", a, b);
  }

  notEqual(a: Vector, b: Vector): Vector {
    return this.float("ne", a, b);
  }

  and(a: Vector, b: Vector): Vector {
    return this.bitwise("and", a, b);
  }

  /** a and not b. */
  andNot(a: Vector, b: Vector): Vector {
    return this.bitwise("andnot", a, b);
  }

  or(a: Vector, b: Vector): Vector {
    return this.bitwise("or", a, b);
  }

  xor(a: Vector, b: Vector): Vector {
    return this.bitwise("xor", a, b);
  }

  not(a: Vector): Vector {
    return this.bitwise("not", a);
  }

  /** mask ? a : b, bit by bit. */
  select(mask: Vector, a: Vector, b: Vector): Vector {
    return this.bitwise("bitselect", a, b, mask);
  }

  /** Lanes as whole numbers of their width. */
  addWhole(a: Vector, b: Vector): Vector {
    return this.whole("add", a, b);
  }

  subtractWhole(a: Vector, b: Vector): Vector {
    return this.whole("sub", a, b);
  }

  shiftLeft(a: Vector, bits: number): Vector {
    return this.shift("shl", a, bits);
  }

  /** Fills with zeros. */
  shiftRight(a: Vector, bits: number): Vector {
    return this.shift("shr_u", a, bits);
  }

  /** Adding and subtracting it rounds to the nearest whole number, halves to even; see `powerOfTwo`. */
  roundingShift(): Vector {
    return this.constant(this.format.roundingShift);
  }

  /** 2^k of `shifted` = k + roundingShift; `offset` adds to k. Wrong where the result is not a normal number. */
  powerOfTwo(shifted: Vector, offset = 0): Vector {
    const { fractionBits, bias } = this.format;
    const one = this.bits(BigInt(bias + offset) << BigInt(fractionBits));
    return this.addWhole(this.shiftLeft(shifted, fractionBits), one);
  }

  /** value · 2^k through two factors, so that neither overflows. */
  scale(value: Vector, k: Vector): Vector {
    const shifted = this.keep(this.add(this.multiply(k, this.constant(0.5)), this.roundingShift()));
    const half = this.subtract(shifted, this.roundingShift());
    const rest = this.add(this.subtract(k, half), this.roundingShift());
    return this.multiply(this.multiply(value, this.powerOfTwo(shifted)), this.powerOfTwo(rest));
  }

  /** The sign bit of every lane. */
  signBit(): Vector {
    return this.constant(-0);
  }

  /**
   * c₀ + c₁ x + c₂ x² + …, as c₀ + (c₁ x + x² ((c₂ + c₃ x) + x² …)): half as long a chain of dependent instructions
   * as Horner's rule for one multiplication more, and c₀ rounds once. Core's scalar functions do the same.
   */
  polynomial(x: Vector, coefficients: readonly number[]): Vector {
    const [c0, c1, ...rest] = coefficients.map((c) => this.constant(c));
    const linear = this.multiply(x, c1);
    if (rest.length === 0) return this.add(c0, linear);
    const square = this.keep(this.multiply(x, x));
    const pairs: Vector[] = [];
    for (let i = 0; i < rest.length; i += 2) {
      const [even, odd] = rest.slice(i, i + 2);
      pairs.push(odd ? this.add(even, this.multiply(x, odd)) : even);
    }
    const tail = pairs.reduceRight((sum, pair) => this.add(pair, this.multiply(square, sum)));
    return this.add(c0, this.add(linear, this.multiply(square, tail)));
  }
}

/** Bit pattern of a number in the given format. */
export function floatBits(x: number, precision: Precision): bigint {
  const view = new DataView(new ArrayBuffer(8));
  if (precision === "f64") view.setFloat64(0, x, true);
  else view.setFloat32(0, x, true);
  return view.getBigUint64(0, true);
}

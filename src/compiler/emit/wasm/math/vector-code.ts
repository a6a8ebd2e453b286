/**
 * @file Writes straight-line vector arithmetic as nested expressions: `v.add(a, v.multiply(b, c))`. An expression is
 * a function that pushes one v128; `keep` evaluates it once into a local.
 */

import type { FunctionBuilder, Local } from "../function-builder.ts";
import type { Opcode } from "../opcodes.ts";
import type { ConstantTable, Precision } from "./constant-table.ts";

/** Pushes one v128. */
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

/** Byte choices of `i8x16.shuffle`. */
const UPPER_HALF = [8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15];
const LOWER_HALVES = [0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23];

/** Expressions over vectors of one precision. */
export class VectorCode {
  readonly code: FunctionBuilder;
  readonly precision: Precision;
  readonly format: (typeof FORMATS)[Precision];
  readonly #constants: ConstantTable;
  readonly #loaded: Map<string, Local>;

  /**
   * @param loaded - Constants that are in locals already. A constant is loaded where it is first used and kept, so
   *   code that may not run must be written by `when` or `ifAny`.
   */
  constructor(
    code: FunctionBuilder,
    precision: Precision,
    constants: ConstantTable,
    loaded = new Map<string, Local>(),
  ) {
    this.code = code;
    this.precision = precision;
    this.format = FORMATS[precision];
    this.#constants = constants;
    this.#loaded = loaded;
  }

  /** The same function with lanes of another precision. */
  as(precision: Precision): VectorCode {
    return new VectorCode(this.code, precision, this.#constants, this.#loaded);
  }

  read(local: Local): Vector {
    return () => this.code.get(local);
  }

  /** Evaluates once, here; the result reads the local that holds it. */
  keep(value: Vector): Vector {
    return this.variable(value).value;
  }

  variable(value: Vector): Variable {
    const local = this.code.local("v128");
    const set = (next: Vector) => {
      next();
      this.code.set(local);
    };
    set(value);
    return { value: this.read(local), set };
  }

  /** `some` where any bit of the mask is set, else `none`; only the chosen one runs. To be used once. */
  ifAny(mask: Vector, some: () => Vector, none: () => Vector): Vector {
    return () => {
      mask();
      this.code.op("v128.any_true").if(
        () => this.#branch(() => some()()),
        () => this.#branch(() => none()()),
        "v128",
      );
    };
  }

  /** Runs `body` where any bit of the mask is set. */
  when(mask: Vector, body: () => void): void {
    mask();
    this.code.op("v128.any_true").if(() => this.#branch(body));
  }

  /** The number in every lane. */
  constant(x: number): Vector {
    return this.bits(floatBits(x, this.precision));
  }

  /** The bit pattern in every lane. */
  bits(pattern: bigint): Vector {
    return () => {
      const key = `${this.precision} ${pattern}`;
      const known = this.#loaded.get(key);
      if (known) {
        this.code.get(known);
        return;
      }
      const local = this.code.local("v128");
      this.#constants.push(this.code, this.precision, pattern);
      this.code.tee(local);
      this.#loaded.set(key, local);
    };
  }

  add(a: Vector, b: Vector): Vector {
    return this.#float("add", a, b);
  }

  subtract(a: Vector, b: Vector): Vector {
    return this.#float("sub", a, b);
  }

  multiply(a: Vector, b: Vector): Vector {
    return this.#float("mul", a, b);
  }

  divide(a: Vector, b: Vector): Vector {
    return this.#float("div", a, b);
  }

  sqrt(a: Vector): Vector {
    return this.#float("sqrt", a);
  }

  abs(a: Vector): Vector {
    return this.#float("abs", a);
  }

  negate(a: Vector): Vector {
    return this.#float("neg", a);
  }

  /** Nearest whole number, halves to even. */
  nearest(a: Vector): Vector {
    return this.#float("nearest", a);
  }

  /** b < a ? b : a, one instruction where IEEE minimum takes five; NaN in `a` stays. */
  least(a: Vector, b: Vector): Vector {
    return this.#float("pmin", a, b);
  }

  /** a < b ? b : a; NaN in `a` stays. */
  greatest(a: Vector, b: Vector): Vector {
    return this.#float("pmax", a, b);
  }

  /** Comparisons give lanes of ones or zeros. */
  less(a: Vector, b: Vector): Vector {
    return this.#float("lt", a, b);
  }

  lessEqual(a: Vector, b: Vector): Vector {
    return this.#float("le", a, b);
  }

  equal(a: Vector, b: Vector): Vector {
    return this.#float("eq", a, b);
  }

  notEqual(a: Vector, b: Vector): Vector {
    return this.#float("ne", a, b);
  }

  and(a: Vector, b: Vector): Vector {
    return this.#apply("v128.and", a, b);
  }

  /** a and not b. */
  andNot(a: Vector, b: Vector): Vector {
    return this.#apply("v128.andnot", a, b);
  }

  or(a: Vector, b: Vector): Vector {
    return this.#apply("v128.or", a, b);
  }

  xor(a: Vector, b: Vector): Vector {
    return this.#apply("v128.xor", a, b);
  }

  not(a: Vector): Vector {
    return this.#apply("v128.not", a);
  }

  /** mask ? a : b, bit by bit. */
  select(mask: Vector, a: Vector, b: Vector): Vector {
    return this.#apply("v128.bitselect", a, b, mask);
  }

  /** Lanes as whole numbers of their width. */
  addWhole(a: Vector, b: Vector): Vector {
    return this.#whole("add", a, b);
  }

  subtractWhole(a: Vector, b: Vector): Vector {
    return this.#whole("sub", a, b);
  }

  shiftLeft(a: Vector, bits: number): Vector {
    return this.#whole("shl", a, () => this.code.i32Const(bits));
  }

  /** Fills with zeros. */
  shiftRight(a: Vector, bits: number): Vector {
    return this.#whole("shr_u", a, () => this.code.i32Const(bits));
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

  /** Four f32 lanes as two pairs of f64 lanes. */
  toDoubles(x: Vector): Vector[] {
    const promoted = (half: Vector): Vector => this.#apply("f64x2.promote_low_f32x4", half);
    const upper = () => {
      x();
      x();
      this.code.shuffle(UPPER_HALF);
    };
    return [promoted(x), promoted(upper)];
  }

  /** Two pairs of f64 lanes, rounded to four f32 lanes. */
  fromDoubles([low, high]: Vector[]): Vector {
    return () => {
      low();
      this.code.op("f32x4.demote_f64x2_zero");
      high();
      this.code.op("f32x4.demote_f64x2_zero").shuffle(LOWER_HALVES);
    };
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

  /** Forgets the constants that `body` loads, for it may not run. */
  #branch(body: () => void): void {
    const before = [...this.#loaded.keys()];
    body();
    for (const key of this.#loaded.keys()) if (!before.includes(key)) this.#loaded.delete(key);
  }

  #float(name: string, ...operands: Vector[]): Vector {
    return this.#apply(`${this.format.shape}.${name}` as Opcode, ...operands);
  }

  #whole(name: string, ...operands: Vector[]): Vector {
    return this.#apply(`${this.format.whole}.${name}` as Opcode, ...operands);
  }

  #apply(name: Opcode, ...operands: Vector[]): Vector {
    return () => {
      for (const operand of operands) operand();
      this.code.op(name);
    };
  }
}

/** Bit pattern of a number in the given format. */
export function floatBits(x: number, precision: Precision): bigint {
  const view = new DataView(new ArrayBuffer(8));
  if (precision === "f64") view.setFloat64(0, x, true);
  else view.setFloat32(0, x, true);
  return view.getBigUint64(0, true);
}

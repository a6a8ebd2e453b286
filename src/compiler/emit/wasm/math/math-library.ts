/**
 * @file Elementary functions of vectors (two f64 or four f32 lanes), added to a module when first asked for. Results
 * obey IEEE 754 and C99 at zeros, infinities, NaN and subnormal numbers, and in double precision are the very bits
 * of core's scalar functions. A lane's result never depends on the other lanes.
 */

import type { FunctionBuilder, FunctionHandle, ValueType } from "../function-builder.ts";
import type { ModuleBuilder } from "../module-builder.ts";
import { ConstantTable, type Precision } from "./constant-table.ts";
import { exp, expm1, exprel, sigmoid, tanh } from "./exponential.ts";
import { acos, asin, atan } from "./inverse-trigonometric.ts";
import { addDigitOfInversePi, addLargeAngle, largeAngleOfLanes } from "./large-angle.ts";
import { log, log1p } from "./logarithm.ts";
import { pow } from "./power.ts";
import { cos, sin } from "./trigonometric.ts";
import { type Vector, VectorCode } from "./vector-code.ts";

export { CONSTANTS_BYTES, type Precision } from "./constant-table.ts";

/** Bounds of the error of each function in units in the last place, over all arguments. */
export const ACCURACY_ULP = {
  exp: { f64: 0.9, f32: 1 },
  expm1: { f64: 1.7, f32: 1.7 },
  exprel: { f64: 1.9, f32: 2 },
  log: { f64: 0.9, f32: 0.9 },
  log1p: { f64: 0.95, f32: 1 },
  sigmoid: { f64: 2.4, f32: 2.4 },
  tanh: { f64: 1.7, f32: 1.7 },
  sin: { f64: 1.9, f32: 0.6 },
  cos: { f64: 1.9, f32: 0.6 },
  atan: { f64: 1.9, f32: 2 },
  asin: { f64: 2.5, f32: 3 },
  acos: { f64: 2.5, f32: 2.7 },
  pow: { f64: 1.1, f32: 0.6 },
} as const satisfies Record<string, Record<Precision, number>>;

/** exprel(x) = (e^x − 1) / x, sigmoid(x) = 1 / (1 + e^−x); angles in radians. */
export type MathFunction = keyof typeof ACCURACY_ULP;

/** The functions of one precision in one module. */
export class MathLibrary {
  readonly precision: Precision;
  readonly #module: ModuleBuilder;
  readonly #constants: ConstantTable;
  readonly #handles = new Map<string, FunctionHandle>();

  /**
   * @param options.constantsAddress - Start of `CONSTANTS_BYTES` of the imported memory, a multiple of 16 [bytes], for
   *   a table of constants, which makes the functions about a fifth faster; one library per table. Default: no table.
   * @throws CajalError `bad-address`.
   */
  constructor(module: ModuleBuilder, precision: Precision, options: { constantsAddress?: number } = {}) {
    this.#module = module;
    this.precision = precision;
    this.#constants = new ConstantTable(module, options.constantsAddress);
  }

  /** The function, (v128) → v128, or for `pow` (base: v128, exponent: v128) → v128. */
  require(name: MathFunction): FunctionHandle {
    return this.#once(`${name}-${this.precision}`, (key) => {
      const parameters: ValueType[] = name === "pow" ? ["v128", "v128"] : ["v128"];
      return this.#module.addFunction(key, { parameters, results: ["v128"] }, (code) => {
        const v = this.vector(code);
        const [x, y] = parameters.map((_, i) => v.read(code.parameter(i)));
        this.#expression(name, v, x, y)();
      });
    });
  }

  /**
   * Vector arithmetic for a function of one's own, with this library's precision and constants. For straight-line
   * code: a constant is loaded where it is first used, so code that may not run belongs in `when` or `ifAny`.
   */
  vector(code: FunctionBuilder): VectorCode {
    return new VectorCode(code, this.precision, this.#constants);
  }

  #expression(name: MathFunction, v: VectorCode, x: Vector, y: Vector): Vector {
    switch (name) {
      case "pow":
        return pow(v, x, y);
      case "sin":
        return sin(
          v,
          x,
          largeAngleOfLanes(v.code, () => this.#largeAngle(false)),
        );
      case "cos":
        return cos(
          v,
          x,
          largeAngleOfLanes(v.code, () => this.#largeAngle(true)),
        );
      default:
        return UNARY[name](v, x);
    }
  }

  #largeAngle(half: boolean): FunctionHandle {
    const digit = this.#once("digit-of-inverse-pi", () => addDigitOfInversePi(this.#module));
    return this.#once(`large-angle-${half}`, () =>
      addLargeAngle(this.#module, (code) => this.vector(code).as("f64"), { half, digit }),
    );
  }

  #once(key: string, add: (key: string) => FunctionHandle): FunctionHandle {
    const handle = this.#handles.get(key) ?? add(key);
    this.#handles.set(key, handle);
    return handle;
  }
}

// Implementation

const UNARY = { exp, expm1, exprel, sigmoid, tanh, log, log1p, atan, asin, acos };

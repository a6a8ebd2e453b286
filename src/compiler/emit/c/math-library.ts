/**
 * @file Elementary functions of C vectors, printed when first asked for. They are the formulas of the WebAssembly
 * library, operation by operation, so every lane has the same bits.
 */

import { exp, expm1, exprel, sigmoid, tanh } from "../wasm/math/exponential.ts";
import { acos, asin, atan } from "../wasm/math/inverse-trigonometric.ts";
import { log, log1p } from "../wasm/math/logarithm.ts";
import type { MathFunction, Precision } from "../wasm/math/math-library.ts";
import { pow } from "../wasm/math/power.ts";
import { cos, sin } from "../wasm/math/trigonometric.ts";
import type { Vector } from "../wasm/math/vector-expressions.ts";
import { largeAngleCall, printLargeAngle, printLargeAngles } from "./large-angle.ts";
import { CBody, CVectorCode } from "./vector-code.ts";
import { type VectorBytes, vectorType } from "./vector-types.ts";

/** The functions one source needs. */
export class CMathLibrary {
  readonly #printed = new Map<string, string>();

  /** Name of the function of vectors of a type: one vector, for `pow` two, to one. */
  require(name: MathFunction, precision: Precision, bytes: VectorBytes): string {
    const { name: type } = vectorType(precision, bytes);
    const full = `${name}_${type}`;
    this.#once(full, () => this.#print(name, precision, bytes));
    return full;
  }

  /** What a function makes of vectors. @param open - Its formula, if it is short, not a call. */
  apply(
    v: CVectorCode,
    name: MathFunction,
    { operands, open }: { operands: Vector[]; open: boolean },
  ): Vector {
    if (open && SHORT.has(name)) {
      const kept = operands.map((operand) => v.keep(operand));
      return formula(name, v, kept);
    }
    this.require(name, v.precision, v.type.bytes);
    return v.call(name, ...operands);
  }

  /** Source of all functions asked for, every one after those it calls. */
  get source(): string {
    return [...this.#printed.values()].join("\n");
  }

  #print(name: MathFunction, precision: Precision, bytes: VectorBytes): string {
    if (name === "sin" || name === "cos") {
      const doubles = vectorType("f64", bytes);
      this.#once("large_angle", printLargeAngle);
      this.#once(`large_angles_${doubles.name}`, () => printLargeAngles(doubles));
    }
    const body = new CBody();
    const v = new CVectorCode(body, precision, bytes);
    const result = body.text(formula(name, v, [v.read("x"), v.read("y")]));
    const { name: type } = v.type;
    const parameters = name === "pow" ? `${type} x, ${type} y` : `${type} x`;
    const lines = [...body.lines, `return ${result};`].map((line) => `  ${line}`);
    return `static inline ${type} ${name}_${type}(${parameters}) {\n${lines.join("\n")}\n}\n`;
  }

  #once(key: string, print: () => string): void {
    if (this.#printed.has(key)) return;
    const text = print();
    this.#printed.set(key, text);
  }
}

// Implementation

/** Functions without branches, of few steps. */
const SHORT: ReadonlySet<MathFunction> = new Set<MathFunction>(["tanh", "expm1", "exprel"]);

const UNARY = { exp, expm1, exprel, sigmoid, tanh, log, log1p, atan, asin, acos };

function formula(name: MathFunction, v: CVectorCode, [x, y]: readonly Vector[]): Vector {
  if (name === "pow") return pow(v, x, y);
  if (name === "sin") return sin(v, x, largeAngleCall(0));
  if (name === "cos") return cos(v, x, largeAngleCall(1));
  return UNARY[name](v, x);
}

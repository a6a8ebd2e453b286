/** @file Vector arithmetic as WebAssembly: an expression is a function that pushes one v128. */

import { FunctionBuilder, type Local } from "../function-builder.ts";
import type { Opcode } from "../opcodes.ts";
import type { ConstantTable, Precision } from "./constant-table.ts";
import {
  type BitOperation,
  type FloatOperation,
  type Variable,
  type Vector,
  VectorExpressions,
} from "./vector-expressions.ts";

export { FORMATS, floatBits, type Variable, type Vector } from "./vector-expressions.ts";

/** Byte choices of `i8x16.shuffle`. */
const UPPER_HALF = [8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15];
const LOWER_HALVES = [0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23];

/** Expressions over vectors of one precision: two f64 or four f32 lanes. */
export class VectorCode extends VectorExpressions {
  readonly code: FunctionBuilder;
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
    super(precision);
    this.code = code;
    this.#constants = constants;
    this.#loaded = loaded;
  }

  override as(precision: Precision): VectorCode {
    return new VectorCode(this.code, precision, this.#constants, this.#loaded);
  }

  read(local: Local): Vector {
    return () => this.code.get(local);
  }

  override variable(value: Vector): Variable {
    const local = this.code.local("v128");
    const set = (next: Vector) => {
      next();
      this.code.set(local);
    };
    set(value);
    return { value: this.read(local), set };
  }

  override ifAny(mask: Vector, some: () => Vector, none: () => Vector): Vector {
    return () => {
      mask();
      this.code.op("v128.any_true").if(
        () => this.#branch(() => some()()),
        () => this.#branch(() => none()()),
        "v128",
      );
    };
  }

  override when(mask: Vector, body: () => void): void {
    mask();
    this.code.op("v128.any_true").if(() => this.#branch(body));
  }

  override bits(pattern: bigint): Vector {
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

  override toDoubles(x: Vector): Vector[] {
    const promoted = (half: Vector): Vector => this.#apply("f64x2.promote_low_f32x4", half);
    const upper = () => {
      x();
      x();
      this.code.shuffle(UPPER_HALF);
    };
    return [promoted(x), promoted(upper)];
  }

  override fromDoubles([low, high]: Vector[]): Vector {
    return () => {
      low();
      this.code.op("f32x4.demote_f64x2_zero");
      high();
      this.code.op("f32x4.demote_f64x2_zero").shuffle(LOWER_HALVES);
    };
  }

  /** Loads here, once, the constants of what `body` writes: it is written to nowhere to see which they are. */
  preload(body: (dry: VectorCode) => void): void {
    const used = new Map(this.#loaded);
    body(new VectorCode(new FunctionBuilder([]), this.precision, this.#constants, used));
    for (const key of used.keys()) {
      if (this.#loaded.has(key)) continue;
      const [precision, pattern] = key.split(" ");
      this.as(precision as Precision).bits(BigInt(pattern))();
      this.code.drop();
    }
  }

  /** Forgets the constants that `body` loads, for it may not run. */
  #branch(body: () => void): void {
    const before = [...this.#loaded.keys()];
    body();
    for (const key of this.#loaded.keys()) if (!before.includes(key)) this.#loaded.delete(key);
  }

  protected override float(name: FloatOperation, ...operands: Vector[]): Vector {
    return this.#apply(`${this.format.shape}.${name}` as Opcode, ...operands);
  }

  protected override whole(name: "add" | "sub", ...operands: Vector[]): Vector {
    return this.#apply(`${this.format.whole}.${name}` as Opcode, ...operands);
  }

  protected override shift(name: "shl" | "shr_u", a: Vector, bits: number): Vector {
    return this.#apply(`${this.format.whole}.${name}` as Opcode, a, () => this.code.i32Const(bits));
  }

  protected override bitwise(name: BitOperation, ...operands: Vector[]): Vector {
    return this.#apply(`v128.${name}` as Opcode, ...operands);
  }

  #apply(name: Opcode, ...operands: Vector[]): Vector {
    return () => {
      for (const operand of operands) operand();
      this.code.op(name);
    };
  }
}

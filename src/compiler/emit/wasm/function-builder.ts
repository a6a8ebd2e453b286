/**
 * @file Writes the body of one WebAssembly function, instruction by instruction. It does not check types or stack:
 * `WebAssembly.validate` does, and the tests call it.
 */

import { signedLeb128, signedLeb128Of64, unsignedLeb128 } from "./leb128.ts";
import { OPCODES, type Opcode } from "./opcodes.ts";

/** Type of a value on the stack or in a local. */
export type ValueType = "i32" | "i64" | "f32" | "f64" | "v128";

/** Bytes of the value types, and of an empty block. */
export const VALUE_TYPES: Readonly<Record<ValueType | "none", number>> = {
  i32: 0x7f,
  i64: 0x7e,
  f32: 0x7d,
  f64: 0x7c,
  v128: 0x7b,
  none: 0x40,
};

/** A parameter or local variable of the function being built. */
export interface Local {
  readonly index: number;
  readonly type: ValueType;
}

/** A function of the module, to be called from others. */
export interface FunctionHandle {
  /** Position in the function index space. */
  readonly index: number;
  readonly name: string;
}

/** Instructions of one function; every method appends and returns `this`. */
export class FunctionBuilder {
  readonly #parameters: readonly ValueType[];
  readonly #locals: ValueType[] = [];
  readonly #code: number[] = [];

  constructor(parameters: readonly ValueType[]) {
    this.#parameters = parameters;
  }

  /** Parameter by position, from 0. */
  parameter(index: number): Local {
    return { index, type: this.#parameters[index] };
  }

  /** A new local variable, zero at entry. */
  local(type: ValueType): Local {
    this.#locals.push(type);
    return { index: this.#parameters.length + this.#locals.length - 1, type };
  }

  get(local: Local): this {
    return this.#emit("local.get", unsignedLeb128(local.index));
  }

  set(local: Local): this {
    return this.#emit("local.set", unsignedLeb128(local.index));
  }

  tee(local: Local): this {
    return this.#emit("local.tee", unsignedLeb128(local.index));
  }

  /** A 32-bit whole number, signed or unsigned. */
  i32Const(n: number): this {
    return this.#emit("i32.const", signedLeb128(n));
  }

  /** A 64-bit whole number, signed or unsigned. */
  i64Const(n: bigint): this {
    return this.#emit("i64.const", signedLeb128Of64(n));
  }

  f32Const(x: number): this {
    return this.#emit(
      "f32.const",
      littleEndian(4, (view) => view.setFloat32(0, x, true)),
    );
  }

  f64Const(x: number): this {
    return this.#emit(
      "f64.const",
      littleEndian(8, (view) => view.setFloat64(0, x, true)),
    );
  }

  /** Sixteen bytes, lane 0 first. */
  v128Const(bytes: Uint8Array): this {
    return this.#emit("v128.const", bytes);
  }

  /** Two equal f64 lanes. */
  f64x2Const(x: number): this {
    return this.v128Const(
      littleEndian(16, (view) => {
        view.setFloat64(0, x, true);
        view.setFloat64(8, x, true);
      }),
    );
  }

  /** Four equal f32 lanes. */
  f32x4Const(x: number): this {
    return this.v128Const(
      littleEndian(16, (view) => {
        for (let lane = 0; lane < 4; lane++) view.setFloat32(4 * lane, x, true);
      }),
    );
  }

  /** Four equal i32 lanes, signed or unsigned. */
  i32x4Const(n: number): this {
    return this.v128Const(
      littleEndian(16, (view) => {
        for (let lane = 0; lane < 4; lane++) view.setInt32(4 * lane, n, true);
      }),
    );
  }

  /** Two equal i64 lanes, signed or unsigned. */
  i64x2Const(n: bigint): this {
    return this.v128Const(
      littleEndian(16, (view) => {
        view.setBigInt64(0, n, true);
        view.setBigInt64(8, n, true);
      }),
    );
  }

  /** An instruction without immediates. */
  op(name: Opcode): this {
    return this.#emit(name);
  }

  /** `extract_lane` or `replace_lane`. */
  lane(name: Opcode, lane: number): this {
    return this.#emit(name, [lane]);
  }

  /** `i8x16.shuffle`: sixteen byte numbers, 0–15 of the first operand, 16–31 of the second. */
  shuffle(lanes: ArrayLike<number>): this {
    return this.#emit("i8x16.shuffle", lanes);
  }

  /** A load: address on the stack, plus a constant offset [bytes]. */
  load(name: Opcode, offset = 0): this {
    return this.#emit(name, [0, ...unsignedLeb128(offset)]);
  }

  /** A store: address and value on the stack, plus a constant offset [bytes]. */
  store(name: Opcode, offset = 0): this {
    return this.#emit(name, [0, ...unsignedLeb128(offset)]);
  }

  /** `v128.loadN_lane`: address and vector on the stack. */
  loadLane(name: Opcode, lane: number, offset = 0): this {
    return this.#emit(name, [0, ...unsignedLeb128(offset), lane]);
  }

  /** `v128.storeN_lane`: address and vector on the stack. */
  storeLane(name: Opcode, lane: number, offset = 0): this {
    return this.loadLane(name, lane, offset);
  }

  /** Destination, source and length [bytes] on the stack. */
  memoryCopy(): this {
    return this.#emit("memory.copy", [0, 0]);
  }

  /** Destination, byte value and length [bytes] on the stack. */
  memoryFill(): this {
    return this.#emit("memory.fill", [0]);
  }

  memorySize(): this {
    return this.#emit("memory.size", [0]);
  }

  memoryGrow(): this {
    return this.#emit("memory.grow", [0]);
  }

  /** A branch to it leaves it. */
  block(body: (code: this) => void): this {
    this.#emit("block", [VALUE_TYPES.none]);
    body(this);
    return this.#emit("end");
  }

  /** A branch to it begins it again; without one it ends. */
  loop(body: (code: this) => void): this {
    this.#emit("loop", [VALUE_TYPES.none]);
    body(this);
    return this.#emit("end");
  }

  /** Takes the condition (i32) from the stack; a `result` needs both branches to leave one. */
  if(body: (code: this) => void, otherwise?: (code: this) => void, result?: ValueType): this {
    this.#emit("if", [VALUE_TYPES[result ?? "none"]]);
    body(this);
    if (otherwise) {
      this.#emit("else");
      otherwise(this);
    }
    return this.#emit("end");
  }

  /** Branch to an enclosing block, loop or if; 0 is the innermost. */
  br(depth: number): this {
    return this.#emit("br", unsignedLeb128(depth));
  }

  /** The same where the condition (i32) on the stack is not 0. */
  brIf(depth: number): this {
    return this.#emit("br_if", unsignedLeb128(depth));
  }

  call(f: FunctionHandle): this {
    return this.#emit("call", unsignedLeb128(f.index));
  }

  return(): this {
    return this.#emit("return");
  }

  select(): this {
    return this.#emit("select");
  }

  drop(): this {
    return this.#emit("drop");
  }

  /** Entry of the code section, without its length: local declarations, instructions, end. */
  toBytes(): number[] {
    const runs: [count: number, type: ValueType][] = [];
    for (const type of this.#locals) {
      const last = runs.at(-1);
      if (last?.[1] === type) last[0]++;
      else runs.push([1, type]);
    }
    const bytes = unsignedLeb128(runs.length);
    for (const [count, type] of runs) bytes.push(...unsignedLeb128(count), VALUE_TYPES[type]);
    // A loop, since spreading a long body overflows the stack of the engine.
    for (const byte of this.#code) bytes.push(byte);
    bytes.push(OPCODES.end[0]);
    return bytes;
  }

  #emit(name: Opcode, immediates: ArrayLike<number> = []): this {
    for (const byte of OPCODES[name]) this.#code.push(byte);
    for (let i = 0; i < immediates.length; i++) this.#code.push(immediates[i]);
    return this;
  }
}

/**
 * for (counter = 0; counter < count; counter += step) body. The body may branch to depth 1 to leave.
 *
 * @param counter - An i32 local; holds the first multiple of `step` that is not below `count` afterwards.
 * @param count - An i32 local or a constant, signed.
 */
export function countLoop(
  code: FunctionBuilder,
  counter: Local,
  count: Local | number,
  step: number,
  body: (code: FunctionBuilder) => void,
): void {
  const pushCount = () => (typeof count === "number" ? code.i32Const(count) : code.get(count));
  code.i32Const(0).set(counter);
  code.block(() => {
    code.get(counter);
    pushCount().op("i32.ge_s").brIf(0);
    code.loop(() => {
      body(code);
      code.get(counter).i32Const(step).op("i32.add").tee(counter);
      pushCount().op("i32.lt_s").brIf(0);
    });
  });
}

// Implementation

function littleEndian(length: number, write: (view: DataView) => void): Uint8Array {
  const bytes = new Uint8Array(length);
  write(new DataView(bytes.buffer));
  return bytes;
}

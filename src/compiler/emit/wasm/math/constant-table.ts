/**
 * @file Vector constants of the kernels: as immediates, which need no memory, or loaded from a table in linear memory,
 * which makes a function about a fifth faster since the engine builds an immediate from two 64-bit moves each time it meets one.
 */

import { CajalError } from "../../../../core/index.ts";
import type { FunctionBuilder } from "../function-builder.ts";
import type { ModuleBuilder } from "../module-builder.ts";

/** Number format of the lanes: two f64 or four f32. */
export type Precision = "f64" | "f32";

/** Room to reserve at `constantsAddress` [bytes]. */
export const CONSTANTS_BYTES = 8192;

/** Pushes vectors with equal lanes; equal ones share a place in the table. */
export class ConstantTable {
  readonly #module: ModuleBuilder;
  readonly #address: number | undefined;
  readonly #places = new Map<string, number>();

  /**
   * @param address - Start of `CONSTANTS_BYTES` of memory that nothing else uses, a multiple of 16 [bytes];
   *   without it constants are immediates.
   * @throws CajalError `bad-address`.
   */
  constructor(module: ModuleBuilder, address?: number) {
    if (address !== undefined && (!Number.isSafeInteger(address) || address < 0 || address % 16 !== 0)) {
      throw new CajalError(`constantsAddress must be a multiple of 16 and not negative, got ${address}`, {
        code: "bad-address",
        where: "MathLibrary",
        hint: "Round it up to the next multiple of 16.",
      });
    }
    this.#module = module;
    this.#address = address;
  }

  /** The bit pattern in every lane. */
  push(code: FunctionBuilder, precision: Precision, pattern: bigint): void {
    const bytes = repeated(precision, pattern);
    if (this.#address === undefined) code.v128Const(bytes);
    else code.i32Const(0).load("v128.load", this.#place(bytes, this.#address));
  }

  #place(bytes: Uint8Array, address: number): number {
    const key = bytes.join();
    const known = this.#places.get(key);
    if (known !== undefined) return known;
    const place = address + 16 * this.#places.size;
    if (place + 16 > address + CONSTANTS_BYTES) {
      throw new CajalError(`more constants than fit in ${CONSTANTS_BYTES} bytes`, {
        code: "too-many-constants",
        where: "MathLibrary",
        hint: "Use one library for each precision, or leave out constantsAddress.",
      });
    }
    this.#places.set(key, place);
    this.#module.data(place, bytes);
    return place;
  }
}

// Implementation

function repeated(precision: Precision, pattern: bigint): Uint8Array {
  const width = precision === "f64" ? 8 : 4;
  const view = new DataView(new ArrayBuffer(16));
  for (let at = 0; at < 16; at += width) {
    if (width === 8) view.setBigUint64(at, pattern, true);
    else view.setUint32(at, Number(pattern), true);
  }
  return new Uint8Array(view.buffer);
}

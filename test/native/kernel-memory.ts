/** @file Kernels printed as C on arrays of a test's own. */

import { printVectorTypes, type VectorBytes } from "../../src/compiler/index.ts";
import type { Rng } from "../../src/core/index.ts";
import type { NativeLoader } from "../../src/engine/index.ts";
import { type FloatArray, floatArray, type Precision } from "../../src/engine/kernels/index.ts";

/** Arrays one after another in one memory, and what they hold after a run. */
export class Memory {
  readonly bytes = new Uint8Array(2 ** 23);
  #end = 64;

  place(values: Int32Array | Uint32Array | FloatArray): number {
    const address = this.#end;
    this.bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), address);
    this.#end = 64 * Math.ceil((address + values.byteLength + 1) / 64);
    return address;
  }

  read(precision: Precision, address: number, length: number): FloatArray {
    const Floats = precision === "f64" ? Float64Array : Float32Array;
    return new Floats(this.bytes.buffer, address, length);
  }
}

/** Numbers of a normal distribution. */
export const random = (precision: Precision, length: number, rng: Rng) =>
  floatArray(
    precision,
    Float64Array.from({ length }, () => rng.normal()),
  );

/** Relative error of a sum of some hundred products. */
export const tolerance = (precision: Precision) => (precision === "f64" ? 1e-12 : 2e-5);

/** Largest error, of numbers below 1 absolute. */
export function worst(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let largest = 0;
  for (let k = 0; k < b.length; k++) {
    const error = Math.abs(a[k] - b[k]) / (1 + Math.abs(b[k]));
    largest = Math.max(largest, Number.isNaN(error) ? Infinity : error);
  }
  return largest;
}

/** A kernel, called with C expressions of the memory `m` and the table `a`. */
export function compileKernel(
  loader: NativeLoader,
  { kernel, call, widest }: { kernel: string; call: string; widest: VectorBytes },
): (memory: Memory, table: readonly number[]) => void {
  const run = `int32_t run(char *m, const uint32_t *a) { ${call}; return 0; }\n`;
  const compiled = loader.compile(`${printVectorTypes(widest)}\n${kernel}\n${run}`, ["run"]);
  if (!Array.isArray(compiled)) throw new Error(compiled.reason);
  return (memory, table) => void compiled[0](memory.bytes, Uint32Array.from(table));
}

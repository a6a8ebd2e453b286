/**
 * @file For the tests of the kernels: compile one, put arrays into memory, make matrices with awkward values.
 */

import { type FunctionHandle, ModuleBuilder } from "../../compiler/index.ts";
import { createRng, type DenseMatrix, dense } from "../../core/index.ts";
import type { FloatArray, Precision } from "./options.ts";

type Arrays = (FloatArray | Int32Array)[];

/** A kernel on plain arrays: the first is the output and is read back, the numbers follow the pointers. */
export type CompiledKernel = (arrays: Arrays, ...counts: number[]) => FloatArray;

/**
 * Compile a kernel. Calls put the arrays one behind another with a guard of a strange byte around each and throw
 * when a guard, or an array that is not the output, changed.
 */
export function compile(add: (module: ModuleBuilder) => FunctionHandle): CompiledKernel {
  const memory = new WebAssembly.Memory({ initial: 16 });
  const builder = new ModuleBuilder();
  builder.importMemory("cajal", "memory");
  const { name } = add(builder);
  const module = new WebAssembly.Module(builder.toBytes() as BufferSource);
  const kernel = new WebAssembly.Instance(module, { cajal: { memory } }).exports[name] as (
    ...values: number[]
  ) => void;
  return (arrays, ...counts) => {
    let end = guard;
    const pointers = arrays.map((array) => {
      const start = end;
      end = Math.ceil((start + array.byteLength + guard) / 16) * 16;
      return start;
    });
    const bytes = new Uint8Array(memory.buffer, 0, end).fill(0xa5);
    arrays.forEach((array, k) => {
      bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), pointers[k]);
    });
    const before = bytes.slice();
    kernel(...pointers, ...counts);
    const outEnd = pointers[0] + arrays[0].byteLength;
    for (let k = 0; k < end; k++) {
      const inside = k >= pointers[0] && k < outEnd;
      if (!inside && bytes[k] !== before[k])
        throw new Error(`byte ${k - pointers[0]} from the output changed`);
    }
    return arrays[0] instanceof Float64Array
      ? new Float64Array(memory.buffer.slice(pointers[0], outEnd))
      : new Float32Array(memory.buffer.slice(pointers[0], outEnd));
  };
}

/** Bytes around each array. */
const guard = 64;

/** Random matrix with so large a share of entries that are not 0. */
export function randomMatrix(
  rows: number,
  columns: number,
  { density, seed }: { density: number; seed: number },
): DenseMatrix {
  const rng = createRng(seed).stream("matrix");
  const values = Array.from({ length: rows * columns }, () => (rng.uniform() < density ? rng.normal() : 0));
  return dense(rows, columns, values);
}

/** Normal values, some of them ±0, subnormal, huge; with `wild` also NaN and ±Infinity. */
export function randomStates(
  precision: Precision,
  length: number,
  { seed, wild = false }: { seed: number; wild?: boolean },
): FloatArray {
  const rng = createRng(seed).stream("states");
  const odd = [0, -0, 1e-310, -1e-42, 1e30, ...(wild ? [NaN, Infinity, -Infinity] : [])];
  const values = Array.from({ length }, () =>
    rng.uniform() < 0.1 ? odd[rng.integer(odd.length)] : rng.normal(),
  );
  return precision === "f64" ? Float64Array.from(values) : Float32Array.from(values);
}

/** One instance of an array `(neuron, instance)`, padded with zeros to a multiple of 16 neurons. */
export function oneInstance(x: FloatArray, stride: number, instance: number): FloatArray {
  const neurons = x.length / stride;
  const out = new (x.constructor as typeof Float64Array)(Math.ceil(neurons / 16) * 16);
  for (let i = 0; i < neurons; i++) out[i] = x[i * stride + instance];
  return out;
}

/** @file Runs the random numbers of the kernels for tests. */

import { MathLibrary } from "./math/math-library.ts";
import { ModuleBuilder } from "./module-builder.ts";
import { addRandomFill, type RandomFillOptions } from "./random-fill.ts";

/** One call of the kernel. */
export interface Draw extends RandomFillOptions {
  units: number;
  /** Low words, then high words. */
  keys: number[];
  step: [low: number, high: number];
}

/** Fills a fresh memory and returns all of the array, padding included, and the four elements beyond. */
export function fill({ precision, distribution, units, keys, step }: Draw): Float64Array | Float32Array {
  const module = new ModuleBuilder();
  module.importMemory("env", "memory");
  const math = new MathLibrary(module, precision, { constantsAddress: 1024 });
  const { name } = addRandomFill(module, math, { precision, distribution });
  const stride = keys.length / 2;
  const length = Math.ceil((units * stride) / 4) * 4 + 4;
  const memory = new WebAssembly.Memory({ initial: Math.ceil((OUT + 8 * length) / 65536) });
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(module.toBytes() as BufferSource), {
    env: { memory },
  });
  new Uint32Array(memory.buffer, KEYS, keys.length).set(keys);
  (exports[name] as (...args: number[]) => void)(OUT, units, stride, KEYS, ...step);
  const FloatArray = precision === "f64" ? Float64Array : Float32Array;
  return new FloatArray(memory.buffer, OUT, length);
}

// Implementation

const OUT = 65536;
const KEYS = 16384;

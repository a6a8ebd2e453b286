/** @file Runs functions of the vector math library on arrays, for tests. */

import { countLoop } from "../../function-builder.ts";
import { ModuleBuilder } from "../../module-builder.ts";
import { ACCURACY_ULP, type MathFunction, MathLibrary, type Precision } from "../math-library.ts";

/** All functions of the library. */
export const MATH_FUNCTIONS = Object.keys(ACCURACY_ULP) as MathFunction[];

/** Applies a function to every x (and y), which the precision first rounds. */
export type Apply = (name: MathFunction, x: ArrayLike<number>, y?: ArrayLike<number>) => number[];

/** A module with all functions of one precision. */
export function instantiateLibrary(precision: Precision, options: { constantsAddress?: number } = {}): Apply {
  const module = new ModuleBuilder();
  module.importMemory("env", "memory", { minimumPages: 1 });
  const library = new MathLibrary(module, precision, options);
  for (const name of MATH_FUNCTIONS) addLoop(module, library, name);
  const memory = new WebAssembly.Memory({ initial: 1 + (3 * CAPACITY) / 65_536 });
  const instance = new WebAssembly.Instance(new WebAssembly.Module(module.toBytes() as BufferSource), {
    env: { memory },
  });
  const array = (slot: number) => {
    const start = 65_536 + slot * CAPACITY;
    return precision === "f64"
      ? new Float64Array(memory.buffer, start, CAPACITY / 8)
      : new Float32Array(memory.buffer, start, CAPACITY / 4);
  };
  return (name, x, y = []) => {
    const [a, b, out] = [array(0), array(1), array(2)];
    if (x.length > a.length) throw new RangeError(`at most ${a.length} arguments at once`);
    a.fill(0).set(x);
    b.fill(0).set(y);
    const run = instance.exports[name] as (...addresses: number[]) => void;
    run(a.byteOffset, b.byteOffset, out.byteOffset, Math.ceil((x.length * a.BYTES_PER_ELEMENT) / 16) * 16);
    return [...out.subarray(0, x.length)];
  };
}

// Implementation

/** Bytes of each array. */
const CAPACITY = 1 << 20;

/** Exports (a, b, out, bytes) → (). */
function addLoop(module: ModuleBuilder, library: MathLibrary, name: MathFunction): void {
  const handle = library.require(name);
  const parameters = ["i32", "i32", "i32", "i32"] as const;
  module.addFunction(
    name,
    { parameters: [...parameters], results: [] },
    (code) => {
      const at = code.local("i32");
      const [a, b, out, bytes] = parameters.map((_, i) => code.parameter(i));
      countLoop(code, at, bytes, 16, () => {
        code.get(out).get(at).op("i32.add");
        for (const from of name === "pow" ? [a, b] : [a])
          code.get(from).get(at).op("i32.add").load("v128.load");
        code.call(handle).store("v128.store");
      });
    },
    { exported: true },
  );
}

import { describe, expect, it } from "vitest";
import { MathLibrary, type Precision } from "./math/math-library.ts";
import { ModuleBuilder } from "./module-builder.ts";
import { emitOperation } from "./vector-operations.ts";

const FUNCTIONS = [
  "exp",
  "expm1",
  "exprel",
  "tanh",
  "sigmoid",
  "sin",
  "cos",
  "asin",
  "acos",
  "atan",
] as const;

/** Apply a function as the kernels do, and as the library alone does, to a few numbers. */
function both(name: (typeof FUNCTIONS)[number], precision: Precision, values: number[]) {
  const module = new ModuleBuilder();
  module.importMemory("t", "memory");
  const math = new MathLibrary(module, precision);
  math.require(name);
  const signature = { parameters: ["i32" as const], results: [] };
  module.addFunction(
    "kernel",
    signature,
    (code) => {
      const at = code.parameter(0);
      const scratch = () => code.local("v128");
      code.get(at);
      emitOperation({ code, math, precision, scratch }, name, () => void code.get(at).load("v128.load"));
      code.store("v128.store");
    },
    { exported: true },
  );
  module.addFunction(
    "library",
    signature,
    (code) => {
      const at = code.parameter(0);
      code.get(at).get(at).load("v128.load").call(math.require(name)).store("v128.store");
    },
    { exported: true },
  );
  const memory = new WebAssembly.Memory({ initial: 1 });
  const compiled = new WebAssembly.Module(module.toBytes() as BufferSource);
  const { exports } = new WebAssembly.Instance(compiled, { t: { memory } });
  const FloatArray = precision === "f64" ? Float64Array : Float32Array;
  const run = (kernel: string) => {
    const numbers = new FloatArray(memory.buffer, 0, values.length);
    numbers.set(values);
    for (let at = 0; at < numbers.byteLength; at += 16) (exports[kernel] as (at: number) => void)(at);
    return [...numbers];
  };
  return { kernel: run("kernel"), library: run("library") };
}

describe.each(["f64", "f32"] as const)("emitOperation, %s", (precision) => {
  const edge = precision === "f64" ? 2 ** -54 : 2 ** -25;
  const small = Array.from({ length: 64 }, (_, k) => edge * 2 ** (8 - k * (precision === "f64" ? 16 : 2)));
  const values = [
    0,
    -0,
    NaN,
    Infinity,
    edge,
    -edge,
    edge * 0.999,
    1.5,
    ...small.flatMap((x) => [x, -x * 1.37]),
  ];

  it.each(FUNCTIONS)("%s of a tiny argument has the very bits of the library", (name) => {
    const { kernel, library } = both(name, precision, values);
    expect(kernel).toEqual(library);
  });
});

import { expect, it } from "vitest";
import { instantiateLibrary, MATH_FUNCTIONS } from "../../src/compiler/emit/wasm/math/testing/run-library.ts";
import {
  CMathLibrary,
  type MathFunction,
  type Precision,
  printVectorTypes,
  type VectorBytes,
  vectorType,
} from "../../src/compiler/index.ts";
import { SPECIAL_VALUES, samples } from "../../src/core/elementary/testing/samples.ts";
import type { NativeLoader } from "../../src/engine/index.ts";
import { describeNative } from "./native.ts";

/** A function of arrays of equal length. */
type Elementwise = (x: number[], y: number[]) => number[];

/** Operations of the vector types themselves, with what they are in JavaScript. */
const OPERATIONS: Record<string, (x: number, y: number) => number> = {
  sqrt: Math.sqrt,
  floor: Math.floor,
  ceil: Math.ceil,
  trunc: Math.trunc,
  min: Math.min,
  max: Math.max,
  nearest: (x) => {
    const r = Math.round(x);
    const even = Math.abs(x % 1) === 0.5 && r % 2 !== 0 ? r - 1 : r;
    return even === 0 && (x < 0 || Object.is(x, -0)) ? -0 : even;
  },
};
const BINARY = new Set(["pow", "min", "max"]);

/** All functions of one vector type, compiled in one source. */
function compileFunctions(
  loader: NativeLoader,
  precision: Precision,
  bytes: VectorBytes,
): Record<string, Elementwise> {
  const math = new CMathLibrary();
  const { name: type, lanes } = vectorType(precision, bytes);
  const names = [...MATH_FUNCTIONS, ...Object.keys(OPERATIONS)];
  for (const name of MATH_FUNCTIONS) math.require(name, precision, bytes);
  const load = (at: number) => `load_${type}(m + a[${at}] + i * ${bytes})`;
  const wrappers = names.map(
    (name) => `int32_t call_${name}(char *m, const uint32_t *a) {
  for (uint32_t i = 0; i < a[0]; i++)
    store_${type}(m + a[1] + i * ${bytes}, ${name}_${type}(${load(2)}${BINARY.has(name) ? `, ${load(3)}` : ""}));
  return 0;
}`,
  );
  const source = [printVectorTypes(bytes), math.source, ...wrappers].join("\n");
  const compiled = loader.compile(
    source,
    names.map((name) => `call_${name}`),
  );
  if (!Array.isArray(compiled)) throw new Error(compiled.reason);
  const run = (k: number): Elementwise => {
    return (x, y) => {
      const vectors = Math.ceil(x.length / lanes);
      const memory = new Uint8Array(3 * vectors * bytes);
      const FloatArray = precision === "f64" ? Float64Array : Float32Array;
      const views = [0, 1, 2].map((i) => new FloatArray(memory.buffer, i * vectors * bytes, vectors * lanes));
      views[1].set(x);
      views[2].set(y);
      compiled[k](memory, Uint32Array.of(vectors, 0, vectors * bytes, 2 * vectors * bytes));
      return [...views[0].subarray(0, x.length)];
    };
  };
  return Object.fromEntries(names.map((name, k) => [name, run(k)]));
}

/** Doubles of every exponent and both signs, by a fixed sequence of bit patterns. */
function patterns(count: number): number[] {
  const words = new Uint32Array(2 * count);
  let state = 12345;
  for (let i = 0; i < words.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    words[i] = state ^ (state >>> 15);
  }
  return [...new Float64Array(words.buffer)];
}

function argumentsOf(name: string): [x: number[], y: number[]] {
  const usual = samples(
    (MATH_FUNCTIONS as readonly string[]).includes(name) ? (name as MathFunction) : "exp",
    3000,
  );
  const special = SPECIAL_VALUES.flatMap((x) => SPECIAL_VALUES.map((y) => [x, y] as const));
  const any = patterns(3000);
  const halves = [
    0.5, 1.5, 2.5, -0.5, -1.5, 4503599627370495.5, 4503599627370497, 8388607.5, 0.49999999999999994,
  ];
  const pairs = [
    ...usual,
    ...special,
    ...any.map((x, i) => [x, any[any.length - 1 - i]] as const),
    ...any.map((x, i) => [x, ((i % 977) - 488) / 50] as const),
    ...halves.map((x) => [x, -x] as const),
    // Whole vectors of one kind, which take the short way through branches.
    ...Array.from({ length: 2000 }, (_, i) => [(i - 1000) / 150, i % 7] as const),
  ];
  return [pairs.map(([x]) => x), pairs.map(([, y]) => y)];
}

/** Equal bit for bit, except that any NaN equals another. */
function expectSame(got: number[], wanted: number[], x: number[]): void {
  const at = wanted.findIndex((value, i) => !Object.is(value, got[i]));
  expect([at, x[at], got[at]]).toEqual([-1, undefined, undefined]);
  expect(got.length).toBe(wanted.length);
}

describeNative("elementary functions in C", (loader) => {
  const widths = ([16, 32, 64] as const).filter((bytes) => bytes <= loader.vectorBytes);
  for (const precision of ["f64", "f32"] as const) {
    const wasm = instantiateLibrary(precision, { constantsAddress: 16 });
    for (const bytes of widths) {
      it(`have the bits of the WebAssembly library: ${vectorType(precision, bytes).name}`, () => {
        const functions = compileFunctions(loader, precision, bytes);
        for (const name of MATH_FUNCTIONS) {
          const [x, y] = argumentsOf(name).map((a) => (precision === "f32" ? a.map(Math.fround) : a));
          expectSame(functions[name](x, y), wasm(name, x, y), x);
        }
        for (const [name, operation] of Object.entries(OPERATIONS)) {
          const [x, y] = argumentsOf(name).map((a) => (precision === "f32" ? a.map(Math.fround) : a));
          const wanted = x.map((v, i) => operation(v, y[i]));
          expectSame(functions[name](x, y), precision === "f32" ? wanted.map(Math.fround) : wanted, x);
        }
      });
    }
  }
});

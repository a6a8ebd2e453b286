import { describe, expect, it } from "vitest";
import { cos, log, philox4x32, uniformFromWords } from "../../../core/index.ts";
import { MathLibrary, type Precision } from "./math/math-library.ts";
import { ModuleBuilder } from "./module-builder.ts";
import { addRandomFill } from "./random-fill.ts";

const OUT = 65536;
const KEYS = 16384;

interface Draw {
  precision: Precision;
  distribution: "uniform" | "normal";
  neurons: number;
  /** Low words, then high words. */
  keys: number[];
  step: [low: number, high: number];
}

/** Fills a fresh memory and returns all of the array, padding included. */
function fill({ precision, distribution, neurons, keys, step }: Draw): number[] {
  const module = new ModuleBuilder();
  module.importMemory("env", "memory");
  const math = new MathLibrary(module, precision, { constantsAddress: 1024 });
  const handle = addRandomFill(module, math, { precision, distribution });
  module.addFunction(
    "fill",
    { parameters: ["i32", "i32", "i32", "i32", "i32", "i32"], results: [] },
    (code) => {
      for (let i = 0; i < 6; i++) code.get(code.parameter(i));
      code.call(handle);
    },
    { exported: true },
  );
  const memory = new WebAssembly.Memory({ initial: 64 });
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(module.toBytes() as BufferSource), {
    env: { memory },
  });
  new Uint32Array(memory.buffer, KEYS, keys.length).set(keys);
  const stride = keys.length / 2;
  (exports.fill as (...args: number[]) => void)(OUT, neurons, stride, KEYS, ...step);
  const length = Math.ceil((neurons * stride) / 4) * 4;
  return [
    ...(precision === "f64"
      ? new Float64Array(memory.buffer, OUT, length + 4)
      : new Float32Array(memory.buffer, OUT, length + 4)),
  ];
}

function wordsOf(n: number, b: number, { keys, step }: Draw): Uint32Array {
  const words = Uint32Array.of(n, step[0], step[1], 0);
  philox4x32(words, [keys[b], keys[b + keys.length / 2]]);
  return words;
}

/** Element (n, b) by the scalar formulas of core's streams. */
function expected(n: number, b: number, draw: Draw): number {
  const [w0, w1, w2, w3] = wordsOf(n, b, draw);
  if (draw.precision === "f32") {
    const [u1, u2] = [(w1 >>> 8) / 2 ** 24, (w3 >>> 8) / 2 ** 24];
    return draw.distribution === "uniform" ? u1 : Math.sqrt(-2 * log(1 - u1)) * cos(2 * Math.PI * u2);
  }
  const u1 = uniformFromWords(w0, w1);
  if (draw.distribution === "uniform") return u1;
  return Math.sqrt(-2 * log(1 - u1)) * cos(2 * Math.PI * uniformFromWords(w2, w3));
}

const STEP: [number, number] = [0xfffffff7, 0x80000001];
const ONE_KEY = [0xa4093822, 0x299f31d0];
const MANY_KEYS = [1, 0xffffffff, 3, 4, 0x80000000, 6, 7, 8, 9, 10, 11, 12, 13, 14, 0xfedcba98, 16];
const PRECISIONS: Precision[] = ["f64", "f32"];

describe("philox4x32", () => {
  it.each([
    [
      [0, 0, 0, 0],
      [0, 0],
      [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8],
    ],
    [
      [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
      [0xa4093822, 0x299f31d0],
      [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
    ],
    [
      [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
      [0xffffffff, 0xffffffff],
      [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
    ],
  ])("gives the published answer for counter %j", (counter, key, answer) => {
    const words = Uint32Array.from(counter);
    philox4x32(words, key);
    expect([...words]).toEqual(answer);
  });
});

describe.each(PRECISIONS)("addRandomFill in %s", (precision) => {
  it.each([1, 4, 7, 64])("draws %d uniform numbers from one key as the scalar generator does", (neurons) => {
    const draw: Draw = { precision, distribution: "uniform", neurons, keys: ONE_KEY, step: STEP };
    const numbers = fill(draw);
    for (let n = 0; n < neurons; n++) expect(numbers[n]).toBe(expected(n, 0, draw));
  });

  it("draws uniform numbers from a key for each instance as the scalar generator does", () => {
    const draw: Draw = { precision, distribution: "uniform", neurons: 5, keys: MANY_KEYS, step: STEP };
    const numbers = fill(draw);
    for (let n = 0; n < 5; n++) {
      for (let b = 0; b < 8; b++) expect(numbers[8 * n + b]).toBe(expected(n, b, draw));
    }
  });

  it("draws normal numbers by the scalar formula", () => {
    for (const keys of [ONE_KEY, MANY_KEYS]) {
      const stride = keys.length / 2;
      const draw: Draw = { precision, distribution: "normal", neurons: 1000, keys, step: STEP };
      const numbers = fill(draw);
      for (let n = 0; n < 1000; n++) {
        for (let b = 0; b < stride; b++) {
          const [got, wanted] = [numbers[stride * n + b], expected(n, b, draw)];
          if (precision === "f64") expect(got).toBe(wanted);
          else expect(Math.abs(got - wanted)).toBeLessThan(2e-6); // 2 ulp of a number below 8
        }
      }
    }
  });

  it("writes nothing beyond the next multiple of 4", () => {
    for (const neurons of [1, 4, 6]) {
      const draw: Draw = { precision, distribution: "uniform", neurons, keys: ONE_KEY, step: STEP };
      expect(fill(draw).slice(-4)).toEqual([0, 0, 0, 0]);
    }
  });

  it("draws other numbers at another step and under another key", () => {
    const base: Draw = { precision, distribution: "uniform", neurons: 64, keys: ONE_KEY, step: [1, 0] };
    const seen = new Set(fill(base).slice(0, 64));
    const others: Draw[] = [
      { ...base, step: [2, 0] },
      { ...base, step: [1, 1] },
      { ...base, keys: [ONE_KEY[0] + 1, ONE_KEY[1]] },
      { ...base, keys: [ONE_KEY[0], ONE_KEY[1] + 1] },
    ];
    for (const other of others) {
      const shared = fill(other)
        .slice(0, 64)
        .filter((x) => seen.has(x));
      expect(shared).toEqual([]);
    }
  });

  it("has the moments of its distribution", () => {
    const count = 100_000;
    const moments = (distribution: "uniform" | "normal") => {
      const numbers = fill({ precision, distribution, neurons: count, keys: ONE_KEY, step: [5, 0] });
      const mean = (f: (x: number) => number) =>
        numbers.slice(0, count).reduce((sum, x) => sum + f(x), 0) / count;
      return [1, 2, 3, 4].map((power) => mean((x) => x ** power));
    };
    // Four standard errors of each mean.
    const errors = (variances: number[]) => variances.map((variance) => 4 * Math.sqrt(variance / count));
    const uniform = moments("uniform");
    const normal = moments("normal");
    errors([1 / 12, 4 / 45, 9 / 112, 16 / 225]).forEach((tolerance, i) => {
      expect(Math.abs(uniform[i] - 1 / (i + 2))).toBeLessThan(tolerance);
    });
    errors([1, 2, 15, 96]).forEach((tolerance, i) => {
      expect(Math.abs(normal[i] - [0, 1, 0, 3][i])).toBeLessThan(tolerance);
    });
  });
});

/**
 * @file Fills memory with random numbers that are functions of (key, neuron, step) alone: Philox4x32-10, four counters
 * at once. After Salmon, Moraes, Dror & Shaw (2011), "Parallel random numbers: as easy as 1, 2, 3", SC'11. The bits are
 * those of core's philox4x32, and in double precision the numbers those of core's formulas.
 */

import { countLoop, type FunctionBuilder, type FunctionHandle, type Local } from "./function-builder.ts";
import { logOfNormal } from "./math/logarithm.ts";
import type { MathLibrary, Precision } from "./math/math-library.ts";
import { cosOfSmall } from "./math/trigonometric.ts";
import type { Vector, VectorCode } from "./math/vector-code.ts";
import type { ModuleBuilder } from "./module-builder.ts";

/** What to draw. */
export interface RandomFillOptions {
  /** Must be the library's. */
  precision: Precision;
  /** `uniform` in [0, 1), or `normal` with mean 0 and variance 1 (Box–Muller). */
  distribution: "uniform" | "normal";
}

/**
 * Adds a function (out, neurons, stride, keys, stepLow, stepHigh: i32) → () that writes element (n, b) at
 * `out` + (n · stride + b) · element size.
 *
 * - stride 1: one key; writes up to the next multiple of 4 elements.
 * - stride a multiple of 4: one key for each b.
 *
 * `keys` points to `stride` low words of the keys, then `stride` high words (u32). The counter is
 * (n, stepLow, stepHigh, 0).
 *
 * @param math - Lends its constants.
 */
export function addRandomFill(
  module: ModuleBuilder,
  math: MathLibrary,
  options: RandomFillOptions,
): FunctionHandle {
  const { precision, distribution } = options;
  const draw = addDraw(module, math, options);
  const parameters = Array.from({ length: 6 }, () => "i32" as const);
  return module.addFunction(
    `random-${distribution}-${precision}`,
    { parameters, results: [] },
    (code) => {
      const [out, neurons, stride, keys, stepLow, stepHigh] = parameters.map((_, i) => code.parameter(i));
      const at = code.local("i32");
      const c1 = splat(code, () => code.get(stepLow));
      const c2 = splat(code, () => code.get(stepHigh));
      const n = code.local("i32");
      code.get(out).set(at);
      const store = (): void => storeFour(code, at, precision);
      code
        .get(stride)
        .i32Const(1)
        .op("i32.eq")
        .if(
          () => {
            const k0 = splat(code, () => code.get(keys).load("i32.load"));
            const k1 = splat(code, () => code.get(keys).load("i32.load", 4));
            countLoop(code, n, neurons, 4, () => {
              code.get(n).op("i32x4.splat").v128Const(LANE_NUMBERS).op("i32x4.add");
              code.get(c1).get(c2).get(k0).get(k1).call(draw);
              store();
            });
          },
          () => {
            const [b, bytes, key] = [code.local("i32"), code.local("i32"), code.local("i32")];
            code.get(stride).i32Const(4).op("i32.mul").set(bytes);
            countLoop(code, n, neurons, 1, () => {
              countLoop(code, b, bytes, 16, () => {
                code.get(n).op("i32x4.splat").get(c1).get(c2);
                code.get(keys).get(b).op("i32.add").tee(key).load("v128.load");
                code.get(key).get(bytes).op("i32.add").load("v128.load").call(draw);
                store();
              });
            });
          },
        );
    },
    { exported: true },
  );
}

// Implementation

const MULTIPLIER_0 = 0xd2511f53;
const MULTIPLIER_1 = 0xcd9e8d57;
const WEYL_0 = 0x9e3779b9;
const WEYL_1 = 0xbb67ae85;
const ROUNDS = 10;

const LANE_NUMBERS = Uint8Array.of(0, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0);
/** Of two vectors of 64-bit lanes, the low and the high words. */
const LOW_WORDS = [0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27];
const HIGH_WORDS = LOW_WORDS.map((byte) => byte + 4);
/** Of two vectors of 32-bit lanes, the first (last) two of both, interleaved. */
const INTERLEAVE_LOW = [0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23];
const INTERLEAVE_HIGH = INTERLEAVE_LOW.map((byte) => byte + 8);

function splat(code: FunctionBuilder, push: () => void): Local {
  const local = code.local("v128");
  push();
  code.op("i32x4.splat").set(local);
  return local;
}

/** Stores the one (f32) or two (f64, last on top) vectors on the stack and moves on. */
function storeFour(code: FunctionBuilder, at: Local, precision: Precision): void {
  const vectors = [code.local("v128"), code.local("v128")].slice(0, precision === "f64" ? 2 : 1);
  for (const vector of [...vectors].reverse()) code.set(vector);
  vectors.forEach((vector, i) => {
    code
      .get(at)
      .get(vector)
      .store("v128.store", 16 * i);
  });
  code
    .get(at)
    .i32Const(16 * vectors.length)
    .op("i32.add")
    .set(at);
}

/** (c0, c1, c2, k0, k1: i32x4) → four random numbers, as two f64x2 or one f32x4. */
function addDraw(
  module: ModuleBuilder,
  math: MathLibrary,
  { precision, distribution }: RandomFillOptions,
): FunctionHandle {
  const parameters = Array.from({ length: 5 }, () => "v128" as const);
  const results = Array.from({ length: precision === "f64" ? 2 : 1 }, () => "v128" as const);
  return module.addFunction(`draw-${distribution}-${precision}`, { parameters, results }, (code) => {
    const v = math.vector(code);
    const inputs = parameters.map((_, i) => code.parameter(i));
    const words = philox(v.as("f32"), inputs);
    const numbers = precision === "f64" ? doubles(v, words, distribution) : singles(v, words, distribution);
    for (const number of numbers) number();
  });
}

/** The four words of each of four counters (c0, c1, c2, 0) under keys (k0, k1). */
function philox(v: VectorCode, [p0, p1, p2, p3, p4]: Local[]): Vector[] {
  const { code } = v;
  const shuffle = (a: Vector, b: Vector, lanes: number[]): Vector => {
    return () => {
      a();
      b();
      code.shuffle(lanes);
    };
  };
  /** High and low words of the products of 32-bit lanes. */
  const multiply = (a: Vector, factor: number): [high: Vector, low: Vector] => {
    const product = (name: "i64x2.extmul_low_i32x4_u" | "i64x2.extmul_high_i32x4_u"): Vector =>
      v.keep(() => {
        a();
        v.bits(BigInt(factor))();
        code.op(name);
      });
    const [low, high] = [product("i64x2.extmul_low_i32x4_u"), product("i64x2.extmul_high_i32x4_u")];
    return [shuffle(low, high, HIGH_WORDS), v.keep(shuffle(low, high, LOW_WORDS))];
  };
  let [c0, c1, c2, k0, k1] = [p0, p1, p2, p3, p4].map((local) => v.read(local));
  let c3 = v.bits(0n);
  for (let round = 0; round < ROUNDS; round++) {
    const [high0, low0] = multiply(c0, MULTIPLIER_0);
    const [high1, low1] = multiply(c2, MULTIPLIER_1);
    c0 = v.keep(v.xor(v.xor(high1, c1), k0));
    c2 = v.keep(v.xor(v.xor(high0, c3), k1));
    [c1, c3] = [low1, low0];
    if (round === ROUNDS - 1) break;
    k0 = v.keep(v.addWhole(k0, v.bits(BigInt(WEYL_0))));
    k1 = v.keep(v.addWhole(k1, v.bits(BigInt(WEYL_1))));
  }
  return [c0, c1, c2, c3];
}

function doubles(v: VectorCode, [w0, w1, w2, w3]: Vector[], distribution: string): Vector[] {
  return [INTERLEAVE_LOW, INTERLEAVE_HIGH].map((lanes) => {
    const first = uniformOfWords(v, w0, w1, lanes);
    if (distribution === "uniform") return first;
    const logarithm = logOfNormal(v, v.keep(v.subtract(v.constant(1), first)));
    const radius = v.keep(v.sqrt(v.multiply(v.constant(-2), logarithm)));
    const angle = v.multiply(v.constant(2 * Math.PI), uniformOfWords(v, w2, w3, lanes));
    return v.keep(v.multiply(radius, cosOfSmall(v, v.keep(angle))));
  });
}

/**
 * ((high >>> 5) 2^26 + (low >>> 6)) / 2^53 of two lanes. A word in the low half of a double whose high half is
 * that of 2^e is 2^e plus the word times 2^(e − 52), so taking the powers off again converts and adds at once.
 */
function uniformOfWords(v: VectorCode, low: Vector, high: Vector, lanes: number[]): Vector {
  const words = v.as("f32");
  const inLowHalf = (word: Vector, highWord: number): Vector => {
    return () => {
      word();
      words.bits(BigInt(highWord))();
      v.code.shuffle(lanes);
    };
  };
  const upper = inLowHalf(words.shiftRight(high, 5), 0x41800000); // 2^25 + word · 2^-27
  const lower = inLowHalf(words.shiftRight(low, 6), 0x3fe00000); // ½ + word · 2^-53
  return v.add(v.subtract(upper, v.constant(33554432.5)), lower);
}

function singles(v: VectorCode, [, w1, , w3]: Vector[], distribution: string): Vector[] {
  /** The top 24 bits. */
  const uniform = (word: Vector): Vector => {
    const whole = () => {
      v.shiftRight(word, 8)();
      v.code.op("f32x4.convert_i32x4_s");
    };
    return v.multiply(whole, v.constant(1 / 16777216));
  };
  if (distribution === "uniform") return [uniform(w1)];
  const logarithm = logOfNormal(v, v.keep(v.subtract(v.constant(1), uniform(w1))));
  const radius = v.keep(v.sqrt(v.multiply(v.constant(-2), logarithm)));
  return [v.multiply(radius, cosOfTurns(v, uniform(w3)))];
}

/** cos(2π u) in single precision for 0 ≤ u < 1: the reduction is exact, which it is not for angles in radians. */
function cosOfTurns(v: VectorCode, u: Vector): Vector {
  // cos(2π u) = sin(2π (u − ¾)) = (−1)^n sin(2π (u − ¾ − n / 2)).
  const turns = v.keep(v.subtract(u, v.constant(0.75)));
  const shifted = v.keep(v.add(v.add(turns, turns), v.roundingShift()));
  const half = v.multiply(v.subtract(shifted, v.roundingShift()), v.constant(0.5));
  const r = v.keep(v.multiply(v.subtract(turns, half), v.constant(2 * Math.PI)));
  const z = v.keep(v.multiply(r, r));
  const sine = v.subtract(r, v.multiply(v.multiply(z, r), v.polynomial(z, SINGLE_SINE)));
  return v.xor(sine, v.shiftLeft(shifted, 31));
}

/** (r − sin r) / r³ of r², |r| ≤ π/2, to single precision. */
const SINGLE_SINE = [
  0.16666662693023682, -0.008333136327564716, 0.0001981421373784542, -2.6151112706429558e-6,
];

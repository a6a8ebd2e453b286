/**
 * @file Reduction of large angles, after Payne & Hanek (1983), "Radian reduction for trigonometric functions",
 * SIGNUM Newsletter 18. The steps are those of `reduceLarge` in core's elementary/trigonometric.ts.
 */

import { elementaryTables } from "../../../../core/index.ts";
import type { FunctionBuilder, FunctionHandle, Local } from "../function-builder.ts";
import type { ModuleBuilder } from "../module-builder.ts";
import type { LargeAngle } from "./trigonometric.ts";
import type { VectorCode } from "./vector-code.ts";

const { DIGIT_PAIRS, INVERSE_PI_DIGITS, PARTS } = elementaryTables;

/** Digits of 1/π (24 bits) that decide the angle of any double to 2^-76 of itself. */
const WINDOW = 10;
const DIGIT_BITS = 24n;
const DIGIT_MASK = (1n << DIGIT_BITS) - 1n;
const HALF_DIGIT = 1n << (DIGIT_BITS - 1n);

/**
 * Adds (x: f64) → (angle, lost, parity): x − n π = angle − lost in both lanes, and the parity of n as i64 lanes.
 *
 * @param vector - Vector arithmetic for the function's body.
 * @param options.half - Take off (n + ½) π instead.
 * @param options.digit - From `addDigitOfInversePi`.
 */
export function addLargeAngle(
  module: ModuleBuilder,
  vector: (code: FunctionBuilder) => VectorCode,
  { half, digit }: { half: boolean; digit: FunctionHandle },
): FunctionHandle {
  const signature = {
    parameters: ["f64" as const],
    results: ["v128" as const, "v128" as const, "v128" as const],
  };
  return module.addFunction(half ? "large-angle-half" : "large-angle", signature, (code) => {
    const x = code.parameter(0);
    const product = multiplyByInversePi(code, x, digit);
    const up = code.local("i64");
    if (!half)
      code
        .get(product[1])
        .i64Const(DIGIT_BITS - 1n)
        .op("i64.shr_u")
        .set(up);
    // The first digit after the point, signed: less 1 where n was rounded up, less ½ where that is wanted.
    code.get(product[1]);
    if (half) code.i64Const(HALF_DIGIT);
    else code.get(up).i64Const(DIGIT_BITS).op("i64.shl");
    code.op("i64.sub").set(product[1]);
    pushAngle(code, vector(code), x, product);
    code.get(product[0]).get(up).op("i64.add").i64Const(1n).op("i64.and").op("i64x2.splat");
  });
}

/** (i: i32) → digit i of 1/π as an i64, through a tree of comparisons: a table would need memory. */
export function addDigitOfInversePi(module: ModuleBuilder): FunctionHandle {
  return module.addFunction("digit-of-inverse-pi", { parameters: ["i32"], results: ["i64"] }, (code) => {
    const choose = (from: number, to: number): void => {
      if (to - from === 1) {
        code.i64Const(BigInt(INVERSE_PI_DIGITS[from]));
        return;
      }
      const middle = (from + to) >> 1;
      code.get(code.parameter(0)).i32Const(middle).op("i32.lt_s");
      code.if(
        () => choose(from, middle),
        () => choose(middle, to),
        "i64",
      );
    };
    choose(0, INVERSE_PI_DIGITS.length);
  });
}

/** What sine and cosine call: the function on each of the two lanes, its results where `large` is set. */
export function largeAngleOfLanes(code: FunctionBuilder, handle: () => FunctionHandle): LargeAngle {
  return (v, x, large, into) => {
    for (const lane of [0, 1]) {
      const results = [code.local("v128"), code.local("v128"), code.local("v128")];
      x();
      code.lane("f64x2.extract_lane", lane).call(handle());
      for (const local of [...results].reverse()) code.set(local);
      const mask = v.keep(v.and(large, () => code.v128Const(laneMask(lane))));
      [into.angle, into.lost, into.parity].forEach((variable, i) => {
        variable?.set(v.select(mask, () => code.get(results[i]), variable.value));
      });
    }
  };
}

// Implementation

function laneMask(lane: number): Uint8Array {
  return new Uint8Array(16).fill(0xff, 8 * lane, 8 * lane + 8);
}

/** |x| / π modulo 2^24 as digits of 24 bits, the first before the point. */
function multiplyByInversePi(code: FunctionBuilder, x: Local, digit: FunctionHandle): Local[] {
  const bits = code.local("i64");
  const [place, shift] = [code.local("i32"), code.local("i64")];
  code.get(x).op("f64.abs").op("i64.reinterpret_f64").set(bits);
  // Exponent = 24 place + shift; 48 more keeps the division positive.
  const exponentPlus48 = code.local("i32");
  code
    .get(bits)
    .i64Const(52n)
    .op("i64.shr_u")
    .op("i32.wrap_i64")
    .i32Const(48 - 1075)
    .op("i32.add");
  code.tee(exponentPlus48).i32Const(24).op("i32.div_s").tee(place);
  code.i32Const(-24).op("i32.mul").get(exponentPlus48).op("i32.add").op("i64.extend_i32_u").set(shift);
  const m = shiftedDigits(code, bits, shift);
  const inverse = Array.from({ length: WINDOW }, (_, i) => {
    const local = code.local("i64");
    code.get(place).i32Const(i).op("i32.add").call(digit).set(local);
    return local;
  });
  const product = inverse.map(() => code.local("i64"));
  const column = code.local("i64");
  for (let u = WINDOW - 1; u >= 0; u--) {
    code.get(column).i64Const(DIGIT_BITS).op("i64.shr_u");
    for (let j = 0; j < m.length && u + j < WINDOW; j++) {
      code
        .get(m[j])
        .get(inverse[u + j])
        .op("i64.mul")
        .op("i64.add");
    }
    code.tee(column).i64Const(DIGIT_MASK).op("i64.and").set(product[u]);
  }
  return product;
}

/** The 53-bit fraction of a double, times 2^shift, in digits of 24 bits, lowest first. */
function shiftedDigits(code: FunctionBuilder, bits: Local, shift: Local): Local[] {
  const fraction = code.local("i64");
  code
    .get(bits)
    .i64Const((1n << 52n) - 1n)
    .op("i64.and")
    .i64Const(1n << 52n)
    .op("i64.or")
    .set(fraction);
  const carry = code.local("i64");
  return [0n, 1n, 2n, 3n].map((i) => {
    const local = code.local("i64");
    code.get(carry).i64Const(DIGIT_BITS).op("i64.shr_u");
    if (i < 3n) {
      code
        .get(fraction)
        .i64Const(i * DIGIT_BITS)
        .op("i64.shr_u")
        .i64Const(DIGIT_MASK)
        .op("i64.and");
      code.get(shift).op("i64.shl").op("i64.add");
    }
    code.tee(carry).i64Const(DIGIT_MASK).op("i64.and").set(local);
    return local;
  });
}

/** Pushes angle and lost: π times the digits after the point, with the sign of x. */
function pushAngle(code: FunctionBuilder, v: VectorCode, x: Local, digits: Local[]): void {
  /** Two digits as a number, times a power of 2. */
  const pair = (i: number, scale: number) =>
    v.keep(
      v.multiply(() => {
        code
          .get(digits[i])
          .i64Const(DIGIT_BITS)
          .op("i64.shl")
          .get(digits[i + 1])
          .op("i64.add");
        code.op("f64.convert_i64_s").op("f64x2.splat");
      }, v.constant(scale)),
    );
  const [first, second, third] = DIGIT_PAIRS.map((worth, i) => pair(2 * i + 1, worth));
  const sum = v.keep(v.add(first, second));
  const rest = v.keep(v.add(v.add(v.subtract(first, sum), second), third));
  const high = v.keep(v.add(sum, rest));
  const low = v.add(v.subtract(sum, high), rest);
  const [pi, piTail] = PARTS.piPair;
  const big = pi * 134217729;
  const piTop = big - (big - pi);
  const product = v.keep(v.multiply(high, v.constant(pi)));
  const scaled = v.keep(v.multiply(high, v.constant(134217729)));
  const top = v.keep(v.subtract(scaled, v.subtract(scaled, high)));
  const bottom = v.keep(v.subtract(high, top));
  const times = (part: () => void, factor: number) => v.multiply(part, v.constant(factor));
  const exact = [times(top, pi - piTop), times(bottom, piTop), times(bottom, pi - piTop)];
  const error = exact.reduce((total, term) => v.add(total, term), v.subtract(times(top, piTop), product));
  const tail = v.keep(v.add(error, v.add(times(high, piTail), times(low, pi))));
  const splatX = v.keep(() => code.get(x).op("f64x2.splat"));
  const sign = v.keep(v.and(splatX, v.signBit()));
  const angle = v.keep(v.add(product, tail));
  // x − x is NaN for infinite x and 0 for all others.
  v.add(v.xor(angle, sign), v.subtract(splatX, splatX))();
  v.xor(v.subtract(v.subtract(angle, product), tail), sign)();
}

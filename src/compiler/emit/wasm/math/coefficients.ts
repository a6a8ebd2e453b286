/**
 * @file Numbers behind the vector kernels. Double precision shares core's tables, so that scalar and vector functions
 * give the same bits; single precision has its own minimax polynomials, fitted the same way, lowest power first.
 */

import { elementaryTables } from "../../../../core/index.ts";
import type { Precision } from "./constant-table.ts";

const { POLYNOMIALS, PARTS } = elementaryTables;

/** Polynomials and split constants of one precision; see core's tables for what each polynomial approximates. */
export interface Coefficients {
  readonly exponential: readonly number[];
  readonly tanh: readonly number[];
  readonly logarithm: readonly number[];
  readonly arctangent: readonly number[];
  readonly ln2: readonly [number, number];
  readonly halfLn2: readonly [number, number];
  readonly halfPi: readonly [number, number];
  readonly quarterPi: readonly [number, number];
  /** e^x is a normal number for |x| up to this. */
  readonly expNormal: number;
  /** e^x is infinite above, 0 below minus this. */
  readonly expBound: number;
  /** (e^x − 1) / x is infinite from here on. */
  readonly exprelBound: number;
  /** 1 + e^−x = 1 from here on; so is tanh x. */
  readonly unitBound: number;
  /** e^−x − 1 = −1 from here on. */
  readonly minusOneBound: number;
  /** 1 + x = 1 below this, a power of 2. */
  readonly tiny: number;
  readonly smallestNormal: number;
  /** 2^liftBits makes subnormal numbers normal. */
  readonly liftBits: number;
  readonly lift: number;
  /** 1 + x is treated as infinite from here on. */
  readonly large: number;
  /** Bits of the largest float below √½, whose last word or byte is 0. */
  readonly sqrtHalf: bigint;
}

/** Polynomials, splitting constants and cut-offs of the vector functions at each precision. */
export const COEFFICIENTS: Readonly<Record<Precision, Coefficients>> = {
  f64: {
    ...POLYNOMIALS,
    ...PARTS,
    expNormal: 708,
    expBound: 750,
    exprelBound: 720,
    unitBound: 40,
    minusOneBound: 40,
    tiny: 5.551115123125783e-17,
    smallestNormal: 2.2250738585072014e-308,
    liftBits: 54,
    lift: 18014398509481984,
    large: 1.0715086071862673e301,
    sqrtHalf: 0x3fe6a09e_00000000n,
  },
  f32: {
    exponential: [0.16666628420352936, -0.0027670094277709723],
    tanh: [0.333333283662796, -0.022219281643629074, 0.0020705275237560272],
    logarithm: [0.6666675806045532, 0.399793416261673, 0.29830676317214966],
    arctangent: [
      -0.33333322405815125, 0.19998812675476074, -0.14248785376548767, 0.10626444220542908,
      -0.061490435153245926,
    ],
    ln2: [0.693145751953125, 1.428606765330187e-6],
    halfLn2: [0.3465728759765625, 7.143033826650935e-7],
    halfPi: [1.5707963705062866, -4.371139000186241e-8],
    quarterPi: [0.7853981852531433, -2.1855695000931206e-8],
    expNormal: 87,
    expBound: 110,
    exprelBound: 95,
    unitBound: 20,
    minusOneBound: 20,
    tiny: 2.9802322387695312e-8,
    smallestNormal: 1.1754943508222875e-38,
    liftBits: 25,
    lift: 33554432,
    large: 1.2676506002282294e30,
    sqrtHalf: 0x3f350400n,
  },
};

/** sin r of a single-precision angle in double precision, |r| ≤ π/2: (r − sin r) / r³ of r². Rest below 2^-34. */
export const SHORT_SINE = [
  0.16666666646212897, -0.008333331817043836, 0.0001984094912311998, -2.7529103341723466e-6,
  2.3948570687207144e-8,
] as const;

/** log₂((1 + s) / (1 − s)) / s of s², |s| ≤ 3 − 2√2, to 2^-37. */
export const SHORT_LOG2 = [
  2.885390081790153, 0.9617966732673144, 0.5770835979183974, 0.4116719987739111, 0.34074260999964084,
] as const;

/** 2^t of t, |t| ≤ ½, to 2^-29. */
export const SHORT_EXP2 = [
  1.0000000005551186, 0.6931472057661245, 0.24022646884797821, 0.055503287131328044, 0.009618489386765268,
  0.001339995732618972, 0.00015345752552162325,
] as const;

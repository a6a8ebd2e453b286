/**
 * @file Fills memory with random numbers that are functions of (key, unit, step) alone, from Philox blocks of four at
 * once. In double precision the numbers are those of core's formulas.
 */

import { NORMALS_PER_BLOCK } from "../../../core/index.ts";
import { countLoop, type FunctionBuilder, type FunctionHandle, type Local } from "./function-builder.ts";
import type { MathLibrary, Precision } from "./math/math-library.ts";
import type { Vector, VectorCode } from "./math/vector-code.ts";
import type { ModuleBuilder } from "./module-builder.ts";
import { blockNumbers, fillNormals, moveOn } from "./normal-fill.ts";
import { startPhilox } from "./philox.ts";
import { drawRows } from "./random-numbers.ts";

/** What to draw. */
export interface RandomFillOptions {
  /** Must be the library's. */
  precision: Precision;
  /** `uniform` in [0, 1), or `normal` with mean 0 and variance 1 (Box–Muller). */
  distribution: "uniform" | "normal";
}

/**
 * Adds a function (out, units, stride, keys, stepLow, stepHigh: i32) → () that writes element (n, b) at
 * `out` + (n · stride + b) · element size.
 *
 * - stride 1: one key; writes up to the next multiple of 4 elements.
 * - stride a multiple of 4: one key for each b.
 *
 * `keys` points to `stride` low words of the keys, then `stride` high words (u32). The counter of unit n is
 * (⌊n / m⌋, stepLow, stepHigh, 0), where m is what a block gives: 1 uniform number or `NORMALS_PER_BLOCK` normal ones.
 *
 * @param math - Lends its constants.
 */
export function addRandomFill(
  module: ModuleBuilder,
  math: MathLibrary,
  options: RandomFillOptions,
): FunctionHandle {
  const { precision, distribution } = options;
  const parameters = Array.from({ length: 6 }, () => "i32" as const);
  return module.addFunction(
    `random-${distribution}-${precision}`,
    { parameters, results: [] },
    (code) => {
      const [out, units, stride, keys, stepLow, stepHigh] = parameters.map((_, i) => code.parameter(i));
      const step = [splat(code, () => code.get(stepLow)), splat(code, () => code.get(stepHigh))];
      const fill = { out, units, stride, keys, step };
      code
        .get(stride)
        .i32Const(1)
        .op("i32.eq")
        .if(
          () => fillOne(math.vector(code), fill, options),
          () => fillMany(math.vector(code), fill, options),
        );
    },
    { exported: true },
  );
}

// Implementation

interface Fill {
  out: Local;
  units: Local;
  stride: Local;
  keys: Local;
  /** Low and high word in every lane. */
  step: Local[];
}

/** Of two vectors, the first and the last 64-bit lanes. */
const HALVES = [0, 8].map((first) =>
  [0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23].map((i) => i + first),
);
/** Of two vectors, the first and the last two 32-bit lanes of both, interleaved. */
const INTERLEAVED = [0, 8].map((first) =>
  [0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23].map((i) => i + first),
);

/** One instance: the four lanes are four successive blocks. */
function fillOne(v: VectorCode, { out, units, keys, step }: Fill, options: RandomFillOptions): void {
  const { code } = v;
  const perBlock = numbersPerBlock(options);
  const [at, n, left] = [code.local("i32"), code.local("i32"), code.local("i32")];
  const key = [0, 4].map((offset) => splat(code, () => code.get(keys).load("i32.load", offset)));
  const blocks = startPhilox(v, { step: pairOf(v, step), key: pairOf(v, key) });
  code.get(out).set(at).i32Const(0).set(n);
  if (options.distribution === "normal" && options.precision === "f64") {
    fillNormals(v, blocks, { at, n, units });
  }
  code.get(n).get(units).op("i32.lt_s");
  code.if(() =>
    code.loop(() => {
      const counters = blockNumbers(v, n, perBlock);
      const fours = byUnit(v, drawRows(v, blocks([counters])[0], options));
      code.get(units).get(n).op("i32.sub").set(left);
      storeWhereLeft(code, fours, { at, left, apart: 4, bytes: 4 * bytesOf(options) });
      moveOn(code, at, 4 * perBlock * bytesOf(options));
      moveOn(code, n, 4 * perBlock);
      code.get(n).get(units).op("i32.lt_s").brIf(0);
    }),
  );
}

/** Several instances: the four lanes are one block under the keys of four instances. */
function fillMany(v: VectorCode, fill: Fill, options: RandomFillOptions): void {
  const { code } = v;
  const { out, units, stride, keys, step } = fill;
  const perBlock = numbersPerBlock(options);
  const [b, n, at, left] = [code.local("i32"), code.local("i32"), code.local("i32"), code.local("i32")];
  const [keyBytes, rowBytes] = [code.local("i32"), code.local("i32")];
  code.get(stride).i32Const(4).op("i32.mul").set(keyBytes);
  code.get(stride).i32Const(bytesOf(options)).op("i32.mul").set(rowBytes);
  const start = code.local("i32");
  code.get(out).set(start);
  countLoop(code, b, keyBytes, 16, () => {
    const low = v.keep(() => code.get(keys).get(b).op("i32.add").load("v128.load"));
    const high = v.keep(() =>
      code.get(keys).get(b).op("i32.add").get(keyBytes).op("i32.add").load("v128.load"),
    );
    const blocks = startPhilox(v, { step: pairOf(v, step), key: [low, high] });
    code.get(start).set(at);
    countLoop(code, n, units, perBlock, () => {
      const counters = v.keep(() => code.get(n).i32Const(perBlock).op("i32.div_u").op("i32x4.splat"));
      const rows = drawRows(v, blocks([counters])[0], options);
      code.get(units).get(n).op("i32.sub").set(left);
      storeWhereLeft(code, rows, { at, left, apart: 1, bytes: rowBytes });
      code.get(at).get(rowBytes).i32Const(perBlock).op("i32.mul").op("i32.add").set(at);
    });
    code
      .get(start)
      .i32Const(4 * bytesOf(options))
      .op("i32.add")
      .set(start);
  });
}

function numbersPerBlock({ distribution }: RandomFillOptions): number {
  return distribution === "uniform" ? 1 : NORMALS_PER_BLOCK;
}

function bytesOf({ precision }: RandomFillOptions): number {
  return precision === "f64" ? 8 : 4;
}

function splat(code: FunctionBuilder, push: () => void): Local {
  const local = code.local("v128");
  push();
  code.op("i32x4.splat").set(local);
  return local;
}

function pairOf(v: VectorCode, [low, high]: Local[]): [Vector, Vector] {
  return [v.read(low), v.read(high)];
}

/** Rows, element (number of the block, block), as groups of four successive units. */
function byUnit(v: VectorCode, rows: Vector[][]): Vector[][] {
  const mix = (a: Vector, b: Vector, lanes: number[]): Vector =>
    v.keep(() => {
      a();
      b();
      v.code.shuffle(lanes);
    });
  const zip = (a: Vector, b: Vector, [low, high]: number[][]) => [mix(a, b, low), mix(a, b, high)];
  if (rows.length === 1) return rows;
  const [cosines, sines, moreCosines, moreSines] = rows;
  return cosines.flatMap((_, i) => {
    if (v.precision === "f64") {
      const first = zip(cosines[i], sines[i], HALVES);
      const second = zip(moreCosines[i], moreSines[i], HALVES);
      return first.map((vector, block) => [vector, second[block]]);
    }
    const first = zip(cosines[i], sines[i], INTERLEAVED);
    const second = zip(moreCosines[i], moreSines[i], INTERLEAVED);
    return first.flatMap((vector, k) => zip(vector, second[k], HALVES)).map((vector) => [vector]);
  });
}

/** Stores group i at `at` + i `bytes` if more than i `apart` units are left; at least one is. */
function storeWhereLeft(
  code: FunctionBuilder,
  groups: Vector[][],
  { at, left, apart, bytes }: { at: Local; left: Local; apart: number; bytes: number | Local },
): void {
  const to = code.local("i32");
  code.get(at).set(to);
  const storeFrom = (i: number): void => {
    groups[i].forEach((vector, k) => {
      code.get(to);
      vector();
      code.store("v128.store", 16 * k);
    });
    if (i + 1 === groups.length) return;
    code
      .get(left)
      .i32Const((i + 1) * apart)
      .op("i32.gt_s")
      .if(() => {
        code.get(to);
        if (typeof bytes === "number") code.i32Const(bytes);
        else code.get(bytes);
        code.op("i32.add").set(to);
        storeFrom(i + 1);
      });
  };
  storeFrom(0);
}

/**
 * @file Normal numbers in double precision for many units of one instance, in two passes over the memory: first the
 * words of all blocks, then the numbers made of them, in their place. A processor overlaps the steps of each pass better
 * than those of both together, where every number waits for ten rounds and then for a logarithm and two roots.
 */

import { NORMALS_PER_BLOCK } from "../../../core/index.ts";
import { countLoop, type FunctionBuilder, type Local } from "./function-builder.ts";
import type { Vector, VectorCode } from "./math/vector-code.ts";
import type { PhiloxBlocks } from "./philox.ts";
import { doublePair, pairLanes } from "./random-numbers.ts";

/** Fours of blocks whose words are made side by side. */
const FOURS = 2;
/** Two blocks at once: units, and the bytes of their numbers; their words take half of these. */
const UNITS = 2 * NORMALS_PER_BLOCK;
const BYTES = 8 * UNITS;

const LANE_NUMBERS = Uint8Array.of(0, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0);

/** Of two vectors, the first and the last 64-bit lanes. */
const HALVES = [0, 8].map((first) =>
  [0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23].map((i) => i + first),
);

/**
 * Writes the numbers of all units but the last few that do not fill two blocks.
 *
 * @param at - Address of the first number; then that of the first which is not written.
 * @param n - Becomes the first unit that is left.
 */
export function fillNormals(
  v: VectorCode,
  blocks: PhiloxBlocks,
  { at, n, units }: { at: Local; n: Local; units: Local },
): void {
  const { code } = v;
  const [whole, out] = [code.local("i32"), code.local("i32")];
  code.get(units).i32Const(-UNITS).op("i32.and").set(whole);
  code.get(at).set(out);
  writeWords(v, blocks, { out, n, whole });
  v.preload((dry) => doublePair(dry, dry.read(dry.code.local("v128"))));
  countLoop(code, n, whole, UNITS, () => {
    const lanes = [0, 16].map((offset) => v.keep(() => code.get(at).load("v128.load", offset)));
    const rows = lanes.map((words) => doublePair(v, words));
    const numbers = HALVES.flatMap((half) => rows.map(([cosine, sine]) => zip(v, [cosine, sine], half)));
    storeAll(code, at, numbers, 0);
    moveOn(code, at, BYTES);
  });
}

/** The numbers of four successive blocks from that of unit `n` on, and of the next fours. */
export function blockNumbers(v: VectorCode, n: Local, perBlock: number, four = 0): Vector {
  return v.keep(() => {
    v.code.get(n).i32Const(perBlock).op("i32.div_u");
    if (four > 0) v.code.i32Const(4 * four).op("i32.add");
    v.code.op("i32x4.splat").v128Const(LANE_NUMBERS).op("i32x4.add");
  });
}

/** pointer += bytes. */
export function moveOn(code: FunctionBuilder, pointer: Local, bytes: number): void {
  code.get(pointer).i32Const(bytes).op("i32.add").set(pointer);
}

// Implementation

/** First pass: at the place of every two blocks' numbers their words, those of a radius beside those of its angle. */
function writeWords(
  v: VectorCode,
  blocks: PhiloxBlocks,
  { out, n, whole }: { out: Local; n: Local; whole: Local },
): void {
  const { code } = v;
  const left = code.local("i32");
  countLoop(code, n, whole, 2 * FOURS * UNITS, () => {
    const counters = Array.from({ length: FOURS }, (_, k) => blockNumbers(v, n, NORMALS_PER_BLOCK, k));
    const twos = blocks(counters).flatMap(([w0, w1, w2, w3]) => {
      const [first, second] = [pairLanes(v, [w0, w1]), pairLanes(v, [w2, w3])];
      return first.map((lanes, half) => [lanes, second[half]]);
    });
    code.get(whole).get(n).op("i32.sub").set(left);
    const storeFrom = (k: number): void => {
      storeAll(code, out, twos[k], k * BYTES);
      if (k + 1 === twos.length) return;
      code
        .get(left)
        .i32Const((k + 1) * UNITS)
        .op("i32.gt_s")
        .if(() => storeFrom(k + 1));
    };
    storeFrom(0);
    moveOn(code, out, twos.length * BYTES);
  });
}

function zip(v: VectorCode, [a, b]: Vector[], lanes: number[]): Vector {
  return v.keep(() => {
    a();
    b();
    v.code.shuffle(lanes);
  });
}

function storeAll(code: FunctionBuilder, at: Local, vectors: Vector[], offset: number): void {
  vectors.forEach((vector, k) => {
    code.get(at);
    vector();
    code.store("v128.store", offset + 16 * k);
  });
}

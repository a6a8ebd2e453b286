/**
 * @file Arrays that are written over from call to call: asking for large ones anew costs as much as filling them.
 */

import type { FloatArray, Precision } from "../kernels/index.ts";

/** Gives the array of a key, of some length; it may hold what was written to the last one of its key. */
export type Room = (key: string, precision: Precision, length: number) => FloatArray;

/** Arrays by key in memory of their own. @param allocate - Makes memory, in bytes. */
export function makeRooms(allocate: (bytes: number) => ArrayBufferLike): Room {
  const kept = new Map<string, ArrayBufferLike>();
  return (key, precision, length) => {
    const bytes = length * (precision === "f64" ? 8 : 4);
    let memory = kept.get(key);
    if (memory === undefined || memory.byteLength < bytes) {
      memory = allocate(bytes);
      kept.set(key, memory);
    }
    return precision === "f64" ? new Float64Array(memory, 0, length) : new Float32Array(memory, 0, length);
  };
}

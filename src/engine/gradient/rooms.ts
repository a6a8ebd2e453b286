/**
 * @file Arrays that are written over from call to call: asking for large ones anew costs as much as filling them.
 */

import type { Precision } from "../kernels/index.ts";

/** Gives the array of a key, of some length; it may hold what was written to the last one of its key. */
export type Room = <P extends Precision>(key: string, precision: P, length: number) => ArrayOf<P>;

/** An array of some precision. */
type ArrayOf<P extends Precision> = P extends "f64" ? Float64Array : Float32Array;

/** Arrays by key in memory of their own. @param allocate - Makes memory, in bytes. */
export function makeRooms(allocate: (bytes: number) => ArrayBufferLike): Room {
  const kept = new Map<string, ArrayBufferLike>();
  return <P extends Precision>(key: string, precision: P, length: number) => {
    const bytes = length * (precision === "f64" ? 8 : 4);
    let memory = kept.get(key);
    if (memory === undefined || memory.byteLength < bytes) {
      memory = allocate(bytes);
      kept.set(key, memory);
    }
    const Floats = precision === "f64" ? Float64Array : Float32Array;
    return new Floats(memory as ArrayBuffer, 0, length) as ArrayOf<P>;
  };
}

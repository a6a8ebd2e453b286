/**
 * @file The memory of a run: what lies where, planned before anything is allocated.
 */

import { BOTH, CONSTANTS_BYTES, INSTANCE, SCALAR, type Shape, UNIT } from "../compiler/index.ts";
import { elementBytes, panelRows } from "./kernels/index.ts";
import type { ResolvedOptions } from "./options.ts";

/** A stretch of the memory that holds one value per unit, per instance, both, or one for all. */
export interface Slot {
  /** [bytes] */
  address: number;
  shape: Shape;
  /** Numbers it holds, padding included. */
  length: number;
}

/** Slots begin on cache lines. */
const ALIGNMENT = 64;

/** Hands out addresses, one after another. */
export class Allocator {
  // The lowest addresses hold the constants of the mathematical functions.
  bytes = Math.ceil(CONSTANTS_BYTES / ALIGNMENT) * ALIGNMENT;
  readonly elementBytes: number;
  readonly #stride: number;

  constructor({ precision, stride }: ResolvedOptions) {
    this.elementBytes = elementBytes(precision);
    this.#stride = stride;
  }

  /** Room for `length` bytes. */
  take(length: number): number {
    const address = this.bytes;
    this.bytes = Math.ceil((address + length) / ALIGNMENT) * ALIGNMENT;
    return address;
  }

  slot(shape: Shape, size: number): Slot {
    const bytes = this.elementBytes;
    const units = Math.ceil(size / panelRows) * panelRows;
    // A single value fills a vector, so that kernels load it like any other.
    const length = {
      [SCALAR]: 16 / bytes,
      [UNIT]: units,
      [INSTANCE]: this.#stride,
      [BOTH]: size * this.#stride,
    }[shape];
    return { address: this.take(length * bytes), shape, length };
  }
}

/** Shape of what every unit has. */
export function stateShape({ stride }: ResolvedOptions): Shape {
  return stride > 1 ? BOTH : UNIT;
}

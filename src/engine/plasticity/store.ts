/**
 * @file The synapses of a plastic projection in one instance, as a list that can grow and shrink: views of the run's
 * memory, with O(1) insert and remove. Compiled kernels change the same memory in the same way.
 */

import { type Matrix, type SparseMatrix, sparseFromEntries, toSparse } from "../../core/index.ts";
import type { FloatArray } from "../kernels/index.ts";
import { HEADER, type StoreLayout } from "./layout.ts";

/** One instance's synapses. */
export class SynapseStore {
  readonly layout: StoreLayout;
  readonly header: Int32Array;
  readonly inCount: Int32Array;
  readonly outCount: Int32Array;
  readonly dirty: Int32Array;
  readonly inPre: Int32Array;
  readonly inBack: Int32Array;
  readonly outPost: Int32Array;
  readonly outSlot: Int32Array;
  /** One array per number that a synapse has; the first is the weight. */
  readonly values: FloatArray[];
  readonly bornPairs: Int32Array;
  readonly diedPairs: Int32Array;

  /** View a store at byte `address`; a fresh memory holds an empty one. */
  constructor(memory: ArrayBuffer, address: number, layout: StoreLayout) {
    const { rows, columns, inCapacity, outCapacity, arrays, bytes } = layout;
    const words = (offset: number, length: number) => new Int32Array(memory, address + offset, length);
    const slots = rows * inCapacity;
    const places = columns * outCapacity;
    const FloatView = bytes === 8 ? Float64Array : Float32Array;
    this.layout = layout;
    this.header = words(layout.header, 16);
    this.inCount = words(layout.inCount, rows);
    this.outCount = words(layout.outCount, columns);
    this.dirty = words(layout.dirty, rows);
    this.inPre = words(layout.inPre, slots);
    this.inBack = words(layout.inBack, slots);
    this.outPost = words(layout.outPost, places);
    this.outSlot = words(layout.outSlot, places);
    this.values = Array.from(
      { length: arrays },
      (_, k) => new FloatView(memory, address + layout.values + k * layout.valueBytes, slots),
    );
    this.bornPairs = words(layout.bornPairs, Math.max(1, layout.births));
    this.diedPairs = words(layout.diedPairs, slots + layout.births);
  }

  /** Synapses there are. */
  get size(): number {
    return this.header[HEADER.synapses];
  }

  /** Empty the store and fill it with the entries of a matrix that are not 0; other numbers start at `initial`. */
  load(weights: Matrix, initial: readonly number[]): void {
    this.header.fill(0);
    this.inCount.fill(0);
    this.outCount.fill(0);
    for (const array of this.values) array.fill(0);
    const { rowStart, column, values } = toSparse(weights);
    for (let post = 0; post < this.layout.rows; post++) {
      for (let k = rowStart[post]; k < rowStart[post + 1]; k++) {
        if (values[k] !== 0) this.insert(post, column[k], [values[k], ...initial]);
      }
    }
    this.dirty.fill(1);
  }

  /** Whether there is a synapse from `pre` to `post`. */
  has(post: number, pre: number): boolean {
    const start = post * this.layout.inCapacity;
    const wanted = pre * 4;
    for (let s = start; s < start + this.inCount[post]; s++) if (this.inPre[s] === wanted) return true;
    return false;
  }

  /** Add a synapse that is not there yet. @returns Whether there was room. */
  insert(post: number, pre: number, values: readonly number[]): boolean {
    const { inCapacity, outCapacity } = this.layout;
    if (this.inCount[post] >= inCapacity || this.outCount[pre] >= outCapacity) return false;
    const slot = post * inCapacity + this.inCount[post]++;
    const place = pre * outCapacity + this.outCount[pre]++;
    this.inPre[slot] = pre * 4;
    this.inBack[slot] = place * 4;
    this.outPost[place] = post * 4;
    this.outSlot[place] = slot * 4;
    for (let k = 0; k < this.values.length; k++) this.values[k][slot] = values[k];
    this.dirty[post] = 1;
    this.header[HEADER.synapses]++;
    return true;
  }

  /** Remove the synapse of a slot: the last one of the row takes its place, and the last of the pre unit's list. */
  remove(slot: number): void {
    const { inCapacity, outCapacity, columns } = this.layout;
    const post = Math.floor(slot / inCapacity);
    const pre = this.inPre[slot] / 4;
    const place = this.inBack[slot] / 4;
    const lastPlace = pre * outCapacity + --this.outCount[pre];
    this.outPost[place] = this.outPost[lastPlace];
    this.outSlot[place] = this.outSlot[lastPlace];
    this.inBack[this.outSlot[place] / 4] = place * 4;
    const lastSlot = post * inCapacity + --this.inCount[post];
    if (lastSlot !== slot) {
      this.inPre[slot] = this.inPre[lastSlot];
      this.inBack[slot] = this.inBack[lastSlot];
      this.outSlot[this.inBack[slot] / 4] = slot * 4;
    }
    for (const array of this.values) {
      array[slot] = array[lastSlot];
      array[lastSlot] = 0;
    }
    this.header[HEADER.synapses]--;
    this.diedPairs[this.header[HEADER.deaths]++] = post * columns + pre;
  }

  /** Weights as they are now, shape `(post, pre)`. A synapse whose weight is 0 is an entry too. */
  weights(): SparseMatrix {
    const { rows, columns, inCapacity } = this.layout;
    const post: number[] = [];
    const pre: number[] = [];
    const values: number[] = [];
    for (let i = 0; i < rows; i++) {
      for (let s = i * inCapacity; s < i * inCapacity + this.inCount[i]; s++) {
        post.push(i);
        pre.push(this.inPre[s] / 4);
        values.push(this.values[0][s]);
      }
    }
    return sparseFromEntries({ rows, columns }, { post, pre, values });
  }
}

/** The stores of a plastic projection, one for each instance. */
export function viewStores(
  memory: ArrayBuffer,
  { address, layout }: { address: number; layout: StoreLayout },
  instances: number,
): SynapseStore[] {
  return Array.from(
    { length: instances },
    (_, b) => new SynapseStore(memory, address + b * layout.size, layout),
  );
}

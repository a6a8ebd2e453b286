/**
 * @file For the tests of plastic projections: stores without a run, and what must hold of every store.
 */

import type { Precision } from "../kernels/index.ts";
import { layoutStore, type StoreShape } from "./layout.ts";
import { SynapseStore } from "./store.ts";

/** Bytes before the store in its memory, where kernels keep constants. */
export const STORE_ADDRESS = 1024;

/** An empty store in a memory of its own, with room for all pairs unless told otherwise. */
export function emptyStore(
  rows: number,
  columns: number,
  { precision = "f64", ...shape }: Partial<StoreShape> & { precision?: Precision } = {},
): SynapseStore {
  const inCapacity = Math.ceil((shape.inCapacity ?? columns) / 4) * 4;
  const bytes = precision === "f64" ? 8 : 4;
  const layout = layoutStore({
    rows,
    columns,
    outCapacity: rows,
    arrays: 1,
    bytes,
    births: 8,
    ...shape,
    inCapacity,
  });
  return new SynapseStore(new ArrayBuffer(STORE_ADDRESS + layout.size), STORE_ADDRESS, layout);
}

/** The numbers of every synapse, by post × columns + pre. */
export function synapsesOf(store: SynapseStore): Map<number, number[]> {
  const { rows, columns, inCapacity } = store.layout;
  const found = new Map<number, number[]>();
  for (let post = 0; post < rows; post++) {
    for (let s = post * inCapacity; s < post * inCapacity + store.inCount[post]; s++) {
      found.set(
        post * columns + store.inPre[s] / 4,
        store.values.map((array) => array[s]),
      );
    }
  }
  return found;
}

/** The slot of a synapse that is there. */
export function slotOf(store: SynapseStore, post: number, pre: number): number {
  const start = post * store.layout.inCapacity;
  return start + store.inPre.subarray(start, start + store.inCount[post]).indexOf(pre * 4);
}

/** What is wrong with the two lists of a store: nothing, if they point at each other and unused slots hold 0. */
export function flaws(store: SynapseStore): string[] {
  const { rows, columns, inCapacity, outCapacity } = store.layout;
  const found: string[] = [];
  const wanted = (holds: boolean, what: string) => {
    if (!holds) found.push(what);
  };
  let incoming = 0;
  for (let post = 0; post < rows; post++) {
    incoming += store.inCount[post];
    for (let k = 0; k < inCapacity; k++) {
      const slot = post * inCapacity + k;
      if (k >= store.inCount[post]) {
        wanted(
          store.values.every((array) => array[slot] === 0),
          `free slot ${slot} holds a number`,
        );
        continue;
      }
      const pre = store.inPre[slot] / 4;
      const place = store.inBack[slot] / 4;
      const own = place >= pre * outCapacity && place < pre * outCapacity + store.outCount[pre];
      wanted(own, `slot ${slot} points outside the list of unit ${pre}`);
      wanted(store.outSlot[place] === slot * 4, `place ${place} does not point back at slot ${slot}`);
      wanted(store.outPost[place] === post * 4, `place ${place} names another unit than ${post}`);
    }
  }
  const outgoing = store.outCount.reduce((a, b) => a + b, 0);
  wanted(incoming === store.size, `${incoming} in rows, ${store.size} counted`);
  wanted(outgoing === store.size, `${outgoing} in lists, ${store.size} counted`);
  wanted(synapsesOf(store).size === store.size, "a pair is there twice");
  wanted(store.outCount.length === columns, "one list per pre unit");
  return found;
}

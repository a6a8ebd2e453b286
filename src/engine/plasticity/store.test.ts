import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dense, sparseFromEntries, toDense } from "../../core/index.ts";
import { HEADER } from "./layout.ts";
import { viewStores } from "./store.ts";
import { emptyStore, flaws, STORE_ADDRESS, slotOf, synapsesOf } from "./test-fixtures.ts";

const operations = fc.record({
  rows: fc.integer({ min: 1, max: 9 }),
  columns: fc.integer({ min: 1, max: 9 }),
  inCapacity: fc.integer({ min: 1, max: 9 }),
  outCapacity: fc.integer({ min: 1, max: 9 }),
  arrays: fc.integer({ min: 1, max: 3 }),
  steps: fc.array(fc.record({ post: fc.nat(8), pre: fc.nat(8), value: fc.double({ noNaN: true }) }), {
    maxLength: 120,
  }),
});

describe("SynapseStore", () => {
  it("holds what a map holds after any inserts and removals, and both lists agree", () => {
    fc.assert(
      fc.property(operations, ({ rows, columns, steps, ...shape }) => {
        const store = emptyStore(rows, columns, { ...shape, births: 400 });
        const map = new Map<number, number[]>();
        const died: number[] = [];
        const count = (wanted: (pair: number) => boolean) => [...map.keys()].filter(wanted).length;
        for (const step of steps) {
          const [post, pre] = [step.post % rows, step.pre % columns];
          const pair = post * columns + pre;
          expect(store.has(post, pre)).toBe(map.has(pair));
          if (map.has(pair)) {
            store.remove(slotOf(store, post, pre));
            map.delete(pair);
            died.push(pair);
          } else {
            const values = Array.from({ length: shape.arrays }, (_, k) => step.value + k);
            const full =
              count((p) => Math.floor(p / columns) === post) >= store.layout.inCapacity ||
              count((p) => p % columns === pre) >= store.layout.outCapacity;
            expect(store.insert(post, pre, values)).toBe(!full);
            if (!full) map.set(pair, values);
          }
        }
        expect(flaws(store)).toEqual([]);
        expect(synapsesOf(store)).toEqual(new Map([...map].sort(([a], [b]) => a - b)));
        expect([...store.diedPairs.subarray(0, store.header[HEADER.deaths])]).toEqual(died);
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  it("loads the entries of a matrix that are not 0, with traces at their start, and forgets what it held", () => {
    const store = emptyStore(2, 3, { arrays: 2 });
    store.load(dense(2, 3, [9, 9, 9, 9, 9, 9]), [1]);
    store.remove(0);
    store.load(
      sparseFromEntries({ rows: 2, columns: 3 }, { post: [0, 1, 1], pre: [1, 0, 2], values: [5, 0, -7] }),
      [0.5],
    );
    expect(flaws(store)).toEqual([]);
    expect([...synapsesOf(store)]).toEqual([
      [1, [5, 0.5]],
      [5, [-7, 0.5]],
    ]);
    expect([...store.header.subarray(0, 4)]).toEqual([2, 0, 0, 0]);
    expect([...store.dirty]).toEqual([1, 1]);
    expect(toDense(store.weights()).values).toEqual(Float64Array.of(0, 5, 0, 0, 0, -7));
  });

  it("shows a synapse whose weight is 0 as an entry", () => {
    const store = emptyStore(1, 2);
    store.insert(0, 1, [0]);
    expect(store.weights().column).toEqual(Int32Array.of(1));
  });

  it("marks the unit of a newborn for scaling", () => {
    const store = emptyStore(2, 2);
    store.dirty.fill(0);
    store.insert(1, 0, [1]);
    expect([...store.dirty]).toEqual([0, 1]);
  });

  it("keeps instances apart", () => {
    const { layout } = emptyStore(2, 2);
    const memory = new ArrayBuffer(STORE_ADDRESS + 3 * layout.size);
    const stores = viewStores(memory, { address: STORE_ADDRESS, layout }, 3);
    stores[1].insert(0, 0, [1]);
    stores[2].insert(1, 1, [2]);
    expect(stores.map((s) => [...synapsesOf(s)])).toEqual([[], [[0, [1]]], [[3, [2]]]]);
  });
});

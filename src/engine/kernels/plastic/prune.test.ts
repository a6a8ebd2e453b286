import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ModuleBuilder } from "../../../compiler/index.ts";
import { createRng } from "../../../core/index.ts";
import type { SynapseStore } from "../../plasticity/store.ts";
import { emptyStore, flaws, STORE_ADDRESS } from "../../plasticity/test-fixtures.ts";
import { addPrune } from "./prune.ts";
import { compileOver, firstDifference } from "./test-fixtures.ts";

const shapes = fc.record({
  rows: fc.integer({ min: 1, max: 12 }),
  columns: fc.integer({ min: 1, max: 12 }),
  arrays: fc.integer({ min: 1, max: 3 }),
  seed: fc.nat(10_000),
  share: fc.constantFrom(0, 0.25, 0.75, 1),
});

/** A store whose lists are out of order, by births and deaths. */
function randomStore(
  { rows, columns, arrays, seed }: { rows: number; columns: number; arrays: number; seed: number },
  precision: "f64" | "f32",
): SynapseStore {
  const rng = createRng(seed);
  const store = emptyStore(rows, columns, { arrays, precision });
  for (let k = 0; k < 2 * rows * columns; k++) {
    const [post, pre] = [rng.integer(rows), rng.integer(columns)];
    if (!store.has(post, pre)) {
      store.insert(
        post,
        pre,
        // Some right at a threshold.
        Array.from({ length: arrays }, () => (rng.uniform() < 0.2 ? 0.25 : rng.uniform())),
      );
    } else if (rng.uniform() < 0.5) {
      store.remove(post * store.layout.inCapacity + rng.integer(store.inCount[post]));
    }
  }
  store.header.fill(0, 1, 3);
  return store;
}

describe.each(["f64", "f32"] as const)("addPrune, %s", (precision) => {
  it.each(["row", "list"] as const)("leaves the memory that SynapseStore.remove leaves, by %s", (side) => {
    fc.assert(
      fc.property(shapes, ({ share, ...shape }) => {
        const store = randomStore(shape, precision);
        const { layout } = store;
        const units = side === "row" ? layout.rows : layout.columns;
        const add = (module: ModuleBuilder) => {
          const prune = addPrune(module, "s", { precision, stride: 1, layout });
          return module.addFunction(
            "run",
            { parameters: ["i32", "i32", precision], results: [] },
            (code) =>
              code.get(code.parameter(0)).get(code.parameter(1)).get(code.parameter(2)).call(prune[side]),
            { exported: true },
          );
        };
        const kernel = compileOver(store, add);
        for (let unit = 0; unit < units; unit++) {
          kernel.run(STORE_ADDRESS, 4 * unit, share);
          if (side === "row") {
            for (let s = unit * layout.inCapacity; s < unit * layout.inCapacity + store.inCount[unit]; ) {
              if (store.values[0][s] <= share) store.remove(s);
              else s++;
            }
          } else {
            for (let e = unit * layout.outCapacity; e < unit * layout.outCapacity + store.outCount[unit]; ) {
              const slot = store.outSlot[e] / 4;
              if (store.values[0][slot] <= share) store.remove(slot);
              else e++;
            }
          }
        }
        expect(flaws(store)).toEqual([]);
        expect(firstDifference(kernel.memory, store)).toBe(-1);
        for (const [, w] of store.weights().values.entries()) expect(w).toBeGreaterThan(share);
      }),
      { seed: 2, numRuns: 30 },
    );
  });
});

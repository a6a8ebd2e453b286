import { describe, expect, it } from "vitest";
import { createRng, type DenseMatrix, dense, toDense } from "../../../core/index.ts";
import type { NormalisationRule } from "../../../model/index.ts";
import { bindNormalisation } from "../../backends/plasticity-interpret.ts";
import type { SynapseStore } from "../../plasticity/store.ts";
import { emptyStore, STORE_ADDRESS } from "../../plasticity/test-fixtures.ts";
import { addNormaliseIncoming } from "./normalise.ts";
import { addNormaliseOutgoing } from "./normalise-outgoing.ts";
import { compileOver, firstDifference } from "./test-fixtures.ts";

type Rule = Pick<NormalisationRule, "over" | "total" | "rate"> & { onlyChanged: boolean };

const rules = (["incoming", "outgoing", "both"] as const).flatMap((over) =>
  [1, 0.25].flatMap((rate) => [1, 2.5].map((total) => ({ over, rate, total }))),
);

/** Positive weights, one unit of each side without any, lists out of order. */
function randomStore(precision: "f64" | "f32", seed: number, rows = 9): SynapseStore {
  const rng = createRng(seed);
  const store = emptyStore(rows, 13, { precision, arrays: 2 });
  for (let k = 0; k < 10 * rows; k++) {
    const [post, pre] = [rng.integer(rows), rng.integer(13)];
    if (post === 4 || pre === 6 || store.has(post, pre)) continue;
    store.insert(post, pre, [rng.uniform() + 0.01, 7]);
  }
  return store;
}

function compiled(store: SynapseStore, rule: Rule, precision: "f64" | "f32") {
  const target = { precision, stride: 1, layout: store.layout, ...rule };
  const kernel = compileOver(store, (module) =>
    rule.over === "incoming"
      ? addNormaliseIncoming(module, "s", target)
      : addNormaliseOutgoing(module, "s", target),
  );
  // Scratch after the store: one number per post unit, then per pre unit.
  return { ...kernel, scale: () => void kernel.run(STORE_ADDRESS, kernel.free, kernel.free + 1024) };
}

function sums(m: DenseMatrix, over: "incoming" | "outgoing"): number[] {
  const count = over === "incoming" ? m.rows : m.columns;
  const out = new Array<number>(count).fill(0);
  m.values.forEach((w, k) => {
    out[over === "incoming" ? Math.floor(k / m.columns) : k % m.columns] += w;
  });
  return out;
}

/** w (1 + rate (total / s − 1)), by the words of the rule and over the whole matrix. */
function scaled(m: DenseMatrix, { over, total, rate }: Rule): Float64Array {
  const factor = (sum: number) => (sum === 0 ? 1 : total / sum);
  const incoming = sums(m, "incoming").map(factor);
  const outgoing = sums(m, "outgoing").map(factor);
  return m.values.map((w, k) => {
    const [i, o] = [incoming[Math.floor(k / m.columns)], outgoing[k % m.columns]];
    const f = { incoming: i, outgoing: o, both: (i + o) / 2 }[over];
    return w * (1 + rate * (f - 1));
  });
}

describe.each(rules)("normalisation $over, rate $rate, total $total", ({ over, rate, total }) => {
  const rule: Rule = { over, rate, total, onlyChanged: over === "incoming" && rate === 1 };

  it("is w (1 + rate (total / s − 1)), and a unit without weights is left alone", () => {
    const store = randomStore("f64", 1);
    const before = toDense(store.weights());
    const kernel = compiled(store, rule, "f64");
    kernel.scale();
    const after = toDense(kernel.store.weights());
    scaled(before, rule).forEach((w, k) => {
      expect(after.values[k]).toBeCloseTo(w, 14);
    });
    expect(after.values.every(Number.isFinite)).toBe(true);
    expect(kernel.store.values[1]).toEqual(store.values[1]);
  });

  it.each(["f64", "f32"] as const)(
    "has the interpreter's bits in every byte of the memory, %s",
    (precision) => {
      for (let seed = 0; seed < 6; seed++) {
        const store = randomStore(precision, seed);
        if (seed % 3 === 1) store.dirty.fill(0, 2, 7);
        const kernel = compiled(store, rule, precision);
        const interpret = bindNormalisation({ kind: "normalisation", name: "sn", ...rule }, store);
        for (let k = 0; k < 3; k++) {
          kernel.scale();
          interpret();
        }
        expect(firstDifference(kernel.memory, store)).toBe(-1);
      }
    },
  );
});

describe.each(rules.filter(({ over }) => over !== "both"))(
  "normalisation $over, rate $rate, total $total",
  ({ over, rate, total }) => {
    const rule: Rule = { over, rate, total, onlyChanged: over === "incoming" && rate === 1 };
    const side = over === "outgoing" ? over : "incoming";

    it.runIf(over !== "both")(
      "brings the sums to the total, a share `rate` of what is left at each step",
      () => {
        const store = randomStore("f64", 3);
        const start = sums(toDense(store.weights()), side);
        const kernel = compiled(store, rule, "f64");
        for (let k = 1; k <= 8; k++) {
          kernel.scale();
          const now = sums(toDense(kernel.store.weights()), side);
          now.forEach((sum, unit) => {
            const want = start[unit] === 0 ? 0 : total + (start[unit] - total) * (1 - rate) ** k;
            expect(sum).toBeCloseTo(want, 13);
          });
        }
      },
    );
  },
);

describe("normalisation of both sides", () => {
  it("relaxes to incoming and outgoing sums of the total, where both can hold", () => {
    const store = emptyStore(6, 6, {});
    const rng = createRng(5);
    store.load(
      dense(
        6,
        6,
        Array.from({ length: 36 }, () => rng.uniform() + 0.1),
      ),
      [],
    );
    const kernel = compiled(store, { over: "both", rate: 0.1, total: 1, onlyChanged: false }, "f64");
    for (let k = 0; k < 2000; k++) kernel.scale();
    const m = toDense(kernel.store.weights());
    for (const sum of [...sums(m, "incoming"), ...sums(m, "outgoing")]) expect(sum).toBeCloseTo(1, 9);
  });
});

describe("normalisation of what has changed", () => {
  it("passes over units that no rule has marked, and takes the mark down", () => {
    const store = randomStore("f64", 8);
    store.dirty.fill(0);
    store.dirty[2] = 1;
    const before = toDense(store.weights());
    const kernel = compiled(store, { over: "incoming", rate: 1, total: 1, onlyChanged: true }, "f64");
    kernel.scale();
    const after = toDense(kernel.store.weights());
    for (let post = 0; post < 9; post++) {
      const row = (m: DenseMatrix) => m.values.slice(13 * post, 13 * post + 13);
      if (post === 2) expect(row(after).reduce((a, b) => a + b)).toBeCloseTo(1, 14);
      else expect(row(after)).toEqual(row(before));
    }
    expect([...kernel.store.dirty]).toEqual(new Array(9).fill(0));
  });
});

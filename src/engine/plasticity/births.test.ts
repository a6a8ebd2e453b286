import { describe, expect, it } from "vitest";
import { onWarning } from "../../core/index.ts";
import { structuralPlasticity } from "../../model/index.ts";
import { birthsOf } from "./births.ts";
import { HEADER } from "./layout.ts";
import type { SynapseStore } from "./store.ts";
import { emptyStore, flaws, slotOf, synapsesOf } from "./test-fixtures.ts";

const make = (
  store: SynapseStore,
  rule: { births: number; weight?: number; autapses?: boolean },
  options: { recurrent?: boolean; stream?: string; initial?: number[] } = {},
) => {
  const give = birthsOf(structuralPlasticity("sp", rule), store, {
    stream: "1/births",
    recurrent: true,
    initial: [],
    where: "projection E->E",
    ...options,
  });
  return (step: number) => {
    store.header[HEADER.births] = 0;
    store.header[HEADER.deaths] = 0;
    give(step);
    return [...store.bornPairs.subarray(0, store.header[HEADER.births])];
  };
};

const sd = (n: number, p: number) => Math.sqrt(n * p * (1 - p));

describe("birthsOf", () => {
  it("takes every free pair as often, and none that is there or of a unit with itself", () => {
    const n = 6;
    const store = emptyStore(n, n);
    for (const [post, pre] of [
      [0, 1],
      [3, 2],
      [5, 5],
    ]) {
      store.insert(post, pre, [1]);
    }
    const step = make(store, { births: 1 });
    const hits = new Map<number, number>();
    const free = n * n - n - 2;
    const steps = 28_000;
    for (let k = 0; k < steps; k++) {
      const [pair, ...more] = step(k);
      expect(more).toEqual([]);
      hits.set(pair, (hits.get(pair) ?? 0) + 1);
      store.remove(slotOf(store, Math.floor(pair / n), pair % n));
    }
    expect(hits.size).toBe(free);
    expect([...hits.keys()].some((pair) => pair % (n + 1) === 0 || pair === 1 || pair === 20)).toBe(false);
    for (const count of hits.values()) {
      expect(Math.abs(count - steps / free)).toBeLessThan(5 * sd(steps, 1 / free));
    }
    expect(flaws(store)).toEqual([]);
  });

  it.each([0, 0.1, 1, 2.7])("gives %d births a step on average, the whole part for certain", (births) => {
    const store = emptyStore(20, 20);
    const step = make(store, { births });
    let total = 0;
    const steps = 4000;
    for (let k = 0; k < steps; k++) {
      const born = step(k);
      expect([Math.floor(births), Math.ceil(births)]).toContain(born.length);
      total += born.length;
      for (const pair of born) store.remove(slotOf(store, Math.floor(pair / 20), pair % 20));
    }
    expect(Math.abs(total - births * steps)).toBeLessThanOrEqual(5 * sd(steps, births % 1));
  });

  it("gives weight and traces their starting values", () => {
    const store = emptyStore(2, 2, { arrays: 3 });
    const [pair] = make(store, { births: 1, weight: 0.25 }, { initial: [7, -1] })(0);
    expect(synapsesOf(store)).toEqual(new Map([[pair, [0.25, 7, -1]]]));
  });

  it.each([
    { autapses: false, recurrent: true, most: 20 },
    { autapses: true, recurrent: true, most: 25 },
    { autapses: false, recurrent: false, most: 25 },
  ])("fills the matrix and stops: %o", ({ autapses, recurrent, most }) => {
    const store = emptyStore(5, 5);
    const step = make(store, { births: 3, autapses }, { recurrent });
    for (let k = 0; k < 40; k++) step(k);
    expect(store.size).toBe(most);
    expect([0, 1, 2, 3, 4].some((unit) => store.has(unit, unit))).toBe(most === 25);
    expect(step(99)).toEqual([]);
    expect(store.header[HEADER.refused]).toBe(0);
  });

  it("fills the matrix beside units that are connected to themselves", () => {
    const store = emptyStore(4, 4);
    store.insert(0, 0, [1]);
    store.insert(2, 2, [1]);
    const step = make(store, { births: 2 });
    for (let k = 0; k < 40; k++) step(k);
    expect(store.size).toBe(4 * 3 + 2);
  });

  it.each([
    [{ inCapacity: 4 }, "4 incoming synapses (set incomingCapacity)"],
    [{ outCapacity: 3 }, "3 outgoing synapses"],
  ])("refuses a birth that finds no room, counts it and says so once: %o", (capacity, most) => {
    const heard: string[] = [];
    const restore = onWarning((code, message) => heard.push(`${code}: ${message}`));
    const store = emptyStore(9, 9, capacity);
    const step = make(store, { births: 4 });
    let born = 0;
    for (let k = 0; k < 60; k++) born += step(k).length;
    restore();
    expect(store.size).toBe(born);
    expect(store.header[HEADER.refused]).toBeGreaterThan(0);
    expect(born + store.header[HEADER.refused]).toBe(240);
    expect(heard).toEqual([
      `synapse-capacity: projection E->E: a birth found no room; units hold at most ${most}`,
    ]);
    expect(flaws(store)).toEqual([]);
  });

  it("depends on the stream and the step alone", () => {
    const born = (stream: string, steps: number[]) => {
      const step = make(emptyStore(50, 50), { births: 1.5 }, { stream });
      return steps.map(step);
    };
    expect(born("1/a", [3, 4, 5])).toEqual(born("1/a", [3, 4, 5]));
    expect(born("1/a", [5])).toEqual(born("1/a", [3, 4, 5]).slice(2));
    expect(born("1/a", [3, 4, 5])).not.toEqual(born("2/a", [3, 4, 5]));
    expect(born("1/a", [2 ** 32 + 3])).not.toEqual(born("1/a", [3]));
  });
});

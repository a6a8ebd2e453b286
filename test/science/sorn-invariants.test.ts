import { describe, expect, it } from "vitest";
import { createRng, type SparseMatrix } from "../../src/core/index.ts";
import { simulate } from "../../src/engine/index.ts";
import { delpapa2017, type Network, zheng2013 } from "../../src/model/index.ts";

/** Incoming sums of 1, weights in [0, 1], and, of recurrent weights, no unit onto itself. */
function checkWeights({ rowStart, column, values }: SparseMatrix, recurrent: boolean, at: string): void {
  let worst = 0;
  let outside = 0;
  let selves = 0;
  for (let post = 0; post + 1 < rowStart.length; post++) {
    let sum = 0;
    for (let k = rowStart[post]; k < rowStart[post + 1]; k++) {
      sum += values[k];
      if (!(values[k] >= 0 && values[k] <= 1)) outside++;
      if (recurrent && column[k] === post) selves++;
    }
    worst = Math.max(worst, Math.abs(sum - 1));
  }
  expect([outside, selves], at).toEqual([0, 0]);
  expect(worst, at).toBeLessThan(1e-9);
}

const presets: [string, number, (seed: number) => Network][] = [
  ["delpapa2017", 1, (seed) => delpapa2017({}, createRng(seed))],
  ["zheng2013", 2, (seed) => zheng2013({}, createRng(seed))],
];

// Ranges measured over 14 seeds of an independent implementation, fast and slow inhibition.
describe.each(presets)("the first 20 000 steps of %s, seed %d", (_name, seed, preset) => {
  it("keep every invariant", () => {
    const run = simulate(preset(seed), { seed });
    const pairs = 200 * 200;
    const record = run.recordSynapses("E->E");
    const spikes = run.recordSpikes("E.x");
    const start = run.weights("E->E").values.length;
    expect(start / pairs).toBeGreaterThan(0.093);
    expect(start / pairs).toBeLessThan(0.107);
    for (let k = 1; k <= 20; k++) {
      run.run(1000);
      checkWeights(run.weights("E->E"), true, `E->E, step ${1000 * k}`);
      checkWeights(run.weights("I->E"), false, `I->E, step ${1000 * k}`);
    }
    const counts = record.counts();
    expect(counts[9999] / pairs).toBeGreaterThan(0.05);
    expect(counts[9999] / pairs).toBeLessThan(0.062);
    const { births, deaths } = record.turnover;
    expect(Math.abs(births - 2000)).toBeLessThan(5 * Math.sqrt(20_000 * 0.1 * 0.9));
    expect(start + births - deaths).toBe(counts[19_999]);
    // Synapses onto E from I are floored, so none is lost.
    expect(run.weights("I->E").values.length).toBe(simulate(preset(seed)).weights("I->E").values.length);
    const last = spikes.activity().subarray(10_000);
    expect(Math.abs(last.reduce((a, b) => a + b, 0) / last.length - 20)).toBeLessThan(0.5);
  });
});

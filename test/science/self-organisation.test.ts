/**
 * @file The fast part of the acceptance list of self-organising networks, with fixed seeds; `npm run science` measures
 * all of it over many. Ids are those of the list.
 */

import { describe, expect, it } from "vitest";
import { connectionPhases, firingRates } from "../../src/analysis/index.ts";
import { createRng } from "../../src/core/index.ts";
import { simulate } from "../../src/engine/index.ts";
import { countingExperiment } from "../../src/learning/index.ts";
import { delpapa2017 } from "../../src/model/index.ts";

const PAIRS = 200 * 199;

describe("a self-organising network", () => {
  it("loses and regains connections when it should, and every unit keeps its rate (S3, S4)", () => {
    const run = simulate(delpapa2017({}, createRng(4)), { seed: 4 });
    const start = run.weights("E->E").values.length / PAIRS;
    const synapses = run.recordSynapses("E->E", { every: 1000 });
    run.run(200_000);
    const fraction = Array.from(synapses.counts(), (n) => n / PAIRS);
    const steps = [0, ...fraction.map((_, k) => (k + 1) * 1000)];
    const { initial, minimum } = connectionPhases({ steps, fraction: [start, ...fraction] });
    expect(initial).toBeGreaterThan(0.093);
    expect(initial).toBeLessThan(0.107);
    expect(minimum.fraction).toBeGreaterThan(0.009);
    expect(minimum.fraction).toBeLessThan(0.017);
    expect(minimum.step).toBeGreaterThan(40_000);
    expect(minimum.step).toBeLessThan(80_000);
    expect(fraction.at(-1)! / minimum.fraction).toBeGreaterThan(1.5);

    const spikes = run.recordSpikes("E.x", { raster: true });
    run.run(100_000);
    const rates = firingRates(spikes.raster());
    for (const rate of rates) expect(Math.abs(rate - 0.1)).toBeLessThan(5e-4);
  }, 60_000);

  it("fires like independent units under strong noise (S6)", () => {
    const run = simulate(delpapa2017({ change: { noise: Math.sqrt(5) } }, createRng(1)), { seed: 1 });
    run.run(50_000);
    const spikes = run.recordSpikes("E.x");
    run.run(50_000);
    const activity = Array.from(spikes.activity());
    const mean = activity.reduce((a, b) => a + b, 0) / activity.length;
    const variance = activity.reduce((sum, a) => sum + (a - mean) ** 2, 0) / activity.length;
    expect(mean).toBeCloseTo(20, 1);
    expect(Math.sqrt(variance) / Math.sqrt(200 * 0.1 * 0.9)).toBeGreaterThan(0.9);
    expect(Math.sqrt(variance) / Math.sqrt(200 * 0.1 * 0.9)).toBeLessThan(1.1);
  }, 60_000);

  it("counts to eight, where a static network and intrinsic plasticity alone do not (S7)", () => {
    const { conditions, repeating } = countingExperiment({ n: 8, seed: 1 });
    const position = (name: string) => conditions[name].scores["E.x"].position!;
    expect(position("sorn")).toBeGreaterThanOrEqual(0.99);
    expect(position("sorn") - position("static")).toBeGreaterThanOrEqual(0.08);
    expect(position("ip-only")).toBeLessThan(0.75);
    expect(repeating.nextSymbolNormalised).toBeCloseTo((8 + 0.5) / (8 + 1.5), 1);
  }, 60_000);
});

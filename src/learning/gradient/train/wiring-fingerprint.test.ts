import { describe, expect, it } from "vitest";
import { createRng } from "../../../core/index.ts";
import { perceptualDecision } from "../../../tasks/index.ts";
import { packData, unpackData } from "../../self-organisation/pack-data.ts";
import { type RateNetwork, rateNetwork } from "./rate-network.ts";
import type { RateNetworkOptions } from "./rate-network-options.ts";
import { train } from "./train.ts";
import { Trainer } from "./trainer.ts";

const songs = (units: number, options: Partial<RateNetworkOptions> = {}) =>
  rateNetwork({ inputs: 2, units, outputs: 2, dale: 0.8, rng: createRng(3).stream("network"), ...options });
const task = perceptualDecision({ timing: { stimulus: 60, decision: 60 }, catchFraction: 0 });
const options = { network: songs(10), task, updates: 1, batchSize: 4, validation: false } as const;

describe("bytes of a run", () => {
  it("are refused by other synapses, signs or fixed weights, though there are as many", () => {
    const units = 10;
    // Each unit hears the four after it, or the four before it.
    const ring = (way: number) =>
      Float64Array.from({ length: units * units }, (_, k) => {
        const ahead = (way * ((k % units) - Math.floor(k / units)) + units) % units;
        return ahead >= 1 && ahead <= 4 ? 1 : 0;
      });
    const dale = [1, 1, 1, 1, 1, 1, 1, 1, -1, -1];
    const tau = Float64Array.from({ length: units }, (_, k) => 100 + k);
    const wired = (other: Partial<RateNetworkOptions> = {}) =>
      songs(units, { masks: { rec: ring(1) }, dale, tau, initial: {}, ...other });
    const { checkpoint } = train({ ...options, network: wired(), updates: 1 });
    const again = (network: RateNetwork, bytes = checkpoint) =>
      expect(() => new Trainer({ ...options, network }).restore(bytes));
    again(wired()).not.toThrow();
    again(wired({ rng: createRng(8).stream("network") })).not.toThrow(); // where weights started is past
    const what = "restore: the run was saved with other synapses, signs, or fixed weights. Make the trainer";
    again(wired({ masks: { rec: ring(-1) } })).toThrow(what);
    again(wired({ dale: [...dale].reverse() })).toThrow(what);
    again(wired({ tau: tau.toReversed() })).toThrow(what);
    const held = (w: number) => wired({ fixed: { in: new Float64Array(2 * units).fill(w) } });
    const other = train({ ...options, network: held(0.1), updates: 1 }).checkpoint;
    again(held(0.1), other).not.toThrow();
    again(held(0.2), other).toThrow(what);
  });

  it("of before wiring was looked at are taken", () => {
    const { checkpoint, last } = train({ ...options, updates: 1 });
    const saved = unpackData(checkpoint) as { options: Record<string, string> };
    const { wiring, ...rest } = saved.options;
    expect(wiring).toMatch(/^"[0-9a-f]{16}"$/);
    const trainer = new Trainer(options);
    trainer.restore(packData({ ...saved, options: rest }));
    expect(trainer.result().last).toEqual(last);
  });
});

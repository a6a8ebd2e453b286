import { describe, expect, it } from "vitest";
import { ConnectomeStore } from "../connectome-source.ts";
import { resolved, SMALL } from "../fixtures/worm.ts";
import { trainingSchema } from "../spec/training-schema.ts";
import { jobCost, totalBytes, totalSeconds, trainingCost } from "./cost-model.ts";
import { planExperiment } from "./plan-experiment.ts";

const costOf = async (set: string[] = [], outputs = 200) => {
  const { jobs } = planExperiment(resolved(SMALL, set));
  return jobCost(jobs[jobs.length - 1], await new ConnectomeStore().prepare(jobs[0].experiment), outputs);
};

describe("jobCost", () => {
  it("grows with steps, cells, outputs and swaps", async () => {
    const base = await costOf();
    const longer = await costOf(["task.steps=11000"]);
    expect(longer.seconds).toBeGreaterThan(2 * base.seconds);
    expect((await costOf(["sweep.network.spectralRadius={linspace: [0.1, 2, 50]}"])).seconds).toBeGreaterThan(
      4 * base.seconds,
    );
    expect((await costOf([], 20)).seconds).toBeLessThan(base.seconds);
    expect((await costOf(["nullModels.0.swapsPerEdge=1000"])).seconds).toBeGreaterThan(base.seconds + 1);
    expect(longer.bytes).toBeGreaterThan(base.bytes);
  });
});

describe("trainingCost", () => {
  const size = { steps: 100, units: 50, channels: 4, synapses: 2500 };
  const seconds = (more: object, threads?: number) => {
    const task = { name: "perceptual-decision" };
    return trainingCost(trainingSchema.parse({ kind: "training", task, ...more }), size, threads).seconds;
  };

  it("shares updates and validations among threads, as far as there are shards, and no test", () => {
    const long = { updates: 1e6, gradient: { shards: 4 } };
    expect(seconds(long, 2) / seconds(long)).toBeCloseTo(1 / 2, 3);
    expect(seconds(long, 8)).toBe(seconds(long, 4));
    // Of four shards one of three threads has two.
    expect(seconds(long, 3)).toBe(seconds(long, 2));
    expect(seconds({ updates: 1e6 }, 4)).toBe(seconds({ updates: 1e6 }));
    const tested = { updates: 1, validation: false, test: { trials: 1e6 }, gradient: { shards: 4 } };
    expect(seconds(tested, 4) / seconds(tested)).toBeCloseTo(1, 3);
  });
});

describe("totals", () => {
  const cost = (seconds: number, bytes: number) => ({ seconds, bytes });

  it("share the time among workers, but no job is split", () => {
    expect(totalSeconds([cost(1, 0), cost(1, 0), cost(2, 0)], 2)).toBe(2);
    expect(totalSeconds([cost(1, 0), cost(5, 0)], 4)).toBe(5);
    expect(totalSeconds([cost(1, 0), cost(2, 0)], 0)).toBe(3);
  });

  it("count the largest job once for each worker that has one", () => {
    const costs = [cost(1, 10e6), cost(1, 5e6)];
    expect(totalBytes(costs, 2) - totalBytes(costs, 1)).toBe(45e6 + 10e6);
    expect(totalBytes(costs, 8)).toBe(totalBytes(costs, 2));
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { resolved, SMALL } from "../fixtures/worm.ts";
import { planExperiment, remainingJobs } from "./plan-experiment.ts";

describe("planExperiment", () => {
  it("makes one job of each network, repeat and fixed value, the empirical network first", () => {
    const plan = planExperiment(resolved());
    expect(plan.cells).toBe(10);
    expect(plan.jobs.map(({ id }) => id)).toEqual(
      ["empirical", "rewired-00", "rewired-01", "rewired-02"].flatMap((network) =>
        [0, 1].flatMap((r) => ["tanh", "relu"].map((f) => `${network}.r${r}.activation=${f}`)),
      ),
    );
    const [, relu] = plan.jobs;
    expect(relu).toMatchObject({
      index: 1,
      network: "empirical",
      nullModel: null,
      nullIndex: null,
      repeat: 0,
      fixed: { "network.neuron.activation": "relu" },
    });
    expect(relu.experiment.network.neuron).toMatchObject({ activation: "relu" });
    expect(relu.cells.map(({ index }) => index)).toEqual([1, 3, 5, 7, 9]);
    expect(relu.cells.map(({ factors }) => factors["network.spectralRadius"])).toEqual([
      0.1, 0.575, 1.05, 1.525, 2,
    ]);
  });

  it("splits cells over jobs evenly, and names the parts by their first cell", () => {
    const plan = planExperiment(resolved(), { instances: 2 });
    const parts = plan.jobs.filter(({ group }) => group === "empirical.r0.activation=tanh");
    expect(parts.map(({ id, cells }) => [id, cells.map((c) => c.index)])).toEqual([
      ["empirical.r0.activation=tanh.c0", [0]],
      ["empirical.r0.activation=tanh.c2", [2, 4]],
      ["empirical.r0.activation=tanh.c6", [6, 8]],
    ]);
  });

  it("covers every cell of every group once, whatever the chunking", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 30 }), (instances) => {
        const plan = planExperiment(resolved(), { instances });
        const seen = plan.jobs.flatMap(({ group, cells }) => cells.map(({ index }) => `${group}/${index}`));
        expect(new Set(seen).size).toBe(seen.length);
        expect(seen.length).toBe(4 * 2 * 10);
        expect(new Set(plan.jobs.map(({ id }) => id)).size).toBe(plan.jobs.length);
        for (const { cells } of plan.jobs) expect(cells.length).toBeLessThanOrEqual(instances);
      }),
      { seed: 1 },
    );
  });

  it("is one job when nothing is swept and there are no nulls", () => {
    const text = "connectome: { name: celegans }\ntask: { kind: memory-capacity }";
    expect(planExperiment(resolved(text)).jobs.map(({ id, cells }) => [id, cells])).toEqual([
      ["empirical.r0", [{ index: 0, factors: {} }]],
    ]);
  });

  it("calls a column by the leaf of its path, by the whole path on a clash", () => {
    const set = [
      "sweep.network.input.nodes=[all, {random: 3}]",
      "sweep.network.output.nodes=[all]",
      "sweep.connectome.name=[celegans]",
    ];
    expect(planExperiment(resolved(SMALL, set)).factors.map(({ column }) => column)).toEqual([
      "spectralRadius",
      "activation",
      "network.input.nodes",
      "network.output.nodes",
      "name",
    ]);
  });

  it("names a value that is no file name by its place", () => {
    const jobs = planExperiment(resolved(SMALL, ["sweep.network.input.nodes=[all, {random: 3}]"])).jobs;
    expect(jobs[1].id).toBe("empirical.r0.activation=tanh.nodes=1th");
    expect(jobs[1].fixed["network.input.nodes"]).toBe('{"random":3}');
  });
});

describe("remainingJobs", () => {
  it("leaves what is not done, under names that no record has", () => {
    const plan = planExperiment(resolved());
    const done = new Map([
      ["empirical.r0.activation=tanh", new Set([0, 2, 4, 6, 8])],
      ["empirical.r0.activation=relu", new Set([1, 5])],
    ]);
    const left = remainingJobs(plan, done);
    expect(left.length).toBe(15);
    expect(left[0]).toMatchObject({
      id: "empirical.r0.activation=relu.c3",
      group: "empirical.r0.activation=relu",
    });
    expect(left[0].cells.map(({ index }) => index)).toEqual([3, 7, 9]);
  });
});

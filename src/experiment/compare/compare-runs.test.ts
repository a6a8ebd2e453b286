import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { compareRuns } from "./compare-runs.ts";
import { type FixtureJob, type FixtureRun, writeRun } from "./run-directory.fixture.ts";

let parent: string;
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), "cajal-compare-"));
});
afterEach(() => rmSync(parent, { recursive: true }));

const path = (name: string) => join(parent, name);
const write = (name: string, run: FixtureRun) => writeRun(path(name), run);
const compare = (choices: string[], options = {}) =>
  compareRuns(choices, { resolve: (folder) => path(folder), ...options });
/** Repeats whose loss falls to `lowest + repeat / 100` at the third of four validations. */
const repeats = (count: number, lowest: number, more: Partial<FixtureJob> = {}): FixtureJob[] =>
  Array.from({ length: count }, (_, repeat) => ({
    repeat,
    loss: [1, 0.8, lowest + repeat / 100, 0.9],
    ...more,
  }));

describe("compareRuns", () => {
  it("sums up each group: band, minimum, update of the minimum", async () => {
    write("a", { jobs: repeats(3, 0.1) });
    write("b", { jobs: repeats(3, 0.5) });
    const { groups, metrics, curves, validated, kind } = await compare(["a", "b"]);
    expect([kind, validated]).toEqual(["training", true]);
    expect(metrics).toEqual(["minimumLoss", "updateOfMinimum", "updateNearMinimum"]);
    const [a] = groups;
    expect(a).toMatchObject({ label: "a", jobs: 3, repeats: 3, settings: [] });
    expect(a.loss).toEqual({
      updates: [10, 20, 30, 40],
      median: [1, 0.8, 0.11, 0.9],
      q25: [1, 0.8, expect.closeTo(0.105), 0.9],
      q75: [1, 0.8, expect.closeTo(0.115), 0.9],
    });
    expect(a.metrics.minimumLoss.values).toEqual([0.1, 0.11, expect.closeTo(0.12)]);
    expect(a.metrics.updateOfMinimum.summary.median).toBe(30);
    expect(curves.map((settings) => settings.map(({ loss }) => loss.length))).toEqual([[3], [3]]);
  });

  it("tests every pair, exactly, and corrects for their number", async () => {
    write("a", { jobs: repeats(4, 0.1) });
    write("b", { jobs: repeats(4, 0.5) });
    write("c", { jobs: repeats(4, 0.105) });
    const { tests } = await compare(["a", "b", "c"], { metrics: ["minimumLoss"] });
    expect(tests.map(({ a, b }) => [a, b])).toEqual([
      ["a", "b"],
      ["a", "c"],
      ["b", "c"],
    ]);
    expect(tests[0]).toMatchObject({
      difference: expect.closeTo(-0.4),
      cliffsDelta: -1,
      p: expect.closeTo(2 / 70),
      pHolm: expect.closeTo(6 / 70),
      exact: true,
    });
    // g = J d with d = −0.4 / 0.0129 and J(6) = 0.8686.
    expect(tests[0].g).toBeCloseTo((-0.4 / Math.sqrt(0.0005 / 3)) * 0.86863, 2);
    expect(tests[1].p).toBeGreaterThan(0.3);
  });

  it("splits one run by a factor, or takes one of its values", async () => {
    const jobs = ["bio", "random"].flatMap((topology, k) =>
      [0.001, 0.01].flatMap((learningRate) => repeats(2, 0.1 + k, { factors: { topology, learningRate } })),
    );
    write("a", { jobs });
    const split = await compare(["a:topology"]);
    expect(split.groups.map(({ label, jobs: n, repeats: r }) => [label, n, r])).toEqual([
      ["topology bio", 4, 2],
      ["topology random", 4, 2],
    ]);
    expect(split.groups[0].settings).toEqual(["learningRate 0.001", "learningRate 0.01"]);
    expect(split.curves[0].map(({ setting }) => setting)).toEqual(split.groups[0].settings);
    // A repeat counts once, not once a cell.
    expect(split.groups[0].metrics.minimumLoss.values).toEqual([0.1, 0.11]);
    const chosen = await compare(["a:topology=bio,learningRate=1e-3", "a:topology=random,learningRate=1e-3"]);
    expect(chosen.groups.map(({ label }) => label)).toEqual([
      "topology bio, learningRate 0.001",
      "topology random, learningRate 0.001",
    ]);
    expect(chosen.cautions.some((words) => words.includes("pools"))).toBe(false);
  });

  it("goes on with the last value of a repeat that stopped early", async () => {
    const stopped: FixtureJob = { repeat: 0, loss: [1, 0.2] };
    write("a", { jobs: [stopped, { repeat: 1, loss: [1, 0.9, 0.8, 0.7] }] });
    write("b", { jobs: repeats(2, 0.5) });
    const { groups } = await compare(["a", "b"]);
    expect(groups[0].loss?.median).toEqual([1, expect.closeTo(0.55), 0.5, expect.closeTo(0.45)]);
  });

  it("cuts all at one update", async () => {
    write("a", { jobs: repeats(2, 0.1) });
    write("b", { jobs: repeats(2, 0.5) });
    const { groups } = await compare(["a", "b"], { until: 20 });
    expect(groups.map(({ metrics }) => metrics.minimumLoss.values)).toEqual([
      [0.8, 0.8],
      [0.8, 0.8],
    ]);
  });

  it("takes the losses of the batches where nothing was validated", async () => {
    for (const name of ["a", "b"]) write(name, { jobs: repeats(2, 0.1, { validated: false }) });
    const { validated, groups } = await compare(["a", "b"]);
    expect(validated).toBe(false);
    expect(groups[0].loss?.updates).toEqual([1, 2, 3, 4]);
  });

  it("compares metrics of runs without learning curves, networks by themselves", async () => {
    const jobs = ["empirical", "rewired"].flatMap((network, k) =>
      [0, 1].map((repeat) => ({ repeat, network, metrics: { memoryCapacity: 10 - k + repeat } })),
    );
    write("a", { jobs, kind: "memory" });
    const { groups, metrics, curves, tests } = await compare(["a"]);
    expect(metrics).toEqual(["memoryCapacity"]);
    expect(curves).toEqual([]);
    expect(groups.map(({ label, metrics: own }) => [label, own.memoryCapacity.values])).toEqual([
      ["empirical", [10, 11]],
      ["rewired", [9, 10]],
    ]);
    expect(tests[0].difference).toBe(1);
  });

  it("leaves out repeats without a value, and says so", async () => {
    const jobs = repeats(4, 0.1, { correct: [0.5, 0.6, 0.9, 0.8] });
    write("a", {
      jobs: jobs.map((job, k) => (k < 3 ? { ...job, metrics: { updatesToTarget: 30 } } : job)),
      failures: 2,
    });
    write("b", { jobs: repeats(4, 0.1, { metrics: { updatesToTarget: 20 }, task: "other" }) });
    const { cautions, groups } = await compare(["a", "b"]);
    expect(groups[0].metrics.updatesToTarget.values).toHaveLength(3);
    expect(cautions).toEqual([
      "The groups were trained on different tasks (n-back, other): their losses are not of one kind.",
      "With so few repeats p cannot fall below 0.057; four in each group can reach 0.03.",
      "updatesToTarget of a: 1 of 4 repeats without a value, left out.",
      expect.stringMatching(/^2 failures in .*a, left out; see its report\.$/),
    ]);
  });

  it("warns of minima of trainings that ended at their target, and of other lengths", async () => {
    write("a", { jobs: repeats(4, 0.1, { status: "reached" }) });
    write("b", { jobs: repeats(4, 0.1, { updates: [10, 20, 30, 50] }) });
    write("c", { jobs: repeats(4, 0.1) });
    expect((await compare(["a", "b"])).cautions).toEqual([
      expect.stringMatching(/^Some trainings ended when they reached their target/),
    ]);
    expect((await compare(["b", "c"])).cautions).toEqual([
      "The groups were trained for different numbers of updates (50, 40); --until cuts all at one.",
    ]);
  });

  it("tells folders of one name apart", async () => {
    for (const name of ["x/run-1", "y/run-1"]) write(name, { jobs: repeats(2, 0.1) });
    const { groups } = await compare(["x/run-1", "y/run-1", "y/run-1"]);
    const labels = groups.map(({ label }) => label);
    expect(labels.map((label) => label.replaceAll("\\", "/").slice(-11))).toEqual([
      expect.stringMatching(/x\/run-1$/),
      expect.stringMatching(/y\/run-1$/),
      expect.stringMatching(/run-1 \(2\)$/),
    ]);
  });
});

describe("compareRuns refuses", () => {
  const refuses = async (choices: string[], code: string, said: string | RegExp, options = {}) => {
    const problem = await compare(choices, options).then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(problem).toMatchObject({ code, message: expect.stringMatching(said) });
  };
  beforeEach(() => {
    const jobs = ["bio", "random"].flatMap((topology) => repeats(2, 0.1, { factors: { topology } }));
    write("a", { jobs });
  });

  it("a folder without a run", () => refuses(["nowhere", "a"], "no-run", "nowhere holds no run"));
  it("a file in place of a folder", () =>
    refuses([join("a", "run.json"), "a"], "no-run", "run.json holds no run"));
  it("an unfinished run", async () => {
    write("half", { jobs: repeats(3, 0.1), finished: false });
    await refuses(["half", "a"], "unfinished-run", "is not finished: 1 of 3 jobs are done. Continue it with");
  });
  it("a single group", () =>
    refuses(["a"], "one-group", /nothing to compare it with.*split this one by a factor: .*a:topology/));
  it("a single group without factors", async () => {
    write("plain", { jobs: repeats(2, 0.1) });
    await refuses(["plain"], "one-group", "has no factors to split it by");
  });
  it("an unknown factor", () =>
    refuses(["a:topologie"], "no-such-factor", 'has no factor "topologie". Did you mean "topology"?'));
  it("an unknown value", () =>
    refuses(["a:topology=randm", "a"], "no-such-value", 'topology = randm. Did you mean "random"?'));
  it("an unknown metric", () =>
    refuses(
      ["a:topology"],
      "no-such-metric",
      'no run has the metric "minimumLos". Did you mean "minimumLoss"?',
      {
        metrics: ["minimumLos"],
      },
    ));
  it("runs of two kinds", async () => {
    write("memory", { jobs: [{ repeat: 0, metrics: { memoryCapacity: 1 } }], kind: "memory" });
    await refuses(["a", "memory"], "different-kinds", /a is of kind training, .*memory is of kind memory/);
  });
  it("runs without updates in common", async () => {
    write("late", { jobs: repeats(2, 0.1, { updates: [100, 200, 300, 400] }) });
    await refuses(
      ["a:topology=bio", "late"],
      "no-common-updates",
      "no updates in common: late begins at update 100, a, topology bio ends at 40",
    );
    await refuses(["a:topology"], "no-common-updates", "in common up to update 5", { until: 5 });
  });
});

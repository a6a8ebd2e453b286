import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeReport } from "./make-report.ts";
import { planTraining } from "./plan/plan-training.ts";
import { trainingInputFixture } from "./report/training/training-input.fixture.ts";
import type { SettingsSummary } from "./run-summary.ts";
import { type RunResult, runExperiment } from "./runners/run-experiment.ts";
import { parseExperiment } from "./spec/parse-experiment.ts";
import { resolveTrainingExperiment } from "./spec/resolve-experiment.ts";
import { readTraining, summarizeTraining } from "./training-report.ts";

const TEXT = `kind: training
name: small
seed: 2
repeat: 2
task: { name: perceptual-decision, timing: { stimulus: 200, decision: 100 } }
network: { units: 12, dale: 0.75 }
updates: 20
batchSize: 10
validation: { trials: 20, every: 5 }
test: { trials: 60, conditions: grid }
sweep:
  optimiser.learningRate: [0.01, 1.0e+30]
`;

let folder: string;
let result: RunResult;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "cajal-training-"));
  const source = parseExperiment(TEXT, { file: "experiment.yaml" });
  const plan = planTraining(resolveTrainingExperiment(source, { folder }));
  result = await runExperiment(plan, { folder: join(folder, "a"), workers: 0 });
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true }));

describe("summarizeTraining", () => {
  const fixture = () => trainingInputFixture({ "network.activation": ["relu", "tanh"], "task.dt": [20] });
  const rows = ({ settings }: SettingsSummary) => settings.map(({ names, ...s }) => [...names, s.repeats]);

  it("has a column for each factor that varies, the best cell first", () => {
    const summary = summarizeTraining(fixture());
    expect(summary.heads.names).toEqual(["activation"]);
    expect([summary.order, rows(summary)]).toEqual([
      "Test correct",
      [
        ["tanh", 2],
        ["relu", 2],
      ],
    ]);
    expect(summary.columns.filter(({ isMain }) => isMain).map(({ metric }) => metric)).toEqual([
      "minimumLoss",
      "updateOfMinimum",
      "testFractionCorrect",
    ]);
  });

  it("goes by the lowest loss where nothing is right or wrong", () => {
    const input = fixture();
    const settings = input.settings.map((setting) => ({
      ...setting,
      runs: setting.runs.map((run) => {
        const { testFractionCorrect, ...metrics } = run.metrics;
        return { ...run, metrics };
      }),
    }));
    const summary = summarizeTraining({ ...input, settings });
    expect([summary.order, rows(summary).map(([name]) => name)]).toEqual(["Lowest loss", ["relu", "tanh"]]);
  });

  it("tells what diverged from what gave nothing for another reason, in cells at the end", () => {
    const input = fixture();
    const [relu, tanh] = input.settings;
    const [first, second] = tanh.runs;
    const { facts, history, validation, ...lost } = { ...second, metrics: {} };
    const broken = [{ ...first, metrics: {}, facts: { ...first.facts!, status: "diverged" as const } }, lost];
    const summary = summarizeTraining({ ...input, settings: [{ ...tanh, runs: broken }, relu] });
    expect(summary.settings).toMatchObject([
      { names: ["relu"], repeats: 2, diverged: 0, failed: 0 },
      { names: ["tanh"], repeats: 0, diverged: 1, failed: 1 },
    ]);
  });

  it("names the model where nothing varies", () => {
    const summary = summarizeTraining(trainingInputFixture({ "task.dt": [20] }));
    expect([summary.heads.names, rows(summary)]).toEqual([["network"], [["rate", 2]]]);
  });
});

describe("the report of a training", () => {
  it("is written at the end of the run, with numbers, pictures and what broke down", () => {
    expect(result.status).toBe("finished");
    const html = readFileSync(join(folder, "a", "report.html"), "utf8");
    const text = html.replaceAll(/<svg.*?<\/svg>/gs, "").replaceAll(/<[^>]+>/g, " ");
    for (const words of [
      "Of 2 settings of one factor trained on perceptual decision, learning rate 0.01 does best",
      "What failed",
      "2 trainings broke down",
      "Choices of the first alternative in 60 fresh trials",
      "Recurrent weights as they act",
      "computed by ",
      result.hash ?? "",
    ])
      expect(text).toContain(words);
    expect(html.match(/<figure>/g)?.length).toBeGreaterThanOrEqual(7);
    // A message may say that something became NaN; nothing else may.
    expect(text.replaceAll(/<li>.*?<\/li>/g, "")).not.toMatch(/undefined|\[object/);
  });

  it("sums up each setting for the terminal", async () => {
    const { summary } = await makeReport(join(folder, "a"));
    if (!("columns" in summary)) throw new Error("a training is summed up by setting");
    expect(summary.heads).toEqual({ names: ["learning rate"], repeats: "repeats" });
    expect(summary.order).toBe("Test correct");
    expect(summary.columns.map((c) => c.metric)).toEqual([
      "minimumLoss",
      "updateOfMinimum",
      "testFractionCorrect",
      "seconds",
    ]);
    expect(summary.settings).toMatchObject([
      { names: ["0.01"], repeats: 2, diverged: 0, failed: 0 },
      { names: ["10³⁰"], repeats: 0, diverged: 2, failed: 0 },
    ]);
    expect(summary.settings.map(({ values }) => values.map(({ count }) => count))).toEqual([
      [2, 2, 2, 2],
      [0, 0, 0, 0],
    ]);
  });

  it("keeps of each job its curves, and one record whole", async () => {
    const { settings, shown } = await readTraining(join(folder, "a"));
    expect(settings.map(({ runs }) => runs.map(({ history }) => history?.loss.length))).toEqual([
      [20, 20],
      [expect.any(Number), expect.any(Number)],
    ]);
    expect(shown?.setting).toBe(0);
    expect(shown?.record.weights.best.rec.rows).toBe(12);
  });

  const path = (name: string) => join(folder, "a", "records", name);

  it("is made from what is whole, and names what is not and the mend", async () => {
    const { settings, shown, lacks } = await readTraining(join(folder, "a"));
    expect(lacks).toEqual([]);
    const { job } = settings[0].runs[shown!.repeat];
    const whole = readFileSync(path(`${job}.npz`));
    truncateSync(path(`${job}.npz`), 200);
    const { html, warnings } = await makeReport(join(folder, "a"));
    expect(warnings).toEqual([
      `records/${job}.npz is damaged: its directory is missing; the report is without its curves and pictures. Run the experiment again with --resume: it makes what is missing or damaged anew.`,
    ]);
    expect(html).toContain("is damaged: its directory is missing");
    expect(html).toContain("Test correct");
    expect(html).not.toContain("Pictures of one network");
    // Curves of the other repeat are there.
    const again = await readTraining(join(folder, "a"));
    expect(again.settings[0].runs.map(({ history }) => history !== undefined).sort()).toEqual([false, true]);
    writeFileSync(path(`${job}.npz`), whole);
    rmSync(path(`${job}.json`));
    expect((await makeReport(join(folder, "a"))).warnings[0]).toMatch(
      `records/${job}.json is missing; the report is without`,
    );
  });

  it("can be made without the records, from the numbers alone", async () => {
    rmSync(path(""), { recursive: true });
    const { html, warnings } = await makeReport(join(folder, "a"));
    expect(html).toContain("Test correct");
    expect(html).not.toContain("Pictures of one network");
    expect(warnings).toEqual([
      expect.stringMatching(
        /^records\/rate\.r0\.\S+\.npz is missing \(and so 1 more\); the report is without/,
      ),
    ]);
  });
});

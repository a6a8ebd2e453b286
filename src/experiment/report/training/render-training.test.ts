import { describe, expect, it } from "vitest";
import { PIXELS_PER_CM } from "../../../plot/index.ts";
import { trainingSchema } from "../../spec/training-schema.ts";
import { meanWords, repeatMean } from "../repeat-mean.ts";
import { gridFigures, settingsFigure } from "./learning-curves.ts";
import { renderTraining } from "./render-training.ts";
import { trainingInputFixture, trainingRecordFixture, trainingRunFixture } from "./training-input.fixture.ts";
import type { TrainingInput } from "./training-input.ts";
import { trainingMethods } from "./training-methods.ts";
import { ranking, settingWords, typicalRun } from "./training-numbers.ts";
import { connectionTable, shownColumns } from "./training-tables.ts";
import { backendWords, trainingAnswer, trainingCautions } from "./training-words.ts";

/** What a reader sees, without figures. */
function textOf(html: string): string {
  const plain = html.replaceAll(/<svg.*?<\/svg>/gs, "").replaceAll(/<style>.*?<\/style>/gs, "");
  return plain.replaceAll(/<[^>]+>/g, " ").replaceAll(/\s+/g, " ");
}
const figures = (html: string) => html.match(/<figure>/g)?.length ?? 0;
const one = () => trainingInputFixture({});

describe("renderTraining", () => {
  it("shows a sweep whole: numbers, curves, grids, trials, choices, activity, weights, methods", async () => {
    const html = await renderTraining(trainingInputFixture());
    const text = textOf(html);
    for (const words of [
      "Made-up &lt;run&gt;",
      "Of 4 settings of 2 factors trained on perceptual decision, learning rate 0.1, activation tanh does best: 89.0 ± 1.4 % (from 88.0 to 90.0 %)",
      "What this does not show",
      "The best setting was chosen by the numbers shown for it",
      "Lowest loss",
      "Pictures of one network show repeat 2 of 2, the worse one at learning rate 0.1, activation tanh, the best setting",
      "Choices of the first alternative in 80 fresh trials",
      "Fitted cumulative normal: bias",
      "effective dimension",
      "E → I",
      "computed by WebAssembly, in single precision",
      "bits differ between paths",
      "[varied] activation",
      "learning rate [varied]",
      "80 % of the units were excitatory",
      "Learning rate and activation were varied in 4 settings",
      "Kingma DP, Ba J (2015)",
      "abc123",
    ])
      expect(text).toContain(words);
    // Settings, two maps, history; trials, choices, reactions; trajectories, selectivity; weights, spectrum, signs.
    expect(figures(html)).toBe(12);
    expect(text).not.toMatch(/NaN|undefined|\[object|Infinity/);
  });

  it("is one page that loads nothing, the same bytes each time", async () => {
    const html = await renderTraining(one());
    expect(await renderTraining(one())).toBe(html);
    expect(html).not.toMatch(/<script|<link|@import|src="http/);
    for (const [, target] of html.matchAll(/(?:href|src)="([^"]*)"/g))
      expect(target).toMatch(/^data:image\/png/);
    // Sweeps have maps and curves of settings, one setting has a line for each repeat.
    expect(figures(html)).toBe(9);
    expect(textOf(html)).toContain("Repeat Lowest loss at update");
  });

  it("stands runs that left little: no record, no test, no validation, no evidence", async () => {
    const bare: TrainingInput = { ...one(), shown: undefined };
    expect(figures(await renderTraining(bare))).toBe(1);
    const record = trainingRecordFixture();
    const without = { ...record, test: undefined, psychometric: undefined };
    const some = await renderTraining({ ...one(), shown: { setting: 0, repeat: 0, record: without } });
    // History, weights, spectrum, signs.
    expect(figures(some)).toBe(4);
    const broken = one().settings.map((s) => ({
      ...s,
      runs: s.runs.map(({ job, repeat }) => ({ job, repeat, metrics: {} })),
    }));
    const none = await renderTraining({
      ...bare,
      settings: broken,
      failures: [{ job: "rate.r0", message: "loss is NaN at update 3; lower the learning rate" }],
      warnings: ["a <warning>"],
    });
    const text = textOf(none);
    expect(text).toContain("No network finished its training");
    expect(text).toContain("loss is NaN at update 3; lower the learning rate");
    expect(text).toContain("a &lt;warning&gt;");
    expect(text).not.toMatch(/NaN[^ ]|undefined|\[object/);
  });

  it("shows the first trials of a task that varies nothing by name", async () => {
    const record = trainingRecordFixture();
    const { test, facts } = record;
    const plain = {
      ...record,
      facts: { ...facts, conditions: [{}] },
      psychometric: undefined,
      test: test && {
        ...test,
        condition: test.condition.map(() => 0),
        conditionOfTrial: test.conditionOfTrial.map(() => 0),
        ...{
          evidence: test.evidence.fill(Number.NaN),
          choice: test.choice.fill(-1),
          correct: test.correct.fill(Number.NaN),
        },
      },
    };
    const html = await renderTraining({ ...one(), shown: { setting: 0, repeat: 0, record: plain } });
    for (const words of [">trial 1<", ">trial 2<", ">trial 3<"]) expect(html).toContain(words);
    expect(html).not.toContain("catch trial");
    expect(html).not.toContain("Titles say which answer");
  });

  it("draws grids no wider than they are, and says mean only where there are several repeats", async () => {
    const figures = await gridFigures(trainingInputFixture());
    const natural = Number(/viewBox="0 0 ([\d.]+)/.exec(figures[0].svg)?.[1]) / PIXELS_PER_CM;
    expect(figures[0].width).toBeGreaterThan(natural);
    expect(figures[0].width).toBeLessThan(natural + 1);
    expect(figures[0].caption).toContain("mean over repeats and its standard deviation");
    const input = trainingInputFixture();
    const alone = input.settings.map((setting) => ({ ...setting, runs: setting.runs.slice(0, 1) }));
    const [first] = await gridFigures({ ...input, settings: alone });
    expect(first.caption).toBe("Lowest loss; the best has a frame.");
  });

  it("calls what stands for a value of the first factor networks, not repeats", async () => {
    const input = trainingInputFixture({
      "optimiser.learningRate": [0.1, 0.01],
      updates: [10, 20, 30, 40],
    });
    expect((await settingsFigure(input))?.svg).toContain("8 networks each: median, 25–75 %");
    const few = trainingInputFixture({ "optimiser.learningRate": [0.1, 0.01] });
    expect((await settingsFigure(few))?.svg).toContain("2 repeats each: median, 25–75 %");
  });

  it("names areas where there are several", async () => {
    const input = one();
    const record = trainingRecordFixture({ areas: 2 });
    const text = textOf(await renderTraining({ ...input, shown: { setting: 0, repeat: 0, record } }));
    expect(text).toContain("V1 E → PFC I");
    expect(text).toContain("ordered by area and sign");
  });

  it("leaves out pairs of groups without a synapse and says how many", () => {
    const record = trainingRecordFixture({ areas: 2 });
    const all = textOf(connectionTable(record)?.toString() ?? "");
    // The one inhibitory unit of PFC has no synapse onto itself.
    expect(all).toContain("1 of 16 pairs of groups has no synapse, before or after, and is left out.");
    for (const { rec } of Object.values(record.weights)) {
      // Nothing from V1 (units 0, 1, 2) to PFC (3, 4, 5).
      for (let post = 3; post < 6; post++) rec.values.fill(0, post * 6, post * 6 + 3);
    }
    const text = textOf(connectionTable(record)?.toString() ?? "");
    expect(all).toContain("V1 E → PFC E");
    expect(text).not.toContain("V1 E → PFC E");
    expect(text).toContain("PFC E → V1 E");
    expect(text).toContain("5 of 16 pairs of groups have no synapse, before or after, and are left out.");
  });
});

describe("numbers over repeats", () => {
  const runs = [0.1, 0.3, Number.NaN].map((minimumLoss, r) => trainingRunFixture(r, { minimumLoss }));
  it("leave out repeats without the metric and say how many are left", () => {
    const found = repeatMean(runs, "minimumLoss");
    expect(found.mean).toBeCloseTo(0.2, 12);
    expect(found.spread).toBeCloseTo(Math.SQRT2 / 10, 12);
    expect(found.count).toBe(2);
    expect(repeatMean(runs, "updatesToTarget")).toMatchObject({ count: 0, spread: null });
  });
  it("are written with a spread only where there is one", () => {
    expect(meanWords({ mean: 0.2, spread: 0.01, count: 3 })).toBe("0.200 ± 0.010");
    expect(meanWords({ mean: 0.912, spread: 0.0123, count: 3 }, "percent")).toBe("91.2 ± 1.2 %");
    expect(meanWords({ mean: 150, spread: 0, count: 3 }, "count")).toBe("150");
    expect(meanWords({ mean: 1.5, spread: 3e-8, count: 3 })).toBe("1.50");
    expect(meanWords({ mean: Number.NaN, spread: null, count: 0 })).toBe("–");
  });
  it("rank settings by answers, equal ones by loss", () => {
    const { settings } = trainingInputFixture();
    expect(ranking(settings)).toEqual([1, 3, 2, 0]);
    const equal = settings.map((s, k) => ({
      ...s,
      runs: [trainingRunFixture(0, { testFractionCorrect: 0.5, minimumLoss: 4 - k })],
    }));
    expect(ranking(equal)).toEqual([3, 2, 1, 0]);
    expect(trainingAnswer({ ...trainingInputFixture(), settings: equal })).toContain(
      "no setting does worse in fresh trials",
    );
  });
  it("choose the repeat in the middle of the best setting, by loss where there are no answers", () => {
    const [setting] = one().settings;
    const of = (metric: string, values: number[]) => [
      {
        ...setting,
        runs: values.map((v, r) => ({ ...trainingRunFixture(r, {}), metrics: { [metric]: v } })),
      },
    ];
    expect(typicalRun(of("testFractionCorrect", [0.9, 0.5, 0.7]))?.run.repeat).toBe(2);
    expect(typicalRun(of("testFractionCorrect", [0.9, 0.5]))?.run.repeat).toBe(1);
    expect(typicalRun(of("minimumLoss", [0.9, 0.5]))?.run.repeat).toBe(0);
    expect(typicalRun(of("other", [1]))).toBeUndefined();
  });
  it("name settings by what was varied", () => {
    expect(settingWords({ "optimiser.kind": "adam", "optimiser.learningRate": 0.001 })).toBe(
      "optimiser adam, learning rate 0.001",
    );
  });
});

describe("trainingMethods", () => {
  const methods = (network: object, more: object = {}) => {
    const input = one();
    const experiment = trainingSchema.parse({
      kind: "training",
      task: { name: "perceptual-decision" },
      network,
      ...more,
    });
    return trainingMethods({ ...input, experiment }).text;
  };
  it("say what the units are and how the gradient was taken", () => {
    expect(methods({ model: "elman" })).toContain(
      "6 recurrent units of an Elman network with tanh activation",
    );
    expect(methods({ model: "elman" })).toContain("Gradients are exact");
    const spiking = methods({ model: "spiking" });
    expect(spiking).toContain("6 recurrent integrate-and-fire units were trained");
    expect(spiking).toContain("with a surrogate (fast-sigmoid) in place of the derivative of thresholds");
    expect(spiking).not.toContain("exact");
    expect(
      methods({ model: "spiking", dale: 0.8, refractory: { E: 5, I: 2 }, adaptation: 0.1, drive: 1 }),
    ).toContain(
      "a refractory period of 5 ms for E, 2 ms for I, thresholds raised at each spike by 0.1, a time constant of thresholds of 1000 ms and a constant drive of 1.",
    );
  });
  it("say whether trials followed each other", () => {
    expect(methods({})).not.toContain("reset");
    expect(methods({}, { continuous: true })).toContain(
      "Trials followed each other without a reset: in 20 streams each began in the state in which the last one of its stream had ended; validation and test began in the states of training.",
    );
    expect(methods({}, { continuous: true, batchSize: 1 })).toContain(
      "reset: each began in the state in which the last one had ended;",
    );
    expect(methods({}, { sweep: { continuous: [false, true] } })).toContain(
      "Whether trials followed each other without a reset was varied.",
    );
  });
  it("say what regularises, stops and repeats", () => {
    const text = methods(
      { dale: "connectome", noise: 0.15 },
      {
        ...{
          repeat: 3,
          regularisers: [{ kind: "rate", weight: 0.01 }],
          validation: { every: 20, trials: 50 },
        },
        earlyStopping: { criterion: "loss", target: 0.1, window: 5, patience: 4 },
        optimiser: { kind: "sgd", learningRate: 0.1 },
        clip: {},
      },
    );
    for (const words of [
      "each unit kept the sign of its node",
      "rate (weight 0.01)",
      "the loss (mean of 5 validations) reached 0.1, or 4 validations brought no better one",
      "gradient descent (learning rate 0.1, batches of 20 trials",
      "repeated 3 times",
    ])
      expect(text).toContain(words);
    expect(methods({})).toContain("One network was trained (seed 7).");
    expect(methods({}, { clip: { norm: 1, epsilon: 1e-6 } })).toContain(
      "gradients clipped to norm 1 with 0.000001 added to it in the quotient",
    );
    expect(
      methods({}, { earlyStopping: { criterion: "worstFractionCorrect", target: 0.85, window: 5 } }),
    ).toContain(
      "stopped when the fraction correct of the worst condition (mean of 5 validations) reached 0.85",
    );
  });
});

describe("shownColumns", () => {
  const names = (metrics: Record<string, number>[]) =>
    shownColumns(metrics.map((own, r) => ({ job: `r${r}`, repeat: r, metrics: own }))).map((c) => c.metric);
  it("leaves out what another column says better, and what is the same for all", () => {
    const error = { minimumLoss: 1, testError: 0.1 };
    expect(names([error])).toEqual(["minimumLoss", "testError"]);
    expect(names([{ ...error, bestFractionCorrect: 0.9, testFractionCorrect: 0.8 }])).toEqual([
      "minimumLoss",
      "testFractionCorrect",
    ]);
    expect(names([{ updates: 10 }, { updates: 20 }])).toEqual(["updates"]);
    expect(names([{ updates: 10 }, { updates: 10 }])).toEqual([]);
    expect(names([{ updates: 10, updatesToTarget: 10 }, { updates: 20 }])).toEqual(["updatesToTarget"]);
  });
});

describe("cautions", () => {
  const words = (input: TrainingInput) => trainingCautions(input).join("\n");
  it("speak of few repeats, of a loss that still falls, and of a target that was missed", () => {
    const input = one();
    expect(words(input)).toContain("over 2 repeats, too few to know it well");
    const [setting] = input.settings;
    const late = setting.runs.map((r) => ({ ...r, metrics: { ...r.metrics, updateOfMinimum: 59 } }));
    expect(words({ ...input, settings: [{ ...setting, runs: late }] })).toContain(
      "still falling when training ended after 60",
    );
    const [first, second] = setting.runs;
    const reached = {
      ...first,
      facts: first.facts && { ...first.facts, status: "reached" as const },
      metrics: { ...first.metrics, updatesToTarget: 40 },
    };
    expect(words({ ...input, settings: [{ ...setting, runs: [reached, second] }] })).toContain(
      "1 of 2 repeats never reached the target",
    );
    expect(words({ ...input, settings: [{ ...setting, runs: [first] }] })).toContain("One repeat");
  });
  it("say when jobs ran on different paths, and what native bits are", () => {
    const input = one();
    const [setting] = input.settings;
    const [first, second] = setting.runs;
    const native = { ...first, facts: first.facts && { ...first.facts, backend: "native" as const } };
    const mixed = { ...input, settings: [{ ...setting, runs: [native, second] }] };
    expect(words(mixed)).toContain("Jobs ran on different paths");
    expect(backendWords(mixed)).toContain("native code (1 jobs) and WebAssembly (1 jobs)");
    const all = { ...input, settings: [{ ...setting, runs: [native] }] };
    expect(backendWords(all)).toContain("in their first digits only");
    expect(words(input)).not.toContain("different paths");
  });
  it("count trainings that broke down", () => {
    const input = one();
    const [setting] = input.settings;
    const broken = {
      ...setting.runs[0],
      metrics: {},
      facts: setting.runs[0].facts && { ...setting.runs[0].facts, status: "diverged" as const },
    };
    expect(words({ ...input, settings: [{ ...setting, runs: [broken, setting.runs[1]] }] })).toContain(
      "1 training broke down and is left out of every mean",
    );
  });
});

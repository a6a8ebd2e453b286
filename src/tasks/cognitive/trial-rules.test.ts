import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRng } from "../../core/index.ts";
import { batchTrials, packTrials } from "./batch-trials.ts";
import { conditionGrid } from "./conditions.ts";
import { contextIntegration } from "./context-integration.ts";
import { delayComparison } from "./delay-comparison.ts";
import { delayedDiscrimination } from "./delayed-discrimination.ts";
import { delayedMatchToSample } from "./delayed-match-to-sample.ts";
import { eyeMovementSequence } from "./eye-movement-sequence.ts";
import { multisensoryIntegration } from "./multisensory-integration.ts";
import { nBack } from "./n-back.ts";
import { parametricWorkingMemory } from "./parametric-working-memory.ts";
import { perceptualDecision } from "./perceptual-decision.ts";
import { pictureMemory, syntheticPictures } from "./picture-memory.ts";
import { randomDotMotion } from "./random-dot-motion.ts";
import { readChoices } from "./read-choices.ts";
import { ringContextDecision } from "./ring-context-decision.ts";
import { ringDecision, ringMultisensory } from "./ring-decision.ts";
import { choiceAccuracy } from "./score-choices.ts";
import { sequenceMemory } from "./sequence-memory.ts";
import { sineWave } from "./sine-wave.ts";
import type { Task, Trial } from "./trial.ts";

const pictures = syntheticPictures({ classes: 4, perClass: 5, features: 3 }, createRng(1));

/** Every task, and the periods in which something is asked of the outputs. */
const tasks: [string, Task, string[]][] = [
  ["perceptualDecision", perceptualDecision(), ["fixation", "decision"]],
  ["perceptualDecision variable", perceptualDecision({ version: "variable" }), ["fixation", "decision"]],
  ["perceptualDecision rt", perceptualDecision({ version: "reaction-time" }), ["fixation", "decision"]],
  ["contextIntegration", contextIntegration(), ["fixation", "decision"]],
  ["multisensoryIntegration", multisensoryIntegration(), ["fixation", "decision"]],
  ["parametricWorkingMemory", parametricWorkingMemory(), ["fixation", "decision"]],
  ["randomDotMotion", randomDotMotion(), ["decision"]],
  ["delayedDiscrimination", delayedDiscrimination(), ["decision"]],
  ["ringDecision", ringDecision(), ["fixation", "stimulus", "decision"]],
  ["ringMultisensory", ringMultisensory(), ["fixation", "stimulus", "decision"]],
  ["ringContextDecision", ringContextDecision(), ["fixation", "stimulus", "delay", "decision"]],
  ["delayComparison", delayComparison(), ["fixation", "stimulus 1", "delay", "stimulus 2", "decision"]],
  ["delayedMatchToSample", delayedMatchToSample(), ["fixation", "sample", "delay", "test", "decision"]],
  ["sequenceMemory", sequenceMemory(), ["recall"]],
  ["nBack", nBack(), ["response"]],
  ["pictureMemory", pictureMemory(pictures), ["response"]],
  ["eyeMovementSequence", eyeMovementSequence(), ["fixation", "move 1", "move 2", "move 3"]],
  ["sineWave", sineWave({ timing: { wave: { kind: "uniform", min: 800, max: 2400 } } }), ["wave"]],
];

describe.each(tasks)("%s", (_, task, asked) => {
  const rng = createRng(11).stream(task.name);
  const trials = Array.from({ length: 12 }, (_, k) => task.trial(rng.stream(k)));

  it("says what its evidence is a strength of, where trials have some", () => {
    expect(task.evidence !== undefined).toBe(trials.some((t) => Number.isFinite(t.evidence)));
  });

  it("lays periods in whole steps that cover the trial without a gap", () => {
    for (const { periods, steps } of trials) {
      expect(periods[0].from).toBe(0);
      const edges = new Set([0, ...periods.map((p) => p.to)]);
      expect(Math.max(...edges)).toBe(steps);
      for (const p of periods) {
        expect(p.to).toBeGreaterThanOrEqual(p.from);
        expect([p.start, p.end]).toEqual([p.from * task.dt, p.to * task.dt]);
      }
      for (let t = 0; t < steps; t++) expect(periods.some((p) => p.from <= t && t < p.to)).toBe(true);
      expect(steps).toBeLessThanOrEqual(task.maxSteps);
    }
  });

  it("has arrays of its shape, and a mask that is 0 exactly outside the periods asked for", () => {
    for (const trial of trials) {
      const { steps, inputs, targets, mask, labels } = trial;
      expect(inputs.length).toBe(steps * task.inputs.length);
      expect([targets.length, mask.length]).toEqual([
        steps * task.outputs.length,
        steps * task.outputs.length,
      ]);
      expect(labels.length).toBe(steps);
      expect(inputs.every(Number.isFinite)).toBe(true);
      const periods = trial.periods.filter((p) => trial.catchTrial || asked.includes(p.name));
      for (let k = 0; k < mask.length; k++) {
        const t = Math.floor(k / task.outputs.length);
        const inside = periods.some((p) => p.from <= t && t < p.to);
        expect(mask[k]).toBe(inside ? 1 : 0);
        if (task.loss === "cross-entropy") expect(labels[t] >= 0).toBe(inside);
        else expect(labels[t]).toBe(-1);
      }
    }
  });

  it("is answered rightly by its own targets", () => {
    const batch = packTrials(task, trials);
    if (task.readout.kind === "trace") {
      for (const trial of trials) expect(trial.choice).toBe(-1);
      expect(() => readChoices(batch.targets, batch)).toThrow(/has outputs to be traced, not choices/);
    } else expect(choiceAccuracy(readChoices(batch.targets, batch), batch.trials)).toBe(1);
  });

  it("says for the evidence what it says for the choice", () => {
    for (const { evidence, choice, catchTrial } of trials) {
      if (catchTrial || Number.isNaN(evidence) || evidence === 0 || task.readout.kind === "trace") continue;
      expect(choice).toBe(task.readout.alternatives[evidence > 0 ? 0 : 1]);
    }
  });

  it("gives the same trial for the same stream and another for another", () => {
    expect(task.trial(rng.stream(3))).toEqual(trials[3]);
    expect(new Set(trials.map((t) => t.inputs.join())).size).toBeGreaterThan(1);
  });

  it("makes a batch whose trials do not depend on its size or padding", () => {
    const small = batchTrials(task, 3, rng);
    const large = batchTrials(task, 5, rng, { steps: task.maxSteps + 7, first: 0 });
    const later = batchTrials(task, 2, rng, { first: 1 });
    for (let b = 0; b < 3; b++) {
      expect(instance(small, b, task)).toEqual(strip(trials[b]));
      expect(instance(large, b, task)).toEqual(strip(trials[b]));
      if (b > 0) expect(instance(later, b - 1, task)).toEqual(strip(trials[b]));
    }
    expect(large.steps).toBe(task.maxSteps + 7);
    const padding = large.mask.slice(task.maxSteps * task.outputs.length * 5);
    expect(padding.every((m) => m === 0)).toBe(true);
    expect(large.labels.slice(task.maxSteps * 5).every((l) => l === -1)).toBe(true);
  });

  it("keeps the rest of a trial when one of its conditions is fixed to what it was", () => {
    const usual = trials.find((t) => !t.catchTrial)!;
    const at = trials.indexOf(usual);
    for (const name of Object.keys(task.factors)) {
      const again = task.trial(rng.stream(at), { [name]: usual.conditions[name] });
      expect(again).toEqual(usual);
    }
  });

  it("lists every combination of its conditions once", () => {
    const grid = conditionGrid(task);
    const counts = Object.values(task.factors).map((f) => ("values" in f ? f.values.length : 1));
    expect(grid.length).toBe(counts.reduce((a, b) => a * b, 1));
    expect(new Set(grid.map((c) => JSON.stringify(c))).size).toBe(grid.length);
    for (const conditions of grid.slice(0, 20)) {
      const trial = task.trial(rng.stream("grid"), conditions);
      const { catch: _, ...fixed } = conditions;
      expect(trial.catchTrial).toBe(false);
      expect(trial.conditions).toMatchObject(fixed);
    }
  });
});

describe("drawn conditions", () => {
  // 4.5 standard errors: fails for one correct generator in 150 000; the seed is fixed anyway.
  const near = (count: number, n: number, p: number) =>
    expect(Math.abs(count - n * p)).toBeLessThan(4.5 * Math.sqrt(n * p * (1 - p)));

  it.each(tasks.filter(([, task]) => task.maxSteps < 260))("are balanced in %s", (_, task) => {
    const n = 600;
    const rng = createRng(5).stream(task.name);
    const drawn: Trial[] = Array.from({ length: n }, (_, k) => task.trial(rng.stream(k)));
    const shown = drawn.filter((t) => !t.catchTrial);
    if (task.catchFraction > 0) near(n - shown.length, n, task.catchFraction);
    else expect(shown.length).toBe(n);
    for (const [name, factor] of Object.entries(task.factors)) {
      if (!("values" in factor) || factor.values.length === 1) continue;
      for (const value of factor.values) {
        const count = shown.filter((t) => t.conditions[name] === value).length;
        near(count, shown.length, 1 / factor.values.length);
      }
    }
  });

  it("of any legal fixing are kept, for any seed", () => {
    const task = contextIntegration({ noise: { sigma: 0 } });
    const grid = conditionGrid(task);
    fc.assert(
      fc.property(fc.nat(), fc.nat(grid.length - 1), (seed, k) => {
        const { catch: _, ...fixed } = grid[k];
        expect(task.trial(createRng(seed), grid[k]).conditions).toEqual(fixed);
      }),
      { numRuns: 30 },
    );
  });
});

/** One instance of a batch, cut to its own steps. */
function instance(batch: ReturnType<typeof batchTrials>, b: number, task: Task) {
  const { steps } = batch.trials[b];
  const cut = (values: ArrayLike<number>, width: number) =>
    Array.from({ length: steps * width }, (_, k) => values[k * batch.count + b]);
  return {
    ...batch.trials[b],
    inputs: cut(batch.inputs, task.inputs.length),
    targets: cut(batch.targets, task.outputs.length),
    mask: cut(batch.mask, task.outputs.length),
    labels: cut(batch.labels, 1),
  };
}

function strip({ steps, periods, conditions, choice, evidence, catchTrial, ...arrays }: Trial) {
  const lists = {
    inputs: [...arrays.inputs],
    targets: [...arrays.targets],
    mask: [...arrays.mask],
    labels: [...arrays.labels],
  };
  return { steps, periods, conditions, choice, evidence, catchTrial, ...lists };
}

import { describe, expect, it } from "vitest";
import { createRng } from "../../core/index.ts";
import { contextIntegration } from "./context-integration.ts";
import { delayedDiscrimination } from "./delayed-discrimination.ts";
import { EYE_SEQUENCES, eyeMovementSequence } from "./eye-movement-sequence.ts";
import { multisensoryIntegration } from "./multisensory-integration.ts";
import { nBack } from "./n-back.ts";
import { parametricWorkingMemory } from "./parametric-working-memory.ts";
import { perceptualDecision } from "./perceptual-decision.ts";
import { pictureMemory } from "./picture-memory.ts";
import { randomDotMotion } from "./random-dot-motion.ts";
import { sequenceMemory } from "./sequence-memory.ts";
import type { Task, Trial } from "./trial.ts";

const rng = createRng(3);
const quiet = { sigma: 0, baseline: 0 };

/** Row of an array in the middle of a period. */
function at(trial: Trial, period: string, field: "inputs" | "targets" | "mask"): number[] {
  const { from, to } = trial.periods.find((p) => p.name === period)!;
  const width = trial[field].length / trial.steps;
  const t = Math.floor((from + to - 1) / 2);
  return [...trial[field].slice(t * width, (t + 1) * width)].map((x) => Number(x.toFixed(12)));
}

const edges = (trial: Trial) => trial.periods.map((p) => [p.name, p.start, p.end]);
const fractionCatch = (task: Task) => Number(task.catchFraction.toFixed(6));

describe("perceptualDecision", () => {
  it("shows 12.8 % coherence to choice 2 as in Song, Yang & Wang (2016)", () => {
    const trial = perceptualDecision({ noise: quiet }).trial(rng, {
      coherence: 12.8,
      direction: -1,
      catch: false,
    });
    expect(edges(trial)).toEqual([
      ["fixation", 0, 100],
      ["stimulus", 100, 900],
      ["decision", 900, 1200],
    ]);
    expect(trial).toMatchObject({ steps: 60, choice: 1, evidence: -12.8, dt: 20 });
    expect(at(trial, "fixation", "inputs")).toEqual([0, 0]);
    expect(at(trial, "stimulus", "inputs")).toEqual([0.436, 0.564]);
    expect(at(trial, "decision", "inputs")).toEqual([0, 0]);
    expect(["fixation", "stimulus", "decision"].map((p) => at(trial, p, "mask")[0])).toEqual([1, 0, 1]);
    expect(at(trial, "fixation", "targets")).toEqual([0.2, 0.2]);
    expect(at(trial, "decision", "targets")).toEqual([0.2, 1]);
  });

  it("has a longer fixation for testing, and any step", () => {
    const task = perceptualDecision({ phase: "testing", dt: 0.5 });
    const trial = task.trial(rng, { catch: false });
    expect(edges(trial).map((e) => e[2])).toEqual([300, 1100, 1400]);
    expect(trial.steps).toBe(2800);
  });

  it("keeps both outputs low for 2000 ms in a catch trial", () => {
    const trial = perceptualDecision({ noise: quiet }).trial(rng, { catch: true });
    expect(edges(trial)).toEqual([["fixation", 0, 2000]]);
    expect(trial).toMatchObject({ choice: -1, catchTrial: true, conditions: {} });
    expect(trial.inputs.every((u) => u === 0)).toBe(true);
    expect(trial.targets.every((z) => z === 0.2)).toBe(true);
    expect(trial.mask.every((m) => m === 1)).toBe(true);
  });

  it("lets the decision begin 300 ms into the stimulus in the reaction-time version", () => {
    const task = perceptualDecision({ version: "reaction-time", noise: quiet });
    const trial = task.trial(rng, { direction: 1, coherence: 51.2, catch: false });
    expect(edges(trial)).toEqual([
      ["fixation", 0, 100],
      ["stimulus", 100, 900],
      ["decision", 400, 900],
    ]);
    expect(at(trial, "stimulus", "inputs")).toEqual([0.756, 0.244, 1]);
    expect(at(trial, "decision", "targets")).toEqual([1.2, 0.2]);
    expect(trial.mask.slice(2 * 5, 2 * 20).every((m) => m === 0)).toBe(true);
    expect(trial.mask.slice(2 * 20).every((m) => m === 1)).toBe(true);
    expect(task.reaction).toEqual({ period: "stimulus", threshold: 1 });
    expect(fractionCatch(task)).toBe(0.454545);
  });

  it("draws stimuli of 80 to 1500 ms with the mean of the cut exponential, the cue on to the end", () => {
    const task = perceptualDecision({ version: "variable", noise: quiet, dt: 1, catchFraction: 0 });
    const lengths = Array.from({ length: 800 }, (_, k) => {
      const trial = task.trial(rng.stream(k));
      const { from, to } = trial.periods[1];
      expect(trial.inputs[3 * from - 1]).toBe(0);
      expect(trial.inputs.filter((_, i) => i % 3 === 2).reduce((a, b) => a + b)).toBe(trial.steps - from);
      return to - from;
    });
    expect(Math.min(...lengths)).toBeGreaterThanOrEqual(80);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(1500);
    // Closed form: 390.5 ms, less half a step for the cut; standard error 10 ms.
    expect(Math.abs(lengths.reduce((a, b) => a + b) / 800 - 390)).toBeLessThan(35);
  });

  it.each([
    [{ version: "free" as "fixed" }, 'perceptualDecision: there is no version "free". Known here: fixed,'],
    [
      { coherences: [3, -5] },
      "coherences must be ≥ 0 %, got -5. The sign of the evidence is the condition `direction`.",
    ],
  ])("refuses %j", (options, message) => {
    expect(() => perceptualDecision(options)).toThrow(message);
  });
});

describe("contextIntegration", () => {
  const task = contextIntegration({ noise: quiet });
  const strong = { motion: 50, motionDirection: 1, colour: 5, colourDirection: -1, catch: false };

  it("shows both modalities and wants the one of the context", () => {
    const motion = task.trial(rng, { ...strong, context: "motion" });
    const colour = task.trial(rng, { ...strong, context: "colour" });
    expect(at(motion, "stimulus", "inputs")).toEqual([1, 0, 0.75, 0.25, 0.475, 0.525]);
    expect(at(colour, "stimulus", "inputs")).toEqual([0, 1, 0.75, 0.25, 0.475, 0.525]);
    expect(motion).toMatchObject({ choice: 0, evidence: 50 });
    expect(colour).toMatchObject({ choice: 1, evidence: -5 });
    expect(at(motion, "decision", "inputs")).toEqual([0, 0, 0, 0, 0, 0]);
    expect(edges(motion).map((e) => e[2])).toEqual([100, 900, 1200]);
    expect(fractionCatch(task)).toBe(0.013699);
  });
});

describe("multisensoryIntegration", () => {
  it("shows 12 Hz on both senses: choice 2", () => {
    const task = multisensoryIntegration({ noise: quiet });
    const both = task.trial(rng, { modality: "both", rate: 12, catch: false });
    const low = Number((0.4 + (0.8 * 3) / 7).toFixed(12));
    const high = Number((0.4 + (0.8 * 4) / 7).toFixed(12));
    expect(at(both, "stimulus", "inputs")).toEqual([low, high, low, high, 1]);
    expect(at(both, "decision", "inputs")).toEqual([0, 0, 0, 0, 1]);
    expect(both).toMatchObject({ choice: 1, evidence: -0.5 });
    const seen = task.trial(rng, { modality: "visual", rate: 16, catch: false });
    expect(at(seen, "stimulus", "inputs")).toEqual([1.2, 0.4, 0, 0, 1]);
    expect(seen.choice).toBe(0);
    expect(task.trial(rng, { catch: true }).steps).toBe(125);
    expect(fractionCatch(task)).toBe(0.2);
  });
});

describe("parametricWorkingMemory", () => {
  it("shows 26 Hz, a delay, then 34 Hz: choice 2", () => {
    const task = parametricWorkingMemory({ phase: "testing", noise: quiet });
    const trial = task.trial(rng, { pair: "34/26", order: "<", catch: false });
    expect(edges(trial).map((e) => e[2])).toEqual([500, 1000, 4000, 4500, 4800]);
    expect(trial.conditions).toEqual({ pair: "34/26", order: "<", f1: 26, f2: 34 });
    expect(trial).toMatchObject({ choice: 1, evidence: -8 });
    expect(at(trial, "f1", "inputs")).toEqual([0.933333333333, 0.666666666667]);
    expect(at(trial, "delay", "inputs")).toEqual([0, 0]);
    expect(at(trial, "f2", "inputs")).toEqual([1.2, 0.4]);
  });

  it("draws delays evenly from 2500 to 3500 ms, in whole steps", () => {
    const task = parametricWorkingMemory({ noise: quiet, catchFraction: 0 });
    const delays = Array.from({ length: 300 }, (_, k) => {
      const { start, end } = task.trial(rng.stream(k)).periods[2];
      return end - start;
    });
    expect(delays.every((d) => d % 20 === 0 && d >= 2500 && d < 3500)).toBe(true);
    expect(Math.abs(delays.reduce((a, b) => a + b) / 300 - 2990)).toBeLessThan(75); // 4.5 standard errors
  });
});

describe("randomDotMotion", () => {
  it("adds the coherence to one input and asks from the end of the stimulus on", () => {
    const task = randomDotMotion({ noise: { sigma: 0 }, timing: { fixation: 500, stimulus: 600 } });
    const trial = task.trial(rng, { coherence: 0.3, direction: -1 });
    expect(at(trial, "fixation", "inputs")).toEqual([0, 0]);
    expect(at(trial, "stimulus", "inputs")).toEqual([1, 1.3]);
    expect(trial.steps).toBe(200);
    const targets = [109, 110, 111, 112, 199].map((t) => [...trial.targets.slice(2 * t, 2 * t + 2)]);
    expect(targets).toEqual([
      [0, 0],
      [0, 0],
      [0, 0],
      [0.2, 1],
      [0.2, 1],
    ]);
    expect([109, 110, 199].map((t) => trial.mask[2 * t])).toEqual([0, 1, 1]);
  });
});

describe("delayedDiscrimination", () => {
  it("asks in the decision alone", () => {
    const timing = { foreperiod: 100, "stimulus 1": 300, delay: 400, "stimulus 2": 300, decision: 200 };
    const trial = delayedDiscrimination({ noise: { sigma: 0 }, timing }).trial(rng, {
      pair: "18/10",
      order: ">",
    });
    expect(edges(trial).map((e) => e[2])).toEqual([100, 400, 800, 1100, 1300, 2000]);
    expect(at(trial, "stimulus 1", "inputs")).toEqual([0.666666666667, 0.933333333333]);
    expect(at(trial, "stimulus 2", "inputs")).toEqual([0.4, 1.2]);
    expect(at(trial, "decision", "targets")).toEqual([1, 0.2]);
    expect(trial.mask.reduce((a, b) => a + b)).toBe(2 * 20);
  });
});

describe("eyeMovementSequence", () => {
  it("lights the last dot and its two targets and leads the gaze along sequence 4", () => {
    const task = eyeMovementSequence({ noise: quiet });
    const trial = task.trial(rng, { sequence: 4 }); // 4 → 5 → 7 → 6
    const lit = (period: string) => at(trial, period, "inputs").flatMap((u, k) => (u === 1 ? [k] : []));
    expect(["interval", "fixation", "move 1", "move 2", "move 3"].map(lit)).toEqual([
      [12],
      [4, 12],
      [3, 4, 5, 12],
      [1, 5, 7, 12],
      [6, 7, 8, 12],
    ]);
    expect(["fixation", "move 1", "move 2", "move 3"].map((p) => at(trial, p, "targets"))).toEqual([
      [0, 0],
      [0.5, 0],
      [0, -0.5],
      [-0.5, -0.5],
    ]);
    expect(at(trial, "interval", "mask")).toEqual([0, 0]);
    expect(trial.steps).toBe(350);
    expect(task.continuous).toBe(true);
  });

  it("moves each time to one of the two targets lit, and ends at every corner by both ways", () => {
    const task = eyeMovementSequence({ noise: quiet });
    EYE_SEQUENCES.forEach((path, k) => {
      const trial = task.trial(rng, { sequence: k + 1 });
      for (const m of [1, 2, 3]) expect(at(trial, `move ${m}`, "inputs")[path[m]]).toBe(1);
    });
    expect(EYE_SEQUENCES.map((path) => path[3]).toSorted()).toEqual([0, 0, 2, 2, 6, 6, 8, 8]);
  });
});

describe("the memory tasks of bio_rnn_mem", () => {
  it("give numbers back in order", () => {
    const trial = sequenceMemory({ length: 2 }).trial(rng, { "item 1": 0.25, "item 2": 0 });
    expect([...trial.inputs]).toEqual([0, 0.25, 0, 0, 1, 0, 0, 0, 0, 0]);
    expect([...trial.targets]).toEqual([0, 0, 0, 0.25, 0]);
    expect([...trial.mask]).toEqual([0, 0, 0, 1, 1]); // a number that is 0 counts
  });

  it("have the chance level stated: 1/12 for the mean", () => {
    const task = sequenceMemory({ length: 10 });
    let sum = 0;
    for (let k = 0; k < 200; k++) {
      const { targets, mask } = task.trial(rng.stream(k));
      targets.forEach((y, i) => {
        if (mask[i]) sum += (y - 0.5) ** 2 / 2000;
      });
    }
    expect(Math.abs(sum - 1 / 12)).toBeLessThan(0.0075); // 4.5 standard errors
  });

  it.each([1, 2, 3, 4])("match the item %i back and no other", (n) => {
    const task = nBack({ n });
    for (let k = 0; k < 20; k++) {
      const match = k % 2 === 0;
      const { inputs, labels, choice } = task.trial(rng.stream(k), { match });
      const items = [1, 3, 5, 7, 9].map((i) => inputs[i]);
      expect(items.slice(0, 4).map((v) => v === items[4])).toEqual([4, 3, 2, 1].map((d) => match && d === n));
      expect([...labels]).toEqual([-1, -1, -1, -1, -1, match ? 2 : 1]);
      expect(choice).toBe(match ? 2 : 1);
    }
  });

  it("show different pictures of other classes than the probe's", () => {
    const vectors = Float64Array.from({ length: 24 }, (_, k) => Math.floor(k / 2) + 100 * (k % 2));
    const classes = Array.from({ length: 12 }, (_, k) => k % 3);
    const task = pictureMemory({ vectors, features: 2, classes }, { rescale: false, n: 3 });
    const firsts = new Set<number>();
    for (let k = 0; k < 60; k++) {
      const match = k % 2 === 1;
      const { inputs, conditions } = task.trial(rng.stream(k), { match });
      const shown = [0, 1, 2, 3, 4].map((t) => inputs[3 * t + 1]);
      expect(shown[4]).toBe(conditions.probe);
      expect(shown[1] === shown[4]).toBe(match);
      const others = match ? [0, 2, 3] : [0, 1, 2, 3];
      for (const t of others) expect(classes[shown[t]]).not.toBe(classes[shown[4]]);
      expect(new Set(shown).size).toBe(match ? 4 : 5);
      firsts.add(shown[0]);
    }
    expect(firsts.size).toBeGreaterThan(8); // any picture may come first
  });

  it.each([
    [() => nBack({ n: 5 }), "nBack: n must be below the 5 items shown, got 5. Lower n or raise length."],
    [() => nBack({ n: 0 }), "nBack: n must be a whole number ≥ 1, got 0"],
    [() => sequenceMemory({ length: 0 }), "sequenceMemory: length must be a whole number ≥ 1, got 0"],
    [() => sequenceMemory({ low: 2 }), "sequenceMemory: low must be ≤ high, got 2 and 1"],
    [
      () => pictureMemory({ vectors: new Float64Array(7), features: 2, classes: [0, 1] }),
      "pictureMemory: 7 numbers are not 2 pictures of 2 features. Give more pictures; syntheticPictures makes some.",
    ],
    [
      () => pictureMemory({ vectors: new Float64Array(4), features: 2, classes: [1, 1] }),
      "there is only one class",
    ],
    [
      () => pictureMemory({ vectors: new Float64Array(8), features: 2, classes: [0, 1, 1, 1] }),
      "outside class 0 there are 3 pictures, a trial needs 4",
    ],
  ])("refuse what does not fit (%#)", (make, message) => {
    expect(make).toThrow(message);
  });
});

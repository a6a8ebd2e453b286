import { describe, expect, it } from "vitest";
import { trainingSchema } from "../../spec/training-schema.ts";
import { choicesFigure, trialsFigure } from "./behaviour-pictures.ts";
import { evidenceLabel, readOutputs, shownTask } from "./shown-task.ts";
import { trainingRecordFixture } from "./training-input.fixture.ts";

const experiment = (task: Record<string, unknown>, rest: Record<string, unknown> = {}) =>
  trainingSchema.parse({ kind: "training", name: "t", task, network: { units: 4 }, updates: 1, ...rest });
const words = (svg: string | undefined) => (svg ?? "").replace(/<[^>]+>/g, "|");

describe("shownTask", () => {
  it("names the evidence with its unit, and what the loss makes of outputs", () => {
    const romo = shownTask(experiment({ name: "parametric-working-memory" }));
    expect(evidenceLabel(romo.evidence)).toBe("frequency difference (Hz)");
    expect(romo.outputs).toBe("linear");
    expect(evidenceLabel(shownTask(experiment({ name: "random-dot-motion" })).evidence)).toBe("coherence");
    const match = { name: "delayed-match-to-sample" };
    expect(shownTask(experiment(match))).toEqual({
      evidence: { name: "evidence" },
      outputs: "softmax",
      activity: { label: "Rate" },
    });
    expect(shownTask(experiment(match, { loss: [{ kind: "mse" }] })).outputs).toBe("linear");
    expect(shownTask(experiment(match, { loss: [{ kind: "nll" }] })).outputs).toBe("softmax");
    expect(shownTask(experiment(match, { loss: [{ kind: "binary-cross-entropy" }] })).outputs).toBe(
      "sigmoid",
    );
  });
});

describe("activity of units", () => {
  it("is what was recorded: no rates of spiking units", async () => {
    const task = shownTask(experiment({ name: "perceptual-decision" }, { network: { model: "spiking" } }));
    const trials = await trialsFigure(trainingRecordFixture(), task);
    expect(words(trials?.svg)).toContain("|Filtered spikes|");
    expect(trials?.caption).toContain(
      "the activity (spikes, filtered with the synaptic time constant) of all 6 recurrent units",
    );
    const elman = { network: { model: "elman", units: 4 } };
    expect(shownTask(experiment({ name: "n-back" }, elman)).activity.label).toBe("Activity");
    const own = {
      model: "equations",
      equations: "tau * dx/dt = sum(in) + sum(rec) - x\ny = tanh(x)",
      read: "y",
    };
    const network = { ...own, units: 4, parameters: { tau: 10 } };
    expect(shownTask(experiment({ name: "perceptual-decision" }, { network })).activity.label).toBe("y");
  });
});

describe("readOutputs", () => {
  it("is the softmax of each step, without overflow, or the sigmoid, or nothing", () => {
    const z = Float64Array.of(0, Math.LN2, 1e4, 0);
    const soft = readOutputs(z, 2, "softmax");
    expect(soft[0]).toBeCloseTo(1 / 3, 12);
    expect(soft[1]).toBeCloseTo(2 / 3, 12);
    expect([...soft.slice(2)]).toEqual([1, 0]);
    expect([...readOutputs(Float64Array.of(0, -1e4), 2, "sigmoid")]).toEqual([0.5, 0]);
    expect(readOutputs(z, 2, "linear")).toBe(z);
  });
});

describe("pictures of behaviour", () => {
  const record = trainingRecordFixture();
  const task = shownTask(experiment({ name: "perceptual-decision" }));
  it("write evidence and bias with their unit", async () => {
    const trials = await trialsFigure(record, task);
    expect(words(trials?.svg)).toContain("|8 % → left ✓|");
    const choices = await choicesFigure(record, task);
    expect(words(choices?.svg)).toContain("|Coherence (%)|");
    expect(choices?.caption).toMatch(/bias [−\d.]+ ± [\d.]+ %, σ [\d.]+ ± [\d.]+ %/);
  });
  it("show probabilities where the loss has a softmax in itself", async () => {
    const soft = await trialsFigure(record, { ...task, outputs: "softmax" });
    expect(words(soft?.svg)).toContain("|Output (softmax)|");
    expect(soft?.caption).toContain("after the softmax of the loss");
  });
  it("draw no curve through two points", async () => {
    const two = {
      ...record,
      psychometric: {
        evidence: Float64Array.of(-8, 8),
        fraction: Float64Array.of(0, 0.9),
        count: Float64Array.of(20, 20),
      },
    };
    expect(await choicesFigure(two, task)).toBeUndefined();
  });
});

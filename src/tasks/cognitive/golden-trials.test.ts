import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { createRng } from "../../core/index.ts";
import { delayComparison } from "./delay-comparison.ts";
import { delayedMatchToSample } from "./delayed-match-to-sample.ts";
import { nBack } from "./n-back.ts";
import { pictureMemory, syntheticPictures } from "./picture-memory.ts";
import { ringContextDecision } from "./ring-context-decision.ts";
import { ringDecision, ringMultisensory } from "./ring-decision.ts";
import { sequenceMemory } from "./sequence-memory.ts";
import type { Trial } from "./trial.ts";

const folder = resolve(import.meta.dirname, "../../../../shared/data/golden");
const read = (name: string) =>
  existsSync(`${folder}/${name}`) ? JSON.parse(readFileSync(`${folder}/${name}`, "utf8")) : undefined;
const bio = read("bio2art_ref.json");
const conn2res = read("conn2res_ref.json");
const rng = createRng(1);

/** Rows of a trial's array. */
function rows(values: ArrayLike<number>, width: number): number[][] {
  return Array.from({ length: values.length / width }, (_, t) =>
    Array.from({ length: width }, (_, k) => values[t * width + k]),
  );
}

describe.skipIf(!bio)("beside bio_rnn_mem", () => {
  const layout = bio?.task_layout;

  it("lays out sequence memory alike", () => {
    const task = sequenceMemory();
    const trials = (layout.seq_mem.patterns as number[][]).map(([a, b, c]) =>
      task.trial(rng, { "item 1": a, "item 2": b, "item 3": c }),
    );
    expect(trials.flatMap((t) => rows(t.inputs, 2))).toEqual(layout.seq_mem.X);
    expect(trials.flatMap((t) => [...t.targets])).toEqual(layout.seq_mem.Y);
    // Its loss is over steps whose target is not 0: the same steps, as long as no number is 0.
    const asked = (layout.seq_mem.Y as number[]).map((y) => Number(y !== 0));
    expect(trials.flatMap((t) => [...t.mask])).toEqual(asked);
  });

  it.each(["match", "nonmatch"])("lays out a %s trial of n-back alike", (kind) => {
    const { draws, target_value: probe, X, Y } = layout[`nback_mem_n2_${kind}`];
    const items = Object.fromEntries(draws.slice(0, 4).map((v: number, k: number) => [`item ${k + 1}`, v]));
    const trial = nBack().trial(rng, { match: kind === "match", probe, ...items });
    expect(rows(trial.inputs, 2)).toEqual(X);
    expect([...trial.labels].map((l) => Math.max(0, l))).toEqual(Y);
  });

  it("lays out picture memory alike", () => {
    const { X_shape: shape, cue_column: cue, Y } = layout.pic_latent_mem_n2_match_3dim;
    const pictures = syntheticPictures({ features: 3, perClass: 4, classes: 10 }, rng.stream("pictures"));
    const trial = pictureMemory(pictures).trial(rng, { match: true });
    const X = rows(trial.inputs, 4);
    expect([X.length, X[0].length]).toEqual(shape);
    expect(X.map((row) => row[0])).toEqual(cue);
    expect(X[2]).toEqual(X[4]);
    for (const row of X.slice(0, 5))
      expect([Math.min(...row.slice(1)), Math.max(...row.slice(1))]).toEqual([0, 1]);
    expect([...trial.labels].map((l) => Math.max(0, l))).toEqual(Y);
  });
});

describe.skipIf(!conn2res)("beside NeuroGym 2.2.0", () => {
  const golden = conn2res?.neurogym_v2_trials;

  function compare(name: string, trial: Trial, rename: Record<string, string> = {}): void {
    const { T, periods, segments } = golden[name];
    expect(trial.steps).toBe(T);
    const laid = Object.fromEntries(trial.periods.map((p) => [rename[p.name] ?? p.name, [p.from, p.to]]));
    expect(laid).toEqual(periods);
    const width = trial.inputNames.length;
    for (const [from, to, observation, truth] of segments) {
      for (let t = from; t < to; t++) {
        for (let c = 0; c < width; c++) expect(trial.inputs[t * width + c]).toBeCloseTo(observation[c], 5);
        expect(trial.labels[t]).toBe(truth[0]);
      }
    }
  }

  it("makes the same trial of a perceptual decision", () => {
    const { ground_truth: g, coh } = golden["PerceptualDecisionMaking-v0"].trial;
    const trial = ringDecision({ sigma: 0 }).trial(rng, { direction: g + 1, coherence: coh });
    compare("PerceptualDecisionMaking-v0", trial);
  });

  it.each([
    ["ContextDecisionMaking-v0", "first" as const],
    ["ContextDecisionMaking-v0|use_expl_context=True", undefined],
  ])("makes the same trial of %s", (name, held) => {
    const { trial: sampled, periods } = golden[name];
    const timing = { delay: 100 * (periods.delay[1] - periods.delay[0]) };
    const trial = ringContextDecision({ sigma: 0, context: held, timing }).trial(rng, {
      direction: sampled.ground_truth,
      distractor: sampled.other_choice,
      context: ["first", "second"][sampled.context],
      coherence1: sampled.coh_1,
      coherence2: sampled.coh_2,
    });
    compare(name, trial);
  });

  it("makes the same trial of multisensory integration", () => {
    const { ground_truth: g, coh, coh_prop: share } = golden["MultiSensoryIntegration-v0"].trial;
    const trial = ringMultisensory({ sigma: 0 }).trial(rng, { direction: g + 1, coherence: coh, share });
    compare("MultiSensoryIntegration-v0", trial);
  });

  it("makes the same trial of a delay comparison", () => {
    const { ground_truth: g, vpair } = golden["DelayComparison-v0"].trial;
    const conditions = { pair: vpair.join("/"), order: g === 1 ? ">" : "<" };
    const trial = delayComparison({ sigma: 0 }).trial(rng, conditions);
    compare("DelayComparison-v0", trial, { "stimulus 1": "stimulus1", "stimulus 2": "stimulus2" });
  });

  it("makes the same trial of a delayed match to sample", () => {
    const { ground_truth: g, sample_theta: theta } = golden["DelayMatchSample-v0"].trial;
    const conditions = { match: g === 1, sample: 1 + Math.round(theta / Math.PI) };
    compare("DelayMatchSample-v0", delayedMatchToSample({ sigma: 0 }).trial(rng, conditions));
  });
});

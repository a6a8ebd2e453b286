import { describe, expect, it } from "vitest";
import { createRng } from "../../../core/index.ts";
import { type MakeTeam, teamInThread } from "../../../engine/index.ts";
import { perceptualDecision } from "../../../tasks/index.ts";
import { packData, unpackData } from "../../self-organisation/pack-data.ts";
import { rateNetwork } from "./rate-network.ts";
import type { SharedWork } from "./shared-work.ts";
import type { TrainOptions } from "./train-options.ts";
import { Trainer } from "./trainer.ts";

const options = (more: Partial<TrainOptions> = {}): TrainOptions => ({
  network: rateNetwork({ inputs: 2, units: 8, outputs: 2, dale: 0.75, noise: 0.2, rng: createRng(4) }),
  task: perceptualDecision({ timing: { stimulus: 200 } }),
  updates: 4,
  batchSize: 7,
  seed: 3,
  regularisers: [
    { kind: "rate", of: "r", weight: 0.01 },
    { kind: "rate", name: "spread", of: "r", metric: "sd", weight: 0.01 },
    { kind: "smoothness", of: "x", weight: 0.01 },
    { kind: "omega", weight: 0.5 },
  ],
  validation: { trials: 7, every: 2 },
  run: { precision: "f64" },
  ...more,
});

function trained(more: Partial<TrainOptions>) {
  const trainer = new Trainer(options(more));
  while (trainer.status === "running") trainer.step();
  return trainer;
}

describe("training in shards", () => {
  const [one, three] = [1, 3].map((shards) => trained({ shards }).result());

  it("sees the same trials with the same noise", () => {
    // What looks at outputs is worked out at once, what looks at all units shard by shard.
    expect(three.history.terms.mse[0]).toBe(one.history.terms.mse[0]);
    for (const [name, [first]] of Object.entries(one.history.terms))
      expect(Math.abs(three.history.terms[name][0] - first)).toBeLessThan(1e-13 * first);
  });

  it("has each shard do its share of terms over all units", () => {
    const seen: string[] = [];
    const team: MakeTeam = (network, shards, work) =>
      teamInThread(network, shards, (what, share) => {
        seen.push(`${(what as SharedWork).kind} ${share.first} ${share.width} ${share.of}`);
        return work!(what, share);
      });
    new Trainer(options({ shards: 2, updates: 1, validation: false }), team).step();
    const kinds = ["distances", "unit-sums", "unit-slopes", "changes", "omega-norms", "omega-reads"];
    expect(seen).toEqual(kinds.flatMap((kind) => [`${kind} 0 4 7`, `${kind} 4 3 7`]));
  });

  it("is the training of the whole batch but for rounding", () => {
    one.history.loss.forEach((loss, k) => {
      expect(Math.abs(three.history.loss[k] - loss)).toBeLessThan(1e-9 * Math.abs(loss));
    });
    for (const [name, values] of Object.entries(one.last))
      values.forEach((w, k) => {
        expect(Math.abs(three.last[name][k] - w)).toBeLessThan(1e-9);
      });
    expect(three.last).not.toEqual(one.last);
  });

  it("goes on from saved bytes as if it had never stopped", () => {
    const first = new Trainer(options({ shards: 3 }));
    first.step();
    first.step();
    const second = new Trainer(options({ shards: 3 }));
    second.restore(first.save());
    while (second.status === "running") second.step();
    expect(second.result()).toEqual(three);
  });

  it("does not go on in other shards", () => {
    expect(() => new Trainer(options({ shards: 2 })).restore(three.checkpoint)).toThrow(
      "the run was saved with shards 3, this one has 2",
    );
  });

  it("goes on from bytes of before there were shards", () => {
    const saved = unpackData(one.checkpoint) as { options: Record<string, string> };
    const { shards, ...rest } = saved.options;
    expect(shards).toBe("1");
    const old = packData({ ...saved, options: rest });
    const trainer = new Trainer(options());
    trainer.restore(old);
    expect(trainer.result().last).toEqual(one.last);
    expect(() => new Trainer(options({ shards: 2 })).restore(old)).toThrow(
      "saved with shards 1, this one has 2",
    );
  });

  it("names the trial that diverged by its number in the batch", () => {
    const optimiser = { kind: "sgd", learningRate: 1e200 } as const;
    const found = [1, 3].map(
      (shards) => trained({ shards, optimiser, regularisers: [], validation: false }).result().message,
    );
    expect(found[0]).toMatch(/of trial \d/);
    expect(found[1]).toBe(found[0]);
  });

  it("ends its team when it is disposed of, and when it cannot begin", () => {
    let ended = 0;
    const team: MakeTeam = (...given) => ({
      ...teamInThread(...given),
      dispose() {
        ended++;
      },
    });
    const bad = { kind: "adam", learningRate: 1, overrides: { nothing: { weightDecay: 0 } } } as const;
    expect(() => new Trainer(options({ shards: 2, optimiser: bad }), team)).toThrow("nothing");
    expect(ended).toBe(1);
    const trainer = new Trainer(options({ shards: 2 }), team);
    trainer.step();
    trainer.dispose();
    expect(ended).toBe(2);
    expect(trainer.result().updates).toBe(1);
  });

  it.each([
    [8, "train: shards must be at most batchSize, 7, got 8"],
    [0, "train: shards must be a whole number ≥ 1, got 0"],
  ])("refuses %s shards of 7 trials", (shards, message) => {
    expect(() => new Trainer(options({ shards }))).toThrow(message);
  });
});

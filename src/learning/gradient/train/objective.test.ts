import { describe, expect, it } from "vitest";
import { createRng } from "../../../core/index.ts";
import { defineTask, type TaskDefinition } from "../../../tasks/index.ts";
import { rateNetwork } from "./rate-network.ts";
import { Trainer } from "./trainer.ts";

describe("a batch in which something is amiss", () => {
  const definition: TaskDefinition = {
    name: "hold",
    dt: 20,
    inputs: ["a"],
    outputs: ["z"],
    periods: [{ name: "all", duration: 100 }],
    catchPeriods: [{ name: "all", duration: 100 }],
    catchFraction: 0.4,
    readout: { kind: "trace" },
    fill(draft) {
      draft.show("all", "a", 1);
      draft.want("all", "z", 0.5);
      draft.count("all");
      return {};
    },
  };
  const trainer = (change: Partial<TaskDefinition> = {}) =>
    new Trainer({
      network: rateNetwork({ inputs: 1, units: 5, outputs: 1, rng: createRng(1).stream("network") }),
      task: defineTask({ ...definition, ...change }),
      updates: 30,
      batchSize: 2,
      validation: false,
      regularisers: [{ kind: "rate", of: "r", target: 0 }],
    });

  it("goes on where catch trials alone were drawn", () => {
    const training = trainer();
    while (training.step());
    expect(training.status).toBe("done");
    const { mse, rate } = training.history.terms;
    expect([mse.length, rate.length]).toEqual([30, 30]);
    const silent = mse.filter((value) => value === 0).length;
    expect(silent > 0 && silent < 15).toBe(true);
    expect(rate.every((value) => value > 0)).toBe(true);
  });

  it("says which input is no number, and not that activity exploded", () => {
    const shown = { inputs: ["a", "b"], catchFraction: 0 };
    const fill: TaskDefinition["fill"] = (draft) => {
      draft.inputs[2 * 3 + 1] = Number.NaN;
      draft.count("all");
      return {};
    };
    const task = defineTask({ ...definition, ...shown, fill });
    const network = rateNetwork({ inputs: 2, units: 5, outputs: 1, rng: createRng(1).stream("network") });
    const training = new Trainer({ network, task, updates: 3, batchSize: 2, validation: false });
    while (training.step());
    expect(training.result().message).toBe(
      'Update 0: input "b" is NaN at t = 60 ms of trial 0; mend the task "hold": its inputs must be finite numbers. ' +
        "Parameters are those before this update.",
    );
  });

  it("is an error in trials of the task itself", () => {
    const training = trainer({ fill: () => ({}) });
    expect(() => {
      while (training.step());
    }).toThrow("the mask leaves nothing to count");
  });
});

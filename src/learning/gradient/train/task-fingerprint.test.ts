import { describe, expect, it } from "vitest";
import { createRng } from "../../../core/index.ts";
import { defineTask, nBack, perceptualDecision, type Task } from "../../../tasks/index.ts";
import { packData, unpackData } from "../../self-organisation/pack-data.ts";
import { elmanNetwork } from "./elman-network.ts";
import { taskFingerprint } from "./task-fingerprint.ts";
import { train } from "./train.ts";
import { Trainer } from "./trainer.ts";

const networkOf = ({ inputs, outputs }: Task) =>
  elmanNetwork({ inputs: inputs.length, units: 4, outputs: outputs.length, rng: createRng(3) });
const optionsOf = (task: Task) => ({
  ...{ network: networkOf(task), task, updates: 1, batchSize: 2 },
  validation: false as const,
});
const timing = { stimulus: 60, decision: 60 };
const decision = (more: Parameters<typeof perceptualDecision>[0] = {}) =>
  perceptualDecision({ timing, catchFraction: 0.1, ...more });

/** What restoring says; empty if it goes on. */
function saidBy(saved: Task, now: Task): string {
  const { checkpoint } = train(optionsOf(saved));
  try {
    new Trainer(optionsOf(now)).restore(checkpoint);
    return "";
  } catch (error) {
    return (error as { what: string }).what;
  }
}

describe("bytes of a run", () => {
  it("go on in the same task, made anew", () => {
    expect(saidBy(decision(), decision())).toBe("");
  });

  const own = (more: Partial<Parameters<typeof defineTask>[0]> = {}) =>
    defineTask({
      name: "go",
      dt: 20,
      inputs: ["cue"],
      outputs: ["go"],
      periods: [{ name: "all", duration: 200 }],
      readout: { kind: "trace" },
      fill(draft) {
        draft.count("all");
        return {};
      },
      ...more,
    });
  it.each<[string, Task, Task, string]>([
    [
      "a longest trial",
      decision({ catchFraction: 0 }),
      decision({ catchFraction: 0, timing: { stimulus: 80 } }),
      "the run was saved with another task",
    ],
    [
      // The longest trial is that of a catch trial.
      "a duration",
      decision(),
      decision({ timing: { stimulus: 80, decision: 60 } }),
      'saved with task periods {"fixation":5,"stimulus":3,"decision":3}, this one has {"fixation":5,"stimulus":4,"decision":3}',
    ],
    [
      "catch trials",
      decision(),
      decision({ catchFraction: 0.2 }),
      "saved with task catchFraction 0.1, this one has 0.2",
    ],
    [
      "noise",
      decision(),
      decision({ noise: { sigma: 1 } }),
      'another task "perceptual decision": its trials differ',
    ],
    ["channels", own(), own({ outputs: ["stop"] }), 'saved with task outputs ["go"], this one has ["stop"]'],
    [
      "a rule",
      own(),
      own({ readout: { kind: "choice", period: "all", at: "end", alternatives: [0] } }),
      'task readout {"kind":"trace"}, this one has {"kind":"choice"',
    ],
    [
      "a function",
      own(),
      own({
        fill(draft) {
          draft.want("all", "go", 1);
          draft.count("all");
          return {};
        },
      }),
      'another task "go": its trials differ',
    ],
    ["a parameter", nBack({ n: 1, length: 5 }), nBack({ n: 2, length: 5 }), "its trials differ"],
  ])("are refused by another task: %s", (_, saved, now, message) => {
    expect(saidBy(saved, now)).toContain(message);
  });

  it("of before tasks were looked at are taken", () => {
    const task = decision();
    const { checkpoint, last } = train(optionsOf(task));
    const saved = unpackData(checkpoint) as { options: Record<string, string> };
    const names = Object.keys(taskFingerprint(task));
    expect(names).toContain("task trials");
    const options = Object.fromEntries(
      Object.entries(saved.options).filter(([name]) => !names.includes(name)),
    );
    expect(Object.keys(saved.options)).toHaveLength(Object.keys(options).length + names.length);
    const trainer = new Trainer(optionsOf(task));
    trainer.restore(packData({ ...saved, options }));
    expect(trainer.result().last).toEqual(last);
  });

  it("go on in a task that takes chance from elsewhere", () => {
    let calls = 0;
    const counting = () =>
      own({
        fill(draft) {
          draft.want("all", "go", calls++);
          draft.count("all");
          return {};
        },
      });
    expect(saidBy(counting(), counting())).toBe("");
  });
});

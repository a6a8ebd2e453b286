/**
 * @file Memory for a sequence of numbers, as in bio_rnn_mem (Goulas, Damicelli & Hilgetag 2021, "Bio-instantiated
 * recurrent neural networks", Neural Networks 142:608): numbers are shown one by one and are to be given back in order
 * after a cue. One step is one item; steps have no duration in ms.
 */

import { CajalError } from "../../core/index.ts";
import { checkWhole } from "../symbolic/checks.ts";
import { defineTask } from "./define-task.ts";
import type { Factors, Task } from "./trial.ts";

/**
 * Sequence memory. L steps show a number each, one step the cue, L steps nothing while the numbers are wanted in order;
 * only these count. An output that ignores its input does best with the mean: a mean squared error of 1/12 (chance).
 *
 * Conditions: `item 1` … `item L`, each evenly from `low` to `high`; fix them to show a sequence of one's own.
 * Departure: a number that is exactly 0 counts; bio_rnn_mem drops it.
 *
 * @param options.length - L ≥ 1, default 3; bio_rnn_mem has 3, 5, 10.
 * @param options.low - Least number, default 0.
 * @param options.high - Largest number, default 1.
 * @throws CajalError `bad-option`.
 */
export function sequenceMemory({ length = 3, low = 0, high = 1 } = {}): Task {
  checkWhole("sequenceMemory", "length", length);
  if (!(low <= high)) {
    throw new CajalError(`low must be ≤ high, got ${low} and ${high}`, {
      code: "bad-option",
      where: "sequenceMemory",
    });
  }
  const items = itemNames(length);
  return defineTask({
    name: "sequence memory",
    dt: 1,
    inputs: ["cue", "item"],
    outputs: ["item"],
    factors: drawnFrom(items, { low, high }),
    periods: [
      { name: "items", duration: length },
      { name: "cue", duration: 1 },
      { name: "recall", duration: length },
    ],
    readout: { kind: "trace" },
    fill(draft, conditions) {
      draft.show("cue", "cue", 1);
      const recall = draft.period("recall").from;
      items.forEach((name, t) => {
        draft.showAt(t, t + 1, "item", Number(conditions[name]));
        draft.targets[recall + t] = Number(conditions[name]);
      });
      draft.count("recall");
      return {};
    },
  });
}

/** `item 1` … `item n`. */
export function itemNames(n: number): string[] {
  return Array.from({ length: n }, (_, k) => `item ${k + 1}`);
}

/** Each name a factor drawn from one range. */
export function drawnFrom(names: readonly string[], range: { low: number; high: number }): Factors {
  return Object.fromEntries(names.map((name) => [name, range]));
}

/**
 * @file N-back memory for numbers, as in bio_rnn_mem (Goulas, Damicelli & Hilgetag 2021, "Bio-instantiated recurrent
 * neural networks", Neural Networks 142:608): is the last number the one n steps before? One step is one item.
 */

import { CajalError } from "../../core/index.ts";
import { checkWhole } from "../symbolic/checks.ts";
import { defineTask } from "./define-task.ts";
import { drawnFrom, itemNames } from "./sequence-memory.ts";
import type { Task } from "./trial.ts";

/** Outputs of the n-back tasks; fixation is never asked for. */
export const MATCH_CLASSES = ["fixation", "non-match", "match"] as const;

/**
 * N-back. `length` steps show a number each, the last of them, the probe, with the cue; one more step is empty and is
 * where the class is wanted and counts. In a match the number n steps before the probe equals it; all others are
 * independent. Chance is ½, ln 2 nats.
 *
 * Conditions: `match`, `probe` and `item 1` … `item length − 1`, each evenly from 0 to 1. In a match the item n before
 * the probe is recorded as shown, equal to it.
 *
 * @param options.n - How far back, 1 ≤ n < length, default 2; bio_rnn_mem has 2, 3, 4.
 * @param options.length - Numbers shown, the probe included, default 5.
 * @throws CajalError `bad-option`.
 */
export function nBack({ n = 2, length = 5 } = {}): Task {
  checkBack("nBack", n, length);
  const items = itemNames(length - 1);
  const compared = items[length - 1 - n];
  return defineTask({
    name: "n-back",
    dt: 1,
    inputs: ["cue", "item"],
    outputs: MATCH_CLASSES,
    factors: { match: { values: [true, false] }, ...drawnFrom([...items, "probe"], { low: 0, high: 1 }) },
    periods: [
      { name: "items", duration: length - 1 },
      { name: "probe", duration: 1 },
      { name: "response", duration: 1 },
    ],
    loss: "cross-entropy",
    readout: { kind: "choice", period: "response", at: "end", alternatives: [2, 1] },
    fill(draft, conditions) {
      const shown = conditions.match ? { ...conditions, [compared]: conditions.probe } : conditions;
      items.forEach((name, t) => {
        draft.showAt(t, t + 1, "item", Number(shown[name]));
      });
      draft.show("probe", "item", Number(shown.probe));
      draft.show("probe", "cue", 1);
      const choice = conditions.match ? 2 : 1;
      draft.label("response", choice);
      return { choice, conditions: { [compared]: shown[compared] } };
    },
  });
}

/** Refuse an n that does not fit the length of a trial. @throws CajalError `bad-option`. */
export function checkBack(where: string, n: number, length: number): void {
  checkWhole(where, "length", length, 2);
  checkWhole(where, "n", n);
  if (n < length) return;
  throw new CajalError(`n must be below the ${length} items shown, got ${n}`, {
    code: "bad-option",
    where,
    hint: "Lower n or raise length.",
  });
}

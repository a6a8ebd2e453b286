/**
 * @file Fraction correct of the worst condition: whoever is right on the whole may still guess in one of them. The
 * criterion of Song, Yang & Wang (2016) for parametric working memory.
 */

import { readChoices, type Task, type TrialBatch } from "../../../tasks/index.ts";

/** Of one condition, answers that were asked for and those that were right. */
interface ConditionTally {
  asked: number;
  right: number;
}

/** Factors that tell trials apart: those with several listed values. Of a range each trial has a value of its own. */
export function factorsToldApart({ factors }: Pick<Task, "factors">): string[] {
  return Object.entries(factors).flatMap(([name, factor]) =>
    "values" in factor && factor.values.length > 1 ? [name] : [],
  );
}

/** Answers by condition, batch after batch. */
export class ConditionTallies {
  readonly #names: readonly string[];
  readonly #tallies = new Map<string, ConditionTally>();

  constructor(task: Pick<Task, "factors">) {
    this.#names = factorsToldApart(task);
  }

  /** @param outputs - Shape `(time, output, instance)`. */
  add(outputs: ArrayLike<number>, batch: TrialBatch): void {
    const choices = batch.readout.kind === "choice" ? readChoices(outputs, batch) : undefined;
    batch.trials.forEach(({ conditions, choice }, b) => {
      const { asked, right } = choices
        ? { asked: Number(choice >= 0), right: Number(choice >= 0 && choices[b] === choice) }
        : labelsRight(outputs, batch, b);
      if (asked === 0) return;
      const key = JSON.stringify(this.#names.map((name) => conditions[name]));
      const tally = this.#tallies.get(key) ?? { asked: 0, right: 0 };
      this.#tallies.set(key, { asked: tally.asked + asked, right: tally.right + right });
    });
  }

  /** 0 … 1; NaN where nothing was asked for. */
  get worst(): number {
    const all = [...this.#tallies.values()].map(({ asked, right }) => right / asked);
    return all.length > 0 ? Math.min(...all) : Number.NaN;
  }
}

// Implementation

/** Of one trial, labelled steps and those whose class has the largest output; a tie goes to the lower class. */
function labelsRight(
  outputs: ArrayLike<number>,
  { labels, steps, count, outputNames }: TrialBatch,
  b: number,
): ConditionTally {
  const width = outputNames.length;
  const tally = { asked: 0, right: 0 };
  for (let t = 0; t < steps; t++) {
    const label = labels[t * count + b];
    if (label < 0) continue;
    const value = (c: number) => outputs[(t * width + c) * count + b];
    let best = 0;
    for (let c = 1; c < width; c++) if (value(c) > value(best)) best = c;
    tally.asked++;
    if (best === label) tally.right++;
  }
  return tally;
}

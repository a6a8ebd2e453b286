/**
 * @file What is counted over test trials, batch by batch: choices, reactions, and mean activity by condition and by
 * period, so that no record of all trials is ever held.
 */

import {
  type Conditions,
  psychometricPoints,
  readChoices,
  readReactions,
  type Task,
  type TrialBatch,
  type TrialFacts,
} from "../../../tasks/index.ts";
import type { Cube, PsychometricArrays, TestArrays } from "../../results/training-record.ts";

/** A batch with what the network did, shape `(time, unit, instance)`. */
export interface SeenBatch {
  batch: TrialBatch;
  outputs: Float64Array;
  activity: Float64Array;
}

/** Sums over one condition. */
interface ConditionSum {
  conditions: Conditions;
  /** Shape `(step, unit)`, for the longest trial of the task. */
  sum: Float64Array;
  /** Trials that last to a step, shape `(step)`. */
  count: Float64Array;
}

/** Arrays that are made of all trials. */
export type TalliedArrays = Pick<
  TestArrays,
  "conditionActivity" | "trialActivity" | "choice" | "correct" | "evidence" | "reaction" | "conditionOfTrial"
>;

/** Counts over batches of one task. */
export class TrialTally {
  readonly #task: Task;
  readonly #trials: TrialFacts[] = [];
  readonly #conditions = new Map<string, ConditionSum>();
  /** Mean of each period by name, shape `(unit)`; by trial. */
  readonly #periods: Map<string, Float64Array>[] = [];
  readonly #condition: number[] = [];
  readonly #choice: number[] = [];
  readonly #reaction: number[] = [];
  #units = 0;
  #squares = 0;
  #counted = 0;

  constructor(task: Task) {
    this.#task = task;
  }

  /** Conditions in order of appearance; those of catch trials are empty. */
  get conditions(): Conditions[] {
    return [...this.#conditions.values()].map(({ conditions }) => conditions);
  }

  /** Index of each trial's condition, shape `(trial)`. */
  get conditionOfTrial(): Float64Array {
    return Float64Array.from(this.#condition);
  }

  /** Names of periods, those of the trial with most of them. */
  get periodNames(): string[] {
    let most: readonly { name: string }[] = [];
    for (const { periods } of this.#trials) if (periods.length > most.length) most = periods;
    return most.map(({ name }) => name);
  }

  /** Of the trials with a right answer; NaN where there is none. */
  get fractionCorrect(): number {
    const asked = this.#trials.flatMap(({ choice }, k) => (choice < 0 ? [] : [choice === this.#choice[k]]));
    return asked.length > 0 ? asked.filter(Boolean).length / asked.length : Number.NaN;
  }

  /** Mean squared error of the outputs, where the mask counts. */
  get error(): number {
    return this.#squares / this.#counted;
  }

  add(seen: SeenBatch): void {
    const { batch, outputs, activity } = seen;
    this.#units = activity.length / (batch.steps * batch.count);
    const { readout, reaction } = this.#task;
    const choices = readout.kind === "choice" ? readChoices(outputs, batch) : undefined;
    const reactions = reaction && readReactions(outputs, batch);
    batch.trials.forEach((facts, b) => {
      this.#trials.push(facts);
      this.#choice.push(choices ? choices[b] : -1);
      this.#reaction.push(reactions ? reactions.times[b] : Number.NaN);
      this.#addCondition(facts, seen, b);
      this.#periods.push(this.#periodMeans(facts, seen, b));
    });
    for (let k = 0; k < outputs.length; k++) {
      const off = outputs[k] - batch.targets[k];
      if (batch.mask[k] > 0) this.#squares += batch.mask[k] * off * off;
      this.#counted += batch.mask[k];
    }
  }

  /** The arrays of all trials. */
  arrays(): TalliedArrays {
    const trials = this.#trials;
    return {
      conditionActivity: this.#conditionActivity(),
      trialActivity: this.#trialActivity(),
      choice: Float64Array.from(this.#choice),
      correct: Float64Array.from(trials, ({ choice }, k) =>
        choice < 0 ? Number.NaN : Number(choice === this.#choice[k]),
      ),
      evidence: Float64Array.from(trials, ({ evidence }) => evidence),
      reaction: Float64Array.from(this.#reaction),
      conditionOfTrial: this.conditionOfTrial,
    };
  }

  /** How often the first alternative was chosen at each evidence; undefined in tasks without evidence. */
  psychometric(): PsychometricArrays | undefined {
    const { readout } = this.#task;
    if (readout.kind !== "choice") return undefined;
    const points = psychometricPoints(this.#choice, this.#trials, { alternatives: readout.alternatives });
    if (points.length === 0) return undefined;
    const column = (key: "evidence" | "fraction" | "count") => Float64Array.from(points, (p) => p[key]);
    return { evidence: column("evidence"), fraction: column("fraction"), count: column("count") };
  }

  // Implementation

  #addCondition(facts: TrialFacts, { batch, activity }: SeenBatch, b: number): void {
    const units = this.#units;
    // What is drawn from a range is different in every trial and tells no conditions apart.
    const names = Object.entries(this.#task.factors).flatMap(([name, f]) => ("values" in f ? [name] : []));
    const conditions = facts.catchTrial
      ? {}
      : Object.fromEntries(names.map((name) => [name, facts.conditions[name]]));
    const key = JSON.stringify(conditions);
    const { maxSteps } = this.#task;
    const entry = this.#conditions.get(key) ?? {
      conditions,
      sum: new Float64Array(maxSteps * units),
      count: new Float64Array(maxSteps),
    };
    this.#conditions.set(key, entry);
    this.#condition.push([...this.#conditions.keys()].indexOf(key));
    for (let t = 0; t < facts.steps; t++) {
      entry.count[t]++;
      for (let u = 0; u < units; u++) entry.sum[t * units + u] += activity[(t * units + u) * batch.count + b];
    }
  }

  #periodMeans({ periods }: TrialFacts, { batch, activity }: SeenBatch, b: number) {
    const units = this.#units;
    const means = new Map<string, Float64Array>();
    for (const { name, from, to } of periods) {
      if (to <= from) continue;
      const mean = new Float64Array(units);
      for (let t = from; t < to; t++)
        for (let u = 0; u < units; u++) mean[u] += activity[(t * units + u) * batch.count + b] / (to - from);
      means.set(name, mean);
    }
    return means;
  }

  #conditionActivity(): Cube {
    const steps = this.#trials.reduce((most, trial) => Math.max(most, trial.steps), 0);
    const sums = [...this.#conditions.values()];
    const width = steps * this.#units;
    const values = new Float64Array(sums.length * width);
    sums.forEach(({ sum, count }, c) => {
      for (let k = 0; k < width; k++) values[c * width + k] = sum[k] / count[Math.floor(k / this.#units)];
    });
    return { shape: [sums.length, steps, this.#units], values };
  }

  #trialActivity(): Cube {
    const names = this.periodNames;
    const units = this.#units;
    const values = new Float64Array(this.#periods.length * names.length * units).fill(Number.NaN);
    this.#periods.forEach((means, trial) => {
      names.forEach((name, p) => {
        const mean = means.get(name);
        if (mean) values.set(mean, (trial * names.length + p) * units);
      });
    });
    return { shape: [this.#periods.length, names.length, units], values };
  }
}

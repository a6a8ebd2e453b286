/**
 * @file What a task is, as plain data: its channels, rules and periods, and a checksum of trials from one seed. The
 * function that fills a trial, its noise and its pictures have no names to compare, what they draw has.
 */

import { createRng } from "../../../core/index.ts";
import type { Task, Trial } from "../../../tasks/index.ts";
import { Checksum } from "./checksum.ts";

/** Name of the part that stands for everything inside a trial. */
export const TASK_TRIALS = "task trials";

/** What bits of a run depend on, beside the task's name, step, longest trial and factors. */
export function taskFingerprint(task: Task): Readonly<Record<string, unknown>> {
  let parts = known.get(task);
  if (parts === undefined) {
    parts = describe(task);
    known.set(task, parts);
  }
  return parts;
}

// Implementation

/** Saves are many. */
const known = new WeakMap<Task, Readonly<Record<string, unknown>>>();

/** Trials that are drawn, catch trials aside. */
const TRIALS = 4;

function describe(task: Task): Readonly<Record<string, unknown>> {
  const { inputs, outputs, catchFraction, readout, reaction } = task;
  const trials = drawn(task);
  const sum = checksum(trials);
  return {
    "task inputs": inputs,
    "task outputs": outputs,
    "task catchFraction": catchFraction,
    "task readout": readout,
    "task reaction": reaction ?? null,
    // Steps, as drawn for the first trial: a changed duration is seen here, with its name.
    "task periods": Object.fromEntries(trials[0].periods.map(({ name, from, to }) => [name, to - from])),
    // A task that takes chance from elsewhere than its rng never draws the same twice; nothing can be said of it then.
    [TASK_TRIALS]: sum === checksum(drawn(task)) ? sum : null,
  };
}

function drawn(task: Task): Trial[] {
  const rng = createRng(0).stream("fingerprint");
  const trials = Array.from({ length: TRIALS }, () => task.trial(rng));
  return task.catchFraction > 0 ? [...trials, task.trial(rng, { catch: true })] : trials;
}

function checksum(trials: readonly Trial[]): string {
  const sum = new Checksum();
  for (const { inputs, targets, mask, labels, choice } of trials) {
    for (const part of [inputs, targets, mask, labels]) sum.add(part);
    sum.add([choice]);
  }
  return sum.text;
}

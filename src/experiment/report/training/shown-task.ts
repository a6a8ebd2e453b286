/**
 * @file What a task tells a report about its evidence and its outputs: names for axes, and what outputs stand for.
 */

import { createRng, exp } from "../../../core/index.ts";
import type { Task } from "../../../tasks/index.ts";
import { buildTask } from "../../jobs/training/build-task.ts";
import type { TrainingExperiment } from "../../spec/training-schema.ts";

/** How outputs are to be read: as they are, or before a softmax or sigmoid that the loss has in itself. */
export type OutputKind = "linear" | "softmax" | "sigmoid";

/** What pictures of trials are told about their task and network. */
export interface ShownTask {
  evidence: NonNullable<Task["evidence"]>;
  outputs: OutputKind;
  /** Name of what is recorded of units, and what it is where a name does not say it. */
  activity: { label: string; note?: string };
}

/** Of the task and loss of an experiment. */
export function shownTask({ task: choice, loss, seed, network }: TrainingExperiment): ShownTask {
  const task = buildTask(choice, createRng(seed));
  const kinds = loss?.map(({ kind }) => kind) ?? [task.loss];
  const has = (...names: string[]) => kinds.some((kind) => names.includes(kind));
  return {
    evidence: task.evidence ?? { name: "evidence" },
    outputs: has("cross-entropy", "nll", "soft-cross-entropy")
      ? "softmax"
      : has("binary-cross-entropy")
        ? "sigmoid"
        : "linear",
    activity: activityOf(network),
  };
}

/** `coherence (%)`, as on an axis. */
export function evidenceLabel({ name, unit }: ShownTask["evidence"]): string {
  return unit === undefined ? name : `${name} (${unit})`;
}

/** Outputs of all steps as the loss sees them, shape `(time, output)`. */
export function readOutputs(values: Float64Array, outputs: number, kind: OutputKind): Float64Array {
  if (kind === "linear" || outputs === 0) return values;
  if (kind === "sigmoid") return values.map((z) => 1 / (1 + exp(-z)));
  const read = new Float64Array(values.length);
  for (let from = 0; from < values.length; from += outputs) {
    const row = values.subarray(from, from + outputs);
    // The largest is taken off first, so that none overflows.
    const most = row.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
    const parts = row.map((z) => exp(z - most));
    const sum = parts.reduce((a, b) => a + b, 0);
    read.set(
      parts.map((p) => p / sum),
      from,
    );
  }
  return read;
}

// Implementation

/** Activations that can be negative, which no rate is. */
const SIGNED = ["tanh", "linear"];

function activityOf({ model, activation, read = "r" }: TrainingExperiment["network"]): ShownTask["activity"] {
  if (model === "spiking") {
    return { label: "Filtered spikes", note: "spikes, filtered with the synaptic time constant" };
  }
  if (model === "equations") return { label: read };
  return { label: activation === undefined || SIGNED.includes(activation) ? "Activity" : "Rate" };
}

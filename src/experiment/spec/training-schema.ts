/**
 * @file The schema of an experiment in which networks are trained by gradient: task, network, wiring, loss, optimiser,
 * and the grid of values to compare.
 */

import { z } from "zod";
import { nameKey, repeatKey, seedKey } from "./common-keys.ts";
import { connectomeSchema, transformSchema } from "./connectome-schema.ts";
import { sweepSchema } from "./task-schema.ts";
import { trainedNetworkSchema } from "./trained-network-schema.ts";
import { trainedTaskSchema } from "./trained-task-schema.ts";
import {
  clipSchema,
  continuousSchema,
  curriculumSchema,
  earlyStoppingSchema,
  gradientSchema,
  lossTermSchema,
  optimiserSchema,
  regulariserSchema,
  scheduleSchema,
  testSchema,
  validationSchema,
} from "./training-loop-schema.ts";
import { wiringSchema } from "./wiring-schema.ts";

/** Everything a file with `kind: training` may say. Unknown keys are refused. */
export const trainingSchema = z
  .strictObject({
    kind: z.literal("training"),
    name: nameKey("training"),
    seed: seedKey,
    repeat: repeatKey(
      "How often everything is repeated with fresh initial weights, trials and noise, ≥ 1. Cells of the sweep share " +
        "them within a repeat, so comparisons are paired.",
    ),
    task: trainedTaskSchema,
    connectome: connectomeSchema.optional().meta({
      description:
        "Wiring of the recurrent network: a shipped connectome by `name`, or a file by `path`. See `wiring`.",
    }),
    transforms: z.array(transformSchema).default([]).meta({
      description: "Steps from the connectome as read to the one that is used, in this order.",
    }),
    wiring: wiringSchema.prefault({}),
    network: trainedNetworkSchema.prefault({}),
    loss: z.array(lossTermSchema).min(1).optional().meta({
      description: "Terms of the loss; default squared error, or cross-entropy, as the task has it.",
    }),
    regularisers: z.array(regulariserSchema).default([]).meta({
      description: "Further terms, trained on but not validated.",
    }),
    optimiser: optimiserSchema.prefault({ kind: "adam" }),
    schedule: scheduleSchema.prefault({ kind: "constant" }),
    clip: clipSchema,
    updates: z.int().min(1).max(100_000_000).default(1000).meta({ description: "Most updates, ≥ 1." }),
    batchSize: z.int().min(1).max(100_000).default(20).meta({ description: "Trials of one update, ≥ 1." }),
    continuous: continuousSchema,
    validation: validationSchema,
    earlyStopping: earlyStoppingSchema.optional(),
    curriculum: curriculumSchema,
    precision: z.enum(["f32", "f64"]).default("f32").meta({
      description: "Numbers of the forward and backward run; parameters are always f64.",
    }),
    gradient: gradientSchema,
    test: testSchema,
    sweep: sweepSchema.default({}),
  })
  .meta({
    title: "Cajal experiment in which networks are trained",
    description: "A network trained on a task by gradient, over a grid of values.",
  });

/** The experiment with every default filled in. Plain data; `connectome.path` is absolute. */
export type TrainingExperiment = z.output<typeof trainingSchema>;

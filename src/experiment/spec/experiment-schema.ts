/**
 * @file The schema of an experiment file: the one description that validates, fills defaults, feeds the editor's
 * completion (`schema/experiment.json`) and types the rest of the code.
 */

import { z } from "zod";
import { nameKey, repeatKey, seedKey } from "./common-keys.ts";
import { connectomeSchema, nullModelSchema, transformSchema } from "./connectome-schema.ts";
import { networkSchema } from "./network-schema.ts";
import { readoutSchema, sweepSchema, taskSchema } from "./task-schema.ts";

/** Everything an experiment file may say. Unknown keys are refused. */
export const experimentSchema = z
  .strictObject({
    name: nameKey("experiment"),
    seed: seedKey,
    repeat: repeatKey(
      "How often everything is repeated with fresh input nodes, input weights and input series, ≥ 1. " +
        "Within a repeat all networks share them, so comparisons are paired.",
    ),
    connectome: connectomeSchema,
    transforms: z
      .array(transformSchema)
      .default([])
      .meta({ description: "Steps from the connectome as read to the one simulated, in this order." }),
    nullModels: z
      .array(nullModelSchema)
      .default([])
      .meta({ description: "Randomised copies to compare with." }),
    network: networkSchema.prefault({}),
    task: taskSchema,
    readout: readoutSchema.prefault({}),
    sweep: sweepSchema.default({}),
  })
  .meta({
    title: "Cajal experiment",
    description: "One experiment of Cajal: from a connectome to a figure.",
  });

/** An experiment with every default filled in. Plain data; `connectome.path` is absolute. */
export type ResolvedExperiment = z.output<typeof experimentSchema>;
/** An experiment as a user writes it, defaults left out. */
export type ExperimentInput = z.input<typeof experimentSchema>;
/** A shipped connectome or files to read one from. */
export type ConnectomeSource = ResolvedExperiment["connectome"];
/** One step from the connectome as read to the one that is simulated. */
export type Transform = ResolvedExperiment["transforms"][number];
/** A family of randomised copies, with how many. */
export type NullModel = ResolvedExperiment["nullModels"][number];
/** A neuron of the library by its parameters, or the user's own equations. */
export type NeuronChoice = ResolvedExperiment["network"]["neuron"];

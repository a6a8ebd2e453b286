/**
 * @file What an experiment file says about the network: the neuron, the scale of the weights, where input goes in
 * and where states are read out.
 */

import { z } from "zod";
import { ACTIVATIONS } from "../../model/index.ts";
import { nodeChoiceSchema } from "./node-choice-schema.ts";

const activations = Object.keys(ACTIVATIONS) as [string, ...string[]];

/** The leaky echo-state neuron. */
export const echoState = z
  .strictObject({
    kind: z.literal("leaky-echo-state").default("leaky-echo-state"),
    activation: z.enum(activations).default("tanh").meta({ description: "f in x ← (1 − ℓ) x + ℓ f(…)." }),
    leakRate: z
      .number()
      .gt(0)
      .max(1)
      .default(1)
      .meta({ description: "Leak rate ℓ, 0 < ℓ ≤ 1; 1 is no memory in the unit itself." }),
  })
  .meta({ title: "The leaky echo-state neuron" });

const equations = z
  .strictObject({
    kind: z.literal("equations").default("equations"),
    equations: z.string().min(1).meta({
      description:
        "Text in the equation language, one equation a line. `sum(in)` is the input, `sum(rec)` what the other units send.",
    }),
    parameters: z
      .record(z.string(), z.number())
      .default({})
      .meta({ description: "Values of the names the equations use." }),
    record: z
      .string()
      .min(1)
      .default("r")
      .meta({ description: "The variable that couples units and is read out." }),
  })
  .meta({ title: "A neuron from your own equations" });

/** The reservoir. */
export const networkSchema = z
  .strictObject({
    neuron: z
      .union([echoState, equations])
      .prefault({ kind: "leaky-echo-state" })
      .meta({ description: "The equations every unit obeys." }),
    spectralRadius: z
      .number()
      .min(0)
      .optional()
      .meta({
        description:
          "Rescale the weights to this spectral radius ρ(W) = max |λ|, ≥ 0. Leave out to keep them.",
        examples: [0.9],
      }),
    input: z
      .strictObject({
        nodes: nodeChoiceSchema.prefault("all").meta({ description: "Units that receive the input." }),
        gain: z.number().gt(0).default(1).meta({ description: "Factor on the input, > 0." }),
        weights: z.enum(["uniform", "ones", "normal"]).default("uniform").meta({
          description:
            "Input weights: uniform in −1 … 1, all 1, or standard normal; drawn anew for each repeat.",
        }),
      })
      .prefault({})
      .meta({ description: "Where the input goes in." }),
    output: z
      .strictObject({
        nodes: nodeChoiceSchema
          .prefault("all")
          .meta({ description: "Units whose states the readout sees; `{ not: input }` for all others." }),
      })
      .prefault({})
      .meta({ description: "Where states are read out." }),
    bias: z.number().default(0).meta({ description: "Constant input to every unit." }),
    noise: z
      .number()
      .min(0)
      .default(0)
      .meta({ description: "Half-width of uniform noise added to every unit's input each step, ≥ 0." }),
  })
  .meta({ description: "The recurrent network built on the connectome." });

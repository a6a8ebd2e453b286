/**
 * @file What an experiment file says about how a connectome becomes the recurrent wiring of a network that is trained.
 */

import { z } from "zod";
import { nodeChoiceSchema } from "./node-choice-schema.ts";

const share = (description: string) => z.number().min(0).max(1).meta({ description });

const partition = z
  .discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("equal") }).meta({ description: "All synapses of a block alike." }),
    z
      .strictObject({
        kind: z.literal("dirichlet"),
        concentration: z.number().gt(0).optional().meta({ description: "> 0, default 1; more equal above." }),
      })
      .meta({ description: "Uniform on the simplex." }),
    z
      .strictObject({
        kind: z.literal("lognormal"),
        cv: z.number().gt(0).optional().meta({ description: "Coefficient of variation, > 0, default 1." }),
      })
      .meta({ description: "Log-normal sizes." }),
    z.strictObject({ kind: z.literal("stick-breaking") }).meta({ description: "As bio2art has it." }),
  ])
  .meta({ description: "How the weight of a block is split between its synapses." });

/** From areas to neurons. */
const expandSchema = z
  .strictObject({
    neurons: z
      .union([z.int().min(1).max(10_000), z.array(z.int().min(0)).min(1)])
      .meta({ description: "Neurons of each area: one number, or a list in the order of the areas." }),
    density: share(
      "Share of the receiving neurons that each neuron contacts, 0 … 1, default 0.2.",
    ).optional(),
    intrinsic: z
      .union([
        z.literal(false),
        z.strictObject({
          share: z.number().min(0).lt(1).optional().meta({
            description: "Share of an area's input that is its own, 0 … < 1, default 0.8.",
          }),
          density: share("Density within areas, 0 … 1, default 1.").optional(),
        }),
      ])
      .optional()
      .meta({ description: "Connections within areas, which tracing leaves out; false for none." }),
    partition: partition.optional(),
    fixedDegree: z.enum(["out", "in"]).optional().meta({
      description: "Which number of synapses is the same for all neurons of a block, default out.",
    }),
  })
  .meta({ description: "Expand each node of the connectome, an area, to neurons." });

/** Topologies: the connectome's own, or random ones to compare it with. */
export const TOPOLOGIES = ["empirical", "random", "random-in-areas", "shuffled-weights"] as const;

/** How the connectome becomes a network. */
export const wiringSchema = z
  .strictObject({
    expand: expandSchema.optional(),
    topology: z.enum(TOPOLOGIES).default("empirical").meta({
      description:
        "`empirical`; `random`: as many synapses anywhere; `random-in-areas`: as many in each pair of areas; `shuffled-weights`: the same synapses, weights exchanged.",
    }),
    use: z.enum(["mask", "ranks", "weights"]).default("mask").meta({
      description:
        "`mask`: where synapses are, weights drawn; `ranks`: drawn weights in the order of the connectome's (bio_rnn_mem); `weights`: the connectome's own to start with.",
    }),
    spectralRadius: z
      .union([z.literal("drawn"), z.literal("free"), z.number().gt(0)])
      .default("drawn")
      .meta({
        description:
          "Radius of the recurrent weights at the start: `drawn`, that of the weights drawn for the empirical topology, so that topologies are compared at one radius; `free`, as it comes; or a number > 0.",
      }),
    input: z
      .strictObject({
        nodes: nodeChoiceSchema.prefault("all").meta({ description: "Units that get the inputs." }),
      })
      .prefault({})
      .meta({ description: "Where inputs go in." }),
    output: z
      .strictObject({
        nodes: nodeChoiceSchema.prefault("all").meta({
          description: "Units that are read out; `{ not: input }` for those without inputs.",
        }),
      })
      .prefault({})
      .meta({ description: "Where outputs are read." }),
  })
  .meta({ description: "How the connectome becomes the recurrent wiring." });

/** How the connectome is used. */
export type WiringChoice = z.output<typeof wiringSchema>;

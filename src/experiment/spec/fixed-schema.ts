/**
 * @file What an experiment file says about weights that are there and not trained: a drawn share of the recurrent
 * synapses, whole projections, or synapses by areas, kinds of cells and nodes.
 */

import { z } from "zod";
import { nodeChoiceSchema } from "./node-choice-schema.ts";

const partsSchema = z.array(z.enum(["in", "rec", "out"])).min(1);
const shareSchema = z.number().min(0).max(1);

/** A share, a list of projections, or everything by name. */
export const fixedSchema = z
  .union([
    shareSchema.meta({ title: "A share of the recurrent synapses, drawn at random" }),
    partsSchema.meta({ title: "Whole projections" }),
    z.strictObject({
      share: shareSchema.optional().meta({
        description: "Share of the recurrent synapses not held by name, drawn at random, 0 … 1, default 0.",
      }),
      parts: partsSchema.optional().meta({ description: "Projections that are not trained at all." }),
      pairs: z.array(z.string().min(1)).min(1).optional().meta({
        description:
          'Recurrent synapses by sender and receiver: areas (types of nodes on a connectome) or kinds of cells, e.g. ["V1->V2", "E->I", "V1->E"].',
      }),
      synapses: z
        .array(
          z.strictObject({
            from: nodeChoiceSchema.optional().meta({ description: "Sending nodes, default all." }),
            to: nodeChoiceSchema.optional().meta({ description: "Receiving nodes, default all." }),
          }),
        )
        .min(1)
        .optional()
        .meta({ description: "Recurrent synapses by nodes of the connectome." }),
    }),
  ])
  .default(0)
  .meta({
    description:
      "Weights that keep their initial values: a share of the recurrent synapses, 0 … 1; projections, e.g. [in]; or { share, parts, pairs, synapses }.",
  });

/** As a file says it. */
export type FixedChoice = z.output<typeof fixedSchema>;

/** All ways to say it as one. */
export interface FixedWeights {
  share: number;
  parts: readonly ("in" | "rec" | "out")[];
  pairs: readonly string[];
  synapses: NonNullable<Extract<FixedChoice, { synapses?: unknown }>["synapses"]>;
}

/** What a file means. */
export function fixedWeights(choice: FixedChoice): FixedWeights {
  const nothing = { share: 0, parts: [], pairs: [], synapses: [] };
  if (typeof choice === "number") return { ...nothing, share: choice };
  if (Array.isArray(choice)) return { ...nothing, parts: choice };
  return { ...nothing, ...choice };
}
